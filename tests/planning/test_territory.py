"""How long roads take is learned from when people checked out and in again."""

from datetime import UTC, date, datetime
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from app.planning.route.matrix import CITY, travel_between
from app.planning.territory import (
    BOUNDS,
    BOUNDS_OF_HOUR,
    FLAT,
    NEAREST_M,
    STEP,
    Leg,
    Territory,
    learned,
    territory_of,
)
from tests import world
from tests.cast import Cast
from tests.planning.driven_days import days

DAY = date(2026, 11, 24)
LEGS = st.builds(
    Leg, st.floats(0, 90_000), st.floats(-600, 20_000), st.integers(min_value=0, max_value=23)
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, datetime(2026, 11, 24, 1, tzinfo=UTC))


@lru_cache
def usual_s(metres: float) -> float:
    return float(travel_between([world.PIN, world.away(metres)]).seconds[0, 1])


def driven(times: float, count: int, hour: int = 9) -> list[Leg]:
    """So many legs that took so many times as long as usual, parking left aside."""
    lengths = [1_000 + 200 * number % 9_000 for number in range(count)]
    return [
        Leg(metres, (usual_s(metres) - CITY.parking_s) * times + CITY.parking_s, hour)
        for metres in lengths
    ]


def slower(territory: Territory) -> float:
    return CITY.slowest_kmh / territory.roads.slowest_kmh


def test_nothing_known_is_as_everywhere() -> None:
    assert learned([]) == Territory(CITY, None)


@pytest.mark.parametrize("times", [0.7, 0.85, 1.2, 1.5, 2.0])
def test_what_takes_longer_is_slower(times: float) -> None:
    territory = learned(driven(times, 2_000))
    assert slower(territory) == pytest.approx(times, abs=STEP)
    assert territory.roads.parking_s == CITY.parking_s


def test_roads_that_are_as_usual_stay_so() -> None:
    assert learned(driven(1, 400)) == Territory(CITY, None)


@given(st.sampled_from([0.7, 1.5, 2.0]), st.integers(0, 300), st.integers(0, 300))
def test_few_legs_are_little_believed(times: float, some: int, more: int) -> None:
    less, much = (slower(learned(driven(times, count))) for count in sorted((some, more)))
    assert abs(much - 1) >= abs(less - 1) - 1e-3
    assert abs(less - 1) <= abs(times - 1) + STEP / 2


@given(st.lists(LEGS, max_size=60))
def test_nothing_is_believed_beyond_the_bounds(legs: list[Leg]) -> None:
    territory = learned(legs)
    assert BOUNDS[0] - 0.01 <= slower(territory) <= BOUNDS[1] + 0.01
    least, most = BOUNDS_OF_HOUR
    assert all(1 / most - 0.01 <= speed <= 1 / least + 0.01 for speed in territory.speeds)
    assert (territory.pace is None) == (territory.speeds == FLAT)


def test_a_few_who_had_a_coffee_change_nothing() -> None:
    honest = driven(1.3, 400)
    coffee = [leg._replace(seconds=leg.seconds + 900) for leg in driven(1.3, 60)]
    assert slower(learned(honest + coffee)) == pytest.approx(slower(learned(honest)), abs=0.15)


def test_next_door_tells_nothing() -> None:
    assert learned([Leg(NEAREST_M - 1, 900, 9)] * 500) == Territory(CITY, None)


def test_what_every_stop_costs_makes_no_road_slow() -> None:
    territory = learned([leg._replace(seconds=leg.seconds + 300) for leg in driven(1, 600)])
    assert slower(territory) == 1
    assert territory.roads.parking_s - CITY.parking_s == pytest.approx(300, abs=60)


def test_the_rush_hour_is_slower_than_the_day() -> None:
    territory = learned([*driven(1.0, 600, hour=10), *driven(1.5, 300, hour=8)])
    assert territory.speeds[8] < territory.speeds[20] == 1 <= territory.speeds[10]


def test_the_team_teaches_it(db: Session, cast: Cast) -> None:
    days(db, cast, minutes_a_km=6)
    known = territory_of(db, cast.alice, DAY)
    assert slower(known) > 1
    assert territory_of(db, cast.bob, DAY) is known
    assert territory_of(db, cast.charlie, DAY) == Territory()


def test_what_was_not_checked_out_teaches_nothing(db: Session, cast: Cast) -> None:
    days(db, cast, minutes_a_km=6, checked_out=False)
    assert territory_of(db, cast.alice, DAY) == Territory()


def test_neither_the_day_itself_nor_long_ago_teaches(db: Session, cast: Cast) -> None:
    days(db, cast, minutes_a_km=6)
    assert territory_of(db, cast.alice, date(2026, 11, 17)) == Territory()
    assert territory_of(db, cast.alice, date(2027, 4, 1)) == Territory()
