"""The only source of truth for times and feasibility: whoever finds an order, it is judged here."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.planning.route.pace import arrival
from app.planning.route.problem import Day, Lunch, Problem, Stop, Visit, Window


class Walk(NamedTuple):
    """An order that can be kept. `early` is what being early adds to the stops' worth."""

    visits: tuple[Visit, ...]
    metres: int
    seconds: int
    finish_s: int
    early: int
    lunch_s: int | None


class Loss(NamedTuple):
    """What an order costs, gravest first; the smaller is the better one."""

    appointments: int
    required: int
    worth: int
    time_s: int
    finish_s: int


class _Way(NamedTuple):
    """One way to get here: lunch eaten (when) or not yet, what being early added, and before."""

    now: int
    lunch_s: int | None
    early: int
    road_s: int
    visits: tuple[Visit, "_Way"] | None


def walk(problem: Problem, order: Sequence[int]) -> Walk | None:
    """Go through the day in this order of rows, eating where it costs least.

    None when a window, an appointment, lunch, the day's end or the number of visits is missed.
    """
    day, meal = problem.day, problem.day.meal
    if day.most is not None and len(order) > day.most:
        return None
    if meal is None and not _in_time(problem, order):
        return None
    ways = [_Way(day.depart_s, None, 0, 0, None)]
    here = 0
    for row in order:
        ways = _onward(problem, ways, here, row, meal)
        if not ways:
            return None
        here = row
    return min(
        (home for way in ways if (home := _home(problem, way, here, order, meal))),
        key=lambda home: (-home.early, home.finish_s),
        default=None,
    )


def _in_time(problem: Problem, order: Sequence[int]) -> bool:
    """Whether a day without lunch can be kept: most of those that are asked about cannot."""
    now, here = problem.day.depart_s, 0
    for row in order:
        start_s = opening(problem.hours[row], arrival(problem, now, here, row))
        if start_s is None:
            return False
        now, here = start_s + problem.stops[row - 1].service_s, row
    return arrival(problem, now, here, problem.end) <= problem.day.until_s


def _onward(
    problem: Problem, ways: list[_Way], here: int, row: int, meal: Lunch | None
) -> list[_Way]:
    """Go to this row in every way that can still be the best one."""
    stop, hours = problem.stops[row - 1], problem.hours[row]
    onward: list[_Way] = []
    for way in ways:
        arrive_s = arrival(problem, way.now, here, row)
        road_s = way.road_s + arrive_s - way.now
        legs = [(arrive_s, arrive_s, road_s, way.lunch_s)]
        if meal and way.lunch_s is None and (ate := eaten(problem, way.now, here, row, meal)):
            legs.append((*ate[:2], way.road_s + ate[2], ate[3]))
        for there_s, ready_s, road, lunch_s in legs:
            start_s = opening(hours, ready_s)
            if start_s is not None:
                leave_s = start_s + stop.service_s
                early = way.early + _early(stop, start_s)
                visit = Visit(stop.id, there_s, start_s, leave_s)
                onward.append(_Way(leave_s, lunch_s, early, road, (visit, way)))
    return onward if len(onward) < 2 else _fittest(onward)


def eaten(
    problem: Problem, now: int, here: int, row: int, meal: Lunch
) -> tuple[int, int, int, int] | None:
    """Eat on arriving, or before leaving when that is too late: arrive, ready, on the road, at."""
    there_s = arrival(problem, now, here, row)
    if there_s <= meal.latest_s:
        at_s = max(there_s, meal.earliest_s)
        return there_s, at_s + meal.seconds, there_s - now, at_s
    if now > meal.latest_s:
        return None
    at_s = max(now, meal.earliest_s)
    there_s = arrival(problem, at_s + meal.seconds, here, row)
    return there_s, there_s, there_s - at_s - meal.seconds, at_s


def _fittest(ways: list[_Way]) -> list[_Way]:
    """Keep, of those that have eaten and of those that have not, what is sooner or gains more."""
    kept: list[_Way] = []
    for way in sorted(ways, key=lambda way: (way.lunch_s is not None, way.now, -way.early)):
        last = kept[-1] if kept else None
        if (
            last is None
            or (last.lunch_s is None) != (way.lunch_s is None)
            or way.early > last.early
        ):
            kept.append(way)
    return kept


def _home(
    problem: Problem, way: _Way, here: int, order: Sequence[int], meal: Lunch | None
) -> Walk | None:
    day, lunch_s = problem.day, way.lunch_s
    finish_s = arrival(problem, way.now, here, problem.end)
    road_s = way.road_s + finish_s - way.now
    if meal and lunch_s is None:
        ate = eaten(problem, way.now, here, problem.end, meal)
        if ate is None or ate[1] > day.until_s:
            return None
        finish_s, _ready_s, last_s, lunch_s = ate
        road_s = way.road_s + last_s
    if finish_s > day.until_s:
        return None
    visits, early = list[Visit](), way.early
    while way.visits:
        visit, way = way.visits
        visits.append(visit)
    rows = [0, *order, problem.end]
    metres = sum(int(problem.matrix.metres[here, there]) for here, there in pairwise(rows))
    return Walk(tuple(reversed(visits)), metres, road_s, finish_s, early, lunch_s)


def _early(stop: Stop, start_s: int) -> int:
    return stop.early.worth if stop.early and start_s <= stop.early.until_s else 0


def opening(windows: tuple[Window, ...], arrive_s: int) -> int | None:
    """Tell when a visit can start after arriving; no windows means at once."""
    if not windows:
        return arrive_s
    start_s = None
    for opens, closes in windows:
        if arrive_s <= closes and opens <= closes:
            begins_s = max(opens, arrive_s)
            start_s = begins_s if start_s is None else min(start_s, begins_s)
    return start_s


def loss(problem: Problem, order: Sequence[int]) -> Loss | None:
    """Judge an order; None when it cannot be kept."""
    walked = walk(problem, order)
    if walked is None:
        return None
    served = set(order)
    lost = [stop for row, stop in enumerate(problem.stops, start=1) if row not in served]
    possible = sum(stop.early.worth for stop in problem.stops if stop.early)
    return Loss(
        sum(stop.fixed_s is not None for stop in lost),
        sum(stop.required for stop in lost),
        sum(weight(stop) for stop in lost) + possible - walked.early,
        time_cost(problem.day, walked.seconds, walked.finish_s),
        walked.finish_s,
    )


def time_cost(day: Day, road_s: int, finish_s: int) -> int:
    """Count the road, and on a day that is to be over soon also when it is: waiting costs half."""
    return road_s + finish_s if day.soon else road_s


def weight(stop: Stop) -> int:
    """Weigh every stop something: none is left out only to drive less."""
    return max(stop.worth, 1)


def better(problem: Problem, old: Sequence[int], new: Sequence[int]) -> Sequence[int]:
    """Choose the new order only if it can be kept and loses less."""
    old_loss, new_loss = loss(problem, old), loss(problem, new)
    if new_loss is None or (old_loss is not None and old_loss <= new_loss):
        return old
    return new


def opens_during(day: Day, stop: Stop) -> bool:
    """Whether a visit could start between departure and the day's end."""
    start_s = opening(stop.hours, day.depart_s)
    return start_s is not None and start_s <= max(day.until_s, day.depart_s)
