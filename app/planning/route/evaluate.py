"""The only source of truth for times and feasibility: whoever finds an order, it is judged here."""

from collections.abc import Sequence
from typing import NamedTuple

from app.planning.route.problem import Day, LeftOut, Plan, Problem, Stop, Visit, Why, Window


class Walk(NamedTuple):
    """An order that can be kept."""

    visits: tuple[Visit, ...]
    metres: int
    seconds: int
    finish_s: int


class Loss(NamedTuple):
    """What an order costs, gravest first; the smaller is the better one."""

    required: int
    worth: int
    seconds: int
    finish_s: int


def walk(problem: Problem, order: Sequence[int]) -> Walk | None:
    """Go through the day in this order of rows; None when a window or the day's end is missed."""
    seconds, metres = problem.matrix.seconds, problem.matrix.metres
    visits: list[Visit] = []
    here, now, on_road_s, on_road_m = 0, problem.day.depart_s, 0, 0
    for row in order:
        stop = problem.stops[row - 1]
        arrive_s = now + int(seconds[here, row])
        start_s = opening(stop.windows, arrive_s)
        if start_s is None:
            return None
        on_road_s, on_road_m = on_road_s + arrive_s - now, on_road_m + int(metres[here, row])
        here, now = row, start_s + stop.service_s
        visits.append(Visit(stop.id, arrive_s, start_s, now))
    home_s = int(seconds[here, problem.end])
    if now + home_s > problem.day.until_s:
        return None
    home_m = int(metres[here, problem.end])
    return Walk(tuple(visits), on_road_m + home_m, on_road_s + home_s, now + home_s)


def opening(windows: tuple[Window, ...], arrive_s: int) -> int | None:
    """Tell when a visit can start after arriving; no windows means at once."""
    if not windows:
        return arrive_s
    starts = [
        max(opens, arrive_s) for opens, closes in windows if opens <= closes and arrive_s <= closes
    ]
    return min(starts, default=None)


def loss(problem: Problem, order: Sequence[int]) -> Loss | None:
    """Judge an order; None when it cannot be kept."""
    walked = walk(problem, order)
    if walked is None:
        return None
    served = set(order)
    lost = [stop for row, stop in enumerate(problem.stops, start=1) if row not in served]
    return Loss(
        sum(stop.required for stop in lost),
        sum(weight(stop) for stop in lost),
        walked.seconds,
        walked.finish_s,
    )


def weight(stop: Stop) -> int:
    """Weigh every stop something: none is left out only to drive less."""
    return max(stop.worth, 1)


def better(problem: Problem, old: Sequence[int], new: Sequence[int]) -> Sequence[int]:
    """Choose the new order only if it can be kept and loses less."""
    old_loss, new_loss = loss(problem, old), loss(problem, new)
    if new_loss is None or (old_loss is not None and old_loss <= new_loss):
        return old
    return new


def as_plan(problem: Problem, order: Sequence[int]) -> Plan:
    """Write out an order; when not even the way home fits, a day without visits."""
    walked = walk(problem, order)
    served = set(order) if walked else set()
    walked = walked or Walk((), 0, 0, problem.day.depart_s)
    lost = tuple(
        LeftOut(stop.id, why_left_out(problem.day, stop))
        for row, stop in enumerate(problem.stops, start=1)
        if row not in served
    )
    return Plan(walked.visits, lost, walked.metres, walked.seconds, walked.finish_s)


def why_left_out(day: Day, stop: Stop) -> Why:
    if stop.point is None:
        return Why.NO_POSITION
    return Why.DOES_NOT_FIT if opens_during(day, stop) else Why.CLOSED_TODAY


def opens_during(day: Day, stop: Stop) -> bool:
    """Whether a visit could start between departure and the day's end."""
    start_s = opening(stop.windows, day.depart_s)
    return start_s is not None and start_s <= max(day.until_s, day.depart_s)
