from dataclasses import replace
from itertools import permutations
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.geo import Point
from app.planning.route.answer import PRICED
from app.planning.route.evaluate import Loss, loss, opening, weight
from app.planning.route.matrix import travel_between
from app.planning.route.problem import CLOSED, Day, LeftOut, Plan, Problem, Stop, Why
from app.planning.route.solve import order_day, solve

HOME = Point(31.2304, 121.4737)
DAY = Day(HOME, HOME, depart_s=8 * 3600, until_s=17 * 3600)
HOUR = 3600


def shop(number: int, *, north_km: float = 0.0, east_km: float = 0.0, **told: object) -> Stop:
    point = Point(HOME.lat + north_km / 111, HOME.lon + east_km / 95)
    return Stop(**{"id": UUID(int=number), "point": point, "service_s": 1200} | told)  # type: ignore[arg-type] # mixed kinds


points = st.builds(
    Point, st.floats(HOME.lat - 0.2, HOME.lat + 0.2), st.floats(HOME.lon - 0.2, HOME.lon + 0.2)
)
windows = st.lists(
    st.tuples(st.integers(6 * HOUR, 18 * HOUR), st.integers(0, 4 * HOUR)).map(
        lambda told: (told[0], told[0] + told[1])
    ),
    max_size=2,
).map(tuple)


def stops(most: int) -> st.SearchStrategy[list[Stop]]:
    stop = st.builds(
        Stop,
        id=st.just(UUID(int=0)),
        point=st.none() | points,
        service_s=st.integers(0, 5400),
        windows=windows | st.just(CLOSED),
        worth=st.integers(0, 100),
        required=st.booleans(),
    )
    return st.lists(stop, max_size=most).map(
        lambda several: [replace(stop, id=UUID(int=n)) for n, stop in enumerate(several)]
    )


days = st.builds(
    Day,
    start=points,
    end=st.none() | points,
    depart_s=st.integers(6 * HOUR, 10 * HOUR),
    until_s=st.integers(5 * HOUR, 6 * HOUR) | st.integers(13 * HOUR, 19 * HOUR),
    soon=st.booleans(),
)


def ids(plan: Plan) -> list[int]:
    return [visit.id.int for visit in plan.order]


def test_it_works() -> None:
    along_the_road = [shop(n, east_km=n) for n in (4, 2, 5, 1, 3)]
    plan = order_day(Day(HOME, None, 8 * HOUR, 17 * HOUR), along_the_road)
    assert ids(plan) == [1, 2, 3, 4, 5]
    assert plan.left_out == ()
    assert plan.metres == pytest.approx(5 * 1300, rel=0.02)
    assert plan.finish_s == plan.order[-1].leave_s


def test_a_day_at_home_again() -> None:
    plan = order_day(DAY, [shop(1, east_km=10)])
    assert plan.metres == pytest.approx(26_000, rel=0.02)
    assert plan.finish_s == DAY.depart_s + plan.seconds + 1200


def test_a_day_without_stops_is_empty() -> None:
    assert order_day(DAY, []) == Plan((), (), 0, 0, DAY.depart_s, proven=True)


def test_opening_hours_decide_the_order() -> None:
    near_but_late = shop(1, east_km=1, windows=((14 * HOUR, 16 * HOUR),))
    far_but_early = shop(2, east_km=9, windows=((8 * HOUR, 9 * HOUR),))
    assert ids(order_day(DAY, [near_but_late, far_but_early])) == [2, 1]


def test_nobody_is_visited_over_lunch() -> None:
    shut_at_noon = ((9 * HOUR, 11 * HOUR), (13 * HOUR, 16 * HOUR))
    crowd = [shop(n, east_km=n, service_s=2700, windows=shut_at_noon) for n in range(1, 8)]
    plan = order_day(DAY, crowd)
    assert plan.left_out == ()
    starts = [visit.start_s for visit in plan.order]
    assert all(opening(shut_at_noon, start_s) == start_s for start_s in starts)
    assert any(start_s >= 13 * HOUR for start_s in starts)


def test_what_cannot_be_visited_says_why() -> None:
    plan = order_day(
        DAY,
        [
            shop(1, point=None),
            shop(2, windows=CLOSED),
            shop(3, windows=((18 * HOUR, 20 * HOUR),)),
            shop(4, windows=((6 * HOUR, 7 * HOUR),), required=True),
            shop(5, north_km=900, required=True),
            shop(6, service_s=10 * HOUR),
            shop(7, east_km=1),
        ],
    )
    assert ids(plan) == [7]
    assert set(plan.left_out) == {
        LeftOut(UUID(int=1), Why.NO_POSITION),
        LeftOut(UUID(int=2), Why.CLOSED_TODAY),
        LeftOut(UUID(int=3), Why.CLOSED_TODAY),
        LeftOut(UUID(int=4), Why.CLOSED_TODAY),
        LeftOut(UUID(int=5), Why.TOO_FAR, away_s=76_604),
        LeftOut(UUID(int=6), Why.TOO_FAR),
    }


def test_the_worthier_stays_when_one_must_go() -> None:
    near = shop(1, east_km=1, service_s=5 * HOUR, worth=15)
    far = shop(2, east_km=9, service_s=5 * HOUR, worth=14)
    assert ids(order_day(DAY, [near, far])) == [1]
    assert ids(order_day(DAY, [near, replace(far, worth=100)])) == [2]
    assert ids(order_day(DAY, [replace(near, required=True), replace(far, worth=100)])) == [1]


def test_neighbours_in_one_house_are_all_visited() -> None:
    plan = order_day(DAY, [shop(n, east_km=n % 3) for n in range(12)])
    assert sorted(ids(plan)) == list(range(12))
    assert plan.metres == pytest.approx(4 * 1300, rel=0.02)


def test_sixty_stops_are_no_trouble() -> None:
    crowd = [shop(n, north_km=n % 8, east_km=n // 8) for n in range(60)]
    plan = order_day(DAY, crowd)
    assert len(plan.order) + len(plan.left_out) == 60
    assert len(plan.order) > 15
    assert plan.finish_s <= DAY.until_s


def test_the_same_day_is_the_same_plan() -> None:
    crowd = [shop(n, north_km=n * 7 % 11, east_km=n * 5 % 13) for n in range(20)]
    first = order_day(DAY, crowd)
    assert order_day(DAY, crowd[::-1]) == first
    assert solve(DAY, crowd, as_problem(DAY, crowd).matrix) == first


def test_a_road_engine_may_be_asymmetric() -> None:
    one_way = np.full((5, 5), 1800, dtype=np.int64)
    np.fill_diagonal(one_way, 0)
    for here, there in ((0, 3), (3, 1), (1, 2), (2, 4)):
        one_way[here, there] = 60
    matrix = travel_between([HOME] * 5)
    matrix.seconds[:] = matrix.metres[:] = one_way
    plan = solve(DAY, [shop(n) for n in (1, 2, 3)], matrix)
    assert ids(plan) == [3, 1, 2]
    assert plan.seconds == 240


@settings(max_examples=150, deadline=None)
@given(days, stops(most=12))
def test_nothing_is_lost_or_doubled_and_every_promise_holds(day: Day, several: list[Stop]) -> None:
    plan = order_day(day, several)
    visited, left = [v.id for v in plan.order], [out.id for out in plan.left_out]
    assert sorted(visited + left) == sorted(stop.id for stop in several)
    by_id = {stop.id: stop for stop in several}
    now = day.depart_s
    for visit in plan.order:
        assert visit.arrive_s >= now
        assert visit.start_s == opening(by_id[visit.id].windows, visit.arrive_s)
        assert visit.leave_s == visit.start_s + by_id[visit.id].service_s
        now = visit.leave_s
    assert not plan.order or now <= plan.finish_s <= day.until_s


@settings(max_examples=150, deadline=None)
@given(days, stops(most=6))
def test_a_small_day_is_the_best_of_all_orders(day: Day, several: list[Stop]) -> None:
    placed = [stop for stop in several if stop.point]
    problem = as_problem(day, placed)
    plan = solve(day, placed, problem.matrix)
    rows = {stop.id: row for row, stop in enumerate(placed, start=1)}
    best = best_of_all(problem)
    found = loss(problem, [rows[visit.id] for visit in plan.order])
    assert (found and found[:4]) == (best and best[:4])


def as_problem(day: Day, placed: list[Stop]) -> Problem:
    places = [stop.point for stop in placed if stop.point]
    matrix = travel_between([day.start, *places, day.end or day.start])
    if day.end is None:
        matrix.seconds[:, -1] = matrix.metres[:, -1] = 0
    return Problem(day, tuple(placed), matrix)


def best_of_all(problem: Problem) -> Loss | None:
    rows = range(1, problem.end)
    orders = (order for many in range(problem.end) for order in permutations(rows, many))
    return min((judged for order in orders if (judged := loss(problem, order))), default=None)


def test_on_a_day_that_is_to_be_over_soon_nobody_waits_at_a_closed_door() -> None:
    """First the near one that opens late would be less road, and hours of waiting."""
    opens_late = shop(1, east_km=4, windows=((11 * HOUR, 17 * HOUR),))
    others = [shop(2, east_km=5), shop(3, east_km=6)]
    day = Day(HOME, None, 8 * HOUR, 17 * HOUR)
    waits = order_day(day, [opens_late, *others])
    goes = order_day(replace(day, soon=True), [opens_late, *others])
    assert (ids(waits), ids(goes)) == ([1, 2, 3], [3, 2, 1])
    assert goes.metres > waits.metres
    assert goes.finish_s < waits.finish_s


def test_even_a_worthless_stop_is_not_left_out_to_drive_less() -> None:
    far = shop(1, north_km=60, worth=0)
    assert weight(far) == 1
    assert ids(order_day(DAY, [far, shop(2, east_km=1)])) in ([1, 2], [2, 1])


def test_the_price_is_told_of_the_worthiest_that_stay_out() -> None:
    crowd = [shop(number, worth=200 - number) for number in range(1, 131)]
    plan = order_day(replace(DAY, until_s=DAY.depart_s + HOUR), crowd)
    why = {out.id.int: out.why for out in plan.left_out}
    assert len(plan.order) == 3
    assert [why[number] for number in range(4, 104)] == [Why.COSTS_OTHERS] * PRICED
    assert {why[number] for number in range(104, 131)} == {Why.DOES_NOT_FIT}
