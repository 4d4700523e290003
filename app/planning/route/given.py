"""An order that the rep has given, in whole or in part; the rest is put where it costs least."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.planning.by_hand import ByHand
from app.planning.route.course import Course, along, problem_of
from app.planning.route.evaluate import time_cost, walk, weight
from app.planning.route.matrix import Roadmap, travel_between
from app.planning.route.problem import Day, LeftOut, Pace, Plan, Problem, Stop, Why
from app.planning.route.solve import order_day

Order = Sequence[int]  # of rows, as everywhere in this package


class Arranged(NamedTuple):
    """The day as it is driven; `best` is what planning again would give, None for the same.

    `hasty` as in `Plan`.
    """

    course: Course
    left_out: tuple[LeftOut, ...]
    best: Course | None = None
    hasty: bool = False


class Cost(NamedTuple):
    """What is wrong with a course, gravest first; the smaller is the better one."""

    broken: int
    over_s: int
    time_s: int
    finish_s: int


class Terms(NamedTuple):
    """On which roads the day is driven, and who makes its plan."""

    roads: Roadmap = travel_between
    pace: Pace | None = None
    plan: Callable[[Problem], Plan] | None = None


USUAL = Terms()


def arrange(day: Day, stops: Sequence[Stop], hand: ByHand, terms: Terms = USUAL) -> Arranged:
    """Nothing that the rep has ordered or pinned changes its place, whatever that breaks."""
    wanted = [
        replace(stop, required=stop.required or stop.id in hand.wanted)
        for stop in sorted(stops, key=lambda stop: stop.id)
    ]
    roads, pace, think = terms
    plan = order_day(day, wanted, roads=roads, pace=pace, plan=think)
    placed = [stop for stop in wanted if stop.point is not None]
    problem = problem_of(day, placed, pace, roadmap=roads)
    rows = {stop.id: row for row, stop in enumerate(problem.stops, start=1)}
    planned = [rows[visit.id] for visit in plan.order]
    places = {at: rows[one] for at, one in hand.places(rows.keys()).items()}
    best = around(problem, planned, places)
    order = best
    if hand.stands:
        given = [rows[one] for one in hand.along(rows.keys())]
        also = [*planned, *(rows[one] for one in hand.wanted if one in rows)]
        order = put_in(problem, given, [row for row in also if row not in given])
    said = {out.id: out for out in plan.left_out}
    gone = [stop.id for row, stop in enumerate(problem.stops, start=1) if row not in order]
    gone += [stop.id for stop in wanted if stop.point is None]
    left_out = tuple(said.get(one, LeftOut(one, Why.DOES_NOT_FIT)) for one in gone)
    better = along(problem, best) if is_better(problem, best, order) else None
    return Arranged(along(problem, order), left_out, better, plan.hasty)


def is_better(problem: Problem, planned: Order, given: Order) -> bool:
    """Whether planning again gives another day; one with the same stops only if it costs less."""
    if set(planned) != set(given):
        return True
    early = [found.early if (found := walk(problem, one)) else 0 for one in (planned, given)]
    return early[0] > early[1] or cost_of(problem, planned) < cost_of(problem, given)


def around(problem: Problem, planned: Order, places: Mapping[int, int]) -> Order:
    """The planned ones around those that are pinned to their places."""
    pinned = set(places.values())
    free: Order = [row for row in planned if row not in pinned]
    order = interleaved(free, places)
    if list(order) == list(planned):
        return order
    free = least(problem, free, places)
    while (looser := _looser(problem, free, places)) is not None:
        free = looser
    return interleaved(free, places)


def interleaved(free: Order, places: Mapping[int, int]) -> Order:
    order = list(free)
    for at in sorted(places):
        order.insert(at, places[at])
    return order


def least(problem: Problem, free: Order, places: Mapping[int, int]) -> Order:
    """Move one after the other to where the day costs less, until none is better elsewhere."""
    cost = cost_of(problem, interleaved(free, places))
    while True:
        moved = min(
            moves(free), key=lambda one: cost_of(problem, interleaved(one, places)), default=free
        )
        cheaper = cost_of(problem, interleaved(moved, places))
        if cheaper >= cost:
            return free
        free, cost = moved, cheaper


def moves(order: Order) -> Iterator[Order]:
    """Each to each other place."""
    for at, row in enumerate(order):
        rest = [*order[:at], *order[at + 1 :]]
        yield from ([*rest[:to], row, *rest[to:]] for to in range(len(order)) if to != at)


def _looser(problem: Problem, free: Order, places: Mapping[int, int]) -> Order | None:
    """Without the one that nobody asked for and whose leaving helps most; None if none helps."""
    cost = cost_of(problem, interleaved(free, places))
    if not (cost.broken or cost.over_s):
        return None
    fewer = [
        ([*free[:at], *free[at + 1 :]], weight(problem.stops[row - 1]))
        for at, row in enumerate(free)
        if not problem.stops[row - 1].required
    ]
    rated = [(cost_of(problem, interleaved(one, places))[:2], worth, one) for one, worth in fewer]
    rest, _worth, best = min(rated, key=lambda one: one[:2], default=(cost[:2], 0, free))
    return best if rest < cost[:2] else None


def put_in(problem: Problem, order: Order, rows: Collection[int]) -> Order:
    """Each after the one that comes next, where it costs least; not where it breaks the day.

    Whoever is needed goes in all the same.
    """
    for row in dict.fromkeys(rows):
        longer = [
            [*order[:at], row, *order[at:]] for at in range(min(1, len(order)), len(order) + 1)
        ]
        best = min(longer, key=lambda one: cost_of(problem, one))
        breaks = cost_of(problem, best)[:2] > cost_of(problem, order)[:2]
        if problem.stops[row - 1].required or not breaks:
            order = best
    return order


def cost_of(problem: Problem, order: Order) -> Cost:
    course = along(problem, order)
    broken = sum(not halt.kept for halt in course.halts)
    time_s = time_cost(problem.day, course.seconds, course.finish_s)
    return Cost(broken, course.over_s, time_s, course.finish_s)
