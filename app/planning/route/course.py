"""Times along an order that is given, whether it can be kept or not.

An order that can be kept has the times that `evaluate` says. static/js/course.ts reckons the same
on the phone: tests/contract/course.json holds both to it.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from app.planning.route.evaluate import eaten, opening
from app.planning.route.matrix import Roadmap, travel_between
from app.planning.route.pace import arrival, departure
from app.planning.route.problem import Day, Pace, Problem, Stop

NEVER = 1 << 40


class Halt(NamedTuple):
    """Seconds of the day. What cannot be begun in time begins on arriving, and is not `kept`.

    `metres` from the place before; None where it has no position: then there is no travel.
    `shut`: closed on arriving, or too late to end by then: from when to when it opens again.
    `slack_s` later it may begin and everything is kept; below 0, so much earlier it would have to.
    """

    id: UUID
    arrive_s: int
    start_s: int
    leave_s: int
    metres: int | None
    kept: bool
    shut: tuple[int, int | None] | None
    slack_s: int = 0


class Course(NamedTuple):
    """`seconds` are on the road; `over_s` is how late the day ends, 0 when in time."""

    halts: tuple[Halt, ...]
    metres: int
    seconds: int
    finish_s: int
    over_s: int
    lunch_s: int | None


class _Way(NamedTuple):
    """One way to get here: `broken` counts what was not kept."""

    broken: int
    now: int
    early: int
    road_s: int
    lunch_s: int | None
    halts: tuple[Halt, ...]


class _Leg(NamedTuple):
    there_s: int
    ready_s: int
    road_s: int
    lunch_s: int | None


def problem_of(
    day: Day,
    stops: Sequence[Stop],
    pace: Pace | None = None,
    *,
    roadmap: Roadmap = travel_between,
) -> Problem:
    """Ask for stops of which some may have no position."""
    points = [day.start, *(stop.point or day.start for stop in stops), day.end or day.start]
    matrix = roadmap(points)
    if day.end is None:
        matrix.seconds[:, -1] = matrix.metres[:, -1] = 0
    return Problem(day, tuple(stops), matrix, pace)


def along(problem: Problem, order: Sequence[int]) -> Course:
    """Go through the day in this order of rows, keeping as much as can be, eating where it fits."""
    ways = [_Way(0, problem.day.depart_s, 0, 0, None, ())]
    here = 0
    for row in order:
        there = place_after(problem, here, row)
        metres = None if problem.stops[row - 1].point is None else _metres(problem, here, there)
        ways = _fittest(
            [
                _halted(problem, way, leg, row, metres)
                for way in ways
                for leg in _legs(problem, way, here, there)
            ]
        )
        here = there
    ends = [
        _home(problem, way, leg) for way in ways for leg in _legs(problem, way, here, problem.end)
    ]
    way, finish_s, over_s = min(ends, key=lambda end: (end[0].broken, -end[0].early, end[1]))
    metres = sum(halt.metres or 0 for halt in way.halts) + _metres(problem, here, problem.end)
    halts = tuple(_with_slack(problem, order, way, finish_s))
    return Course(halts, metres, way.road_s, finish_s, over_s, way.lunch_s)


def place_after(problem: Problem, here: int, row: int) -> int:
    """Where one is afterwards: still here, where it is not known where that is."""
    return here if problem.stops[row - 1].point is None else row


def _metres(problem: Problem, here: int, there: int) -> int:
    return int(problem.matrix.metres[here, there])


def _legs(problem: Problem, way: _Way, here: int, there: int) -> Iterator[_Leg]:
    """Go there without lunch, and, where it was not eaten yet, with it."""
    arrive_s = arrival(problem, way.now, here, there)
    meal = problem.day.meal if way.lunch_s is None else None
    ate = eaten(problem, way.now, here, there, meal) if meal else None
    if ate is None or there != problem.end:
        yield _Leg(arrive_s, arrive_s, arrive_s - way.now, way.lunch_s)
    if ate:
        yield _Leg(*ate)


def _halted(problem: Problem, way: _Way, leg: _Leg, row: int, metres: int | None) -> _Way:
    stop, hours = problem.stops[row - 1], problem.hours[row]
    begins_s = opening(hours, leg.ready_s)
    start_s = leg.ready_s if begins_s is None else begins_s
    leave_s = start_s + stop.service_s
    early = stop.early.worth if stop.early and start_s <= stop.early.until_s else 0
    kept = begins_s is not None
    halt = Halt(stop.id, leg.there_s, start_s, leave_s, metres, kept, _shut(stop, leg.ready_s))
    return _Way(
        way.broken + (not kept),
        leave_s,
        way.early + early,
        way.road_s + leg.road_s,
        leg.lunch_s,
        (*way.halts, halt),
    )


def _shut(stop: Stop, ready_s: int) -> tuple[int, int | None] | None:
    """The gap of the opening hours into which one falls; an appointment has none."""
    if stop.fixed_s is not None or not stop.hours:
        return None
    hours = [(opens, closes) for opens, closes in stop.hours if opens <= closes]
    if any(opens <= ready_s <= closes for opens, closes in hours):
        return None
    closed_s = max((closes + stop.service_s for _, closes in hours if closes < ready_s), default=0)
    return closed_s, min((opens for opens, _ in hours if opens > ready_s), default=None)


def _fittest(ways: list[_Way]) -> list[_Way]:
    """Keep, of those that have eaten and of those that have not, what keeps most, then as ever."""
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda way: (way.lunch_s is not None, *way[:2], -way.early)):
        last = kept[-1] if kept else None
        if (
            last is None
            or (last.lunch_s is None) != (way.lunch_s is None)
            or (way.broken == last.broken and way.early > last.early)
        ):
            kept.append(way)
    return kept


def _home(problem: Problem, way: _Way, leg: _Leg) -> tuple[_Way, int, int]:
    """The day's end, when one is there, and how late the day ends."""
    over_s = max(0, leg.ready_s - problem.day.until_s)
    hungry = problem.day.meal is not None and leg.lunch_s is None
    broken = way.broken + (over_s > 0) + hungry
    home = way._replace(broken=broken, road_s=way.road_s + leg.road_s, lunch_s=leg.lunch_s)
    return home, leg.there_s, over_s


class _Next(NamedTuple):
    """What comes after: where, when one is there and begins, and by when it must begin."""

    place: int
    arrive_s: int
    start_s: int
    by_s: int


def _with_slack(problem: Problem, order: Sequence[int], way: _Way, finish_s: int) -> list[Halt]:
    """From the evening to the morning: by when each must begin, with lunch where it is."""
    places = list(accumulate(order, lambda here, row: place_after(problem, here, row), initial=0))
    then = _Next(problem.end, finish_s, NEVER, problem.day.until_s)
    halts: list[Halt] = []
    for row, here, halt in zip(order[::-1], places[:0:-1], way.halts[::-1], strict=True):
        leave_s = _leave_by(problem, way.lunch_s, (here, halt.leave_s), then)
        by_s = _start_by(problem, row, leave_s - problem.stops[row - 1].service_s)
        halts.append(halt._replace(slack_s=by_s - halt.start_s))
        then = _Next(here, halt.arrive_s, halt.start_s, by_s)
    return halts[::-1]


def _leave_by(problem: Problem, lunch_s: int | None, left: tuple[int, int], then: _Next) -> int:
    """Tell by when one must leave; `left` is the place and when it is left."""
    (here, leave_s), meal = left, problem.day.meal
    if meal is None or lunch_s is None or not leave_s <= lunch_s < then.start_s:
        return departure(problem, then.by_s, here, then.place)
    if lunch_s < then.arrive_s:
        drive_s = departure(problem, then.by_s, here, then.place)
        return min(drive_s - meal.seconds, meal.latest_s)
    return departure(problem, min(then.by_s - meal.seconds, meal.latest_s), here, then.place)


def _start_by(problem: Problem, row: int, by_s: int) -> int:
    """Find the last moment to begin that is not after this one; this one, when there is none."""
    last = (min(closes, by_s) for opens, closes in problem.hours[row] if opens <= min(closes, by_s))
    return max(last, default=by_s)
