"""Who is next, by who can be begun first: a plan that a phone makes without the engine.

static/js/course.ts does the same; tests/contract/course.json holds both to it.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from app.planning.route.course import place_after
from app.planning.route.evaluate import opening
from app.planning.route.pace import arrival
from app.planning.route.problem import Problem


def nearest_next(problem: Problem, order: Sequence[int], pinned: Collection[int]) -> list[int]:
    """Order again: what is pinned keeps its place, in every other one whoever can begin first.

    Who has no position comes last, and nobody makes an appointment impossible that could be kept.
    """
    loose = [row for row in order if row not in pinned]
    fixed = [row for row in order if problem.stops[row - 1].fixed_s is not None]
    done: list[int] = []
    at = (problem.day.depart_s, 0)
    for row in order:
        meant = [one for one in fixed if one not in done]
        turns = [row] if row in pinned else loose
        chosen = min(turns, key=lambda one: _turn(problem, at, one, meant))
        loose = [one for one in loose if one != chosen]
        done.append(chosen)
        begun = _begun(problem, *at, chosen)
        at = (begun.leave_s, begun.place)
    return done


class _Begun(NamedTuple):
    late: bool
    start_s: int
    arrive_s: int
    leave_s: int
    place: int


def _begun(problem: Problem, now: int, here: int, row: int) -> _Begun:
    """Go to one, without lunch."""
    stop, there = problem.stops[row - 1], place_after(problem, here, row)
    arrive_s = arrival(problem, now, here, there)
    begins_s = opening(problem.hours[row], arrive_s)
    start_s = arrive_s if begins_s is None else begins_s
    return _Begun(begins_s is None, start_s, arrive_s, start_s + stop.service_s, there)


def _turn(
    problem: Problem, at: tuple[int, int], row: int, fixed: Sequence[int]
) -> tuple[bool, bool, bool, int, int, UUID]:
    """What is least comes next."""
    stop, begun = problem.stops[row - 1], _begun(problem, *at, row)
    spoils = any(
        one != row
        and not _begun(problem, *at, one).late
        and _begun(problem, begun.leave_s, begun.place, one).late
        for one in fixed
    )
    nowhere = stop.point is None
    return begun.late, spoils, nowhere, begun.start_s, begun.arrive_s, stop.id
