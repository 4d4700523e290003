"""A day as the rep has put it by hand: nothing lost, nothing doubled, what is pinned stays."""

from dataclasses import dataclass
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from app.core.geo import Point
from app.planning.by_hand import ByHand, by_hand
from app.planning.route.given import arrange
from app.planning.route.problem import Day, Stop
from app.planning.rules import Deed
from tests import world

IDS = [UUID(int=number) for number in range(1, 7)]
A, B, C, D, E, F = IDS
HOUR = 3600


@dataclass(frozen=True)
class Done:
    deed: Deed
    customer_id: UUID | None = None
    order: tuple[UUID, ...] = ()


def test_it_works() -> None:
    now = by_hand([Done(Deed.SKIP, A), Done(Deed.ORDER, order=(C, B, D)), Done(Deed.PIN, B)])
    assert now == ByHand(frozenset({A}), pinned=frozenset({B}), order=(C, B, D), stands=True)
    assert now.places({C, B, D}) == {1: B}
    assert now.places({B, D}) == {0: B}


def test_a_pin_does_not_put_an_order_away_that_another_phone_has_made() -> None:
    """It tells the order that was seen where one was pinned, which may be an older one."""
    now = by_hand([Done(Deed.ORDER, order=(C, B, A)), Done(Deed.PIN, B, order=(A, B, C))])
    assert (now.order, now.stands) == ((C, B, A), True)


def test_who_was_skipped_may_be_added_again() -> None:
    now = by_hand([Done(Deed.ADD, A), Done(Deed.SKIP, A)])
    assert now == ByHand(skipped=frozenset({A}))
    now = by_hand([Done(Deed.SKIP, A), Done(Deed.ADD, A)])
    assert now == ByHand(added=frozenset({A}))


def test_a_plan_again_keeps_only_what_is_pinned() -> None:
    deeds = [Done(Deed.ORDER, order=(C, B, A)), Done(Deed.PIN, C), Done(Deed.AGAIN)]
    now = by_hand(deeds)
    assert not now.stands
    assert now.places({A, B, C}) == {0: C}
    assert by_hand([*deeds, Done(Deed.UNPIN, C)]).places({A, B, C}) == {}


def on_a_line(*kilometres: int) -> list[Stop]:
    return [
        Stop(IDS[at], world.away(1000 * far), 30 * 60, worth=10)
        for at, far in enumerate(kilometres)
    ]


def test_what_is_no_better_is_not_proposed() -> None:
    """There and back is as long the other way round: planning again would give nothing."""
    stops = on_a_line(1, 2, 3)
    for put in [(A, B, C), (C, B, A)]:
        day = arrange(DAY, stops, ByHand(order=put, stands=True))
        assert tuple(halt.id for halt in day.course.halts) == put
        assert day.best is None
    crossing = arrange(DAY, stops, ByHand(order=(B, A, C), stands=True))
    assert crossing.best
    assert crossing.best.metres < crossing.course.metres


def one_deed() -> some.SearchStrategy[Done]:
    of_one = some.sampled_from([Deed.SKIP, Deed.PIN, Deed.UNPIN, Deed.ADD])
    orders = some.lists(some.sampled_from(IDS), unique=True, min_size=1).map(tuple)
    return some.one_of(
        some.builds(Done, of_one, some.sampled_from(IDS)),
        some.builds(Done, some.just(Deed.PIN), some.sampled_from(IDS), orders),
        some.builds(Done, some.just(Deed.ORDER), some.none(), orders),
        some.builds(Done, some.just(Deed.AGAIN)),
    )


def a_stop(number: int, opens: int) -> Stop:
    """Every hour another one is open, for four hours; every fourth has no position."""
    point = None if number == 4 else world.away(1000 * (number * 7 % 5))
    windows = ((opens * HOUR, (opens + 4) * HOUR),) if opens else ()
    return Stop(IDS[number], point, 30 * 60, windows, worth=10)


DAY = Day(Point(*world.PIN), Point(*world.PIN), 9 * HOUR, 18 * HOUR)
HOURS = some.lists(some.sampled_from([0, 6, 9, 12, 15]), min_size=6, max_size=6)


@settings(deadline=None, max_examples=60)
@given(some.lists(one_deed(), max_size=6), HOURS)
def test_nothing_is_lost_or_doubled_and_what_is_pinned_stays(
    deeds: list[Done], hours: list[int]
) -> None:
    hand = by_hand(deeds)
    stops = [a_stop(at, opens) for at, opens in enumerate(hours) if IDS[at] not in hand.skipped]
    plan = arrange(DAY, stops, hand)
    order = [halt.id for halt in plan.course.halts]
    assert sorted([*order, *(out.id for out in plan.left_out)]) == sorted(one.id for one in stops)
    placed = {stop.id for stop in stops if stop.point}
    kept = [one for one in hand.order if one in placed]
    if hand.stands:
        assert [one for one in order if one in kept] == kept
        assert order[:1] == kept[:1] or not kept
    else:
        there = hand.places(placed)
        pinned = [one for one in order if one in there.values()]
        assert pinned == [there[at] for at in sorted(there)]
        assert all(order[at] == one for at, one in there.items() if at < len(order) - len(there))
