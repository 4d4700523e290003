"""How much room an order leaves: a first look, which forgets lunch, before `evaluate` judges."""

from collections.abc import Sequence
from typing import NamedTuple

from app.planning.route.evaluate import opening
from app.planning.route.problem import Problem, Window


class Room(NamedTuple):
    """When each place is left at the soonest, the start first; by when the next must be reached.

    `latest[i]` is of what comes after place i of `[start, *order]`, the end last.
    """

    leaves: list[int]
    latest: list[int]


def room_in(problem: Problem, order: Sequence[int]) -> Room:
    """Of an order that can be kept, by the matrix alone."""
    seconds, hours, day = problem.seconds, problem.hours, problem.day
    leaves = [day.depart_s]
    here = 0
    for row in order:
        arrive_s = leaves[-1] + seconds[here][row]
        start_s = opening(hours[row], arrive_s)
        leaves.append((arrive_s if start_s is None else start_s) + problem.stops[row - 1].service_s)
        here = row
    latest = [day.until_s]
    after = problem.end
    for row in reversed(order):
        leave_s = latest[-1] - seconds[row][after]
        latest.append(_latest_start(hours[row], leave_s - problem.stops[row - 1].service_s))
        after = row
    return Room(leaves, latest[::-1])


def _latest_start(windows: tuple[Window, ...], by_s: int) -> int:
    if not windows:
        return by_s
    return max((min(closes, by_s) for opens, closes in windows if opens <= by_s), default=-1)


def fits_between(problem: Problem, room: Room, gap: tuple[int, int, int, int], row: int) -> bool:
    """Whether a stop might go in after place `at`, row `before`, and until `to`, row `after`."""
    at, to, before, after = gap
    start_s = opening(problem.hours[row], room.leaves[at] + problem.seconds[before][row])
    if start_s is None:
        return False
    done_s = start_s + problem.stops[row - 1].service_s
    return done_s + problem.seconds[row][after] <= room.latest[to]
