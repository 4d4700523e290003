"""A first plan that needs no engine, and the last touch for every plan: what still fits goes in."""

from collections.abc import Sequence

import numpy as np

from app.planning.route.evaluate import loss, walk
from app.planning.route.net import NEVER, Net, Numbers, prizes, starts
from app.planning.route.problem import Problem
from app.planning.route.room import room_in


def greedy(problem: Problem, net: Net) -> Sequence[int]:
    """Put in, one by one, what is worth most for the time it takes; the needed ones first."""
    return fill(problem, net, [])


def fill(problem: Problem, net: Net, order: Sequence[int]) -> Sequence[int]:
    """Put in stops where they cost least until none of the rest is seen to fit anywhere."""
    if walk(problem, order) is None:
        return order
    while longer := _one_more(problem, net, order):
        order = longer
    return order


def _one_more(problem: Problem, net: Net, order: Sequence[int]) -> Sequence[int] | None:
    there = set(order)
    rest = np.array([row - 1 for row in range(1, problem.end) if row not in there], dtype=int)
    if len(order) >= net.most or not len(rest):
        return None
    places, columns, costs = _gaps(problem, net, order, rest)
    needed = np.array([stop.required + 2 * (stop.fixed_s is not None) for stop in problem.stops])
    weighed = np.array(prizes(problem), dtype=float)
    ranks = np.lexsort((columns, places, costs / weighed[columns], -needed[columns]))
    for at in ranks.tolist():
        place, row = int(places[at]), int(columns[at]) + 1
        longer = [*order[:place], row, *order[place:]]
        if walk(problem, longer) is not None:
            return longer
    return None


def _gaps(
    problem: Problem, net: Net, order: Sequence[int], rest: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Where which stop might go in, and the time that it takes there: places, columns, costs."""
    room = room_in(problem, order)
    leaves, latest = np.array(room.leaves)[:, None], np.array(room.latest)[:, None]
    travel = problem.matrix.seconds
    before = np.array([0, *order])
    after = np.array([*order, problem.end])
    into = travel[before[:, None], rest[None, :] + 1]
    out = travel[rest[None, :] + 1, after[:, None]]
    start = starts(net, leaves + into, rest)
    fits = (start < NEVER) & (start + net.service[rest] + out <= latest)
    detour = into + out - travel[before, after][:, None]
    takes = detour + net.service[rest] + np.maximum(start - leaves - into, 0)
    places, which = np.nonzero(fits if problem.pace is None else start < NEVER)
    return places, rest[which], takes[places, which]


def drop_until_kept(problem: Problem, order: Sequence[int]) -> Sequence[int]:
    """Leave out what loses least, one by one, until the order can be kept."""
    weighed = prizes(problem)
    while order and loss(problem, order) is None:
        shorter = [[*order[:at], *order[at + 1 :]] for at in range(len(order))]
        kept = [some for some in shorter if walk(problem, some) is not None]
        order = max(kept or shorter, key=lambda some: sum(weighed[row - 1] for row in some))
    return order
