"""Making a plan better, in turns of labels and engine, as long as the effort lasts."""

from collections.abc import Sequence

import numpy as np

from app.planning.route.bounds import Bound, bound_of
from app.planning.route.effort import Effort, Round
from app.planning.route.evaluate import better, loss, walk
from app.planning.route.greedy import drop_until_kept, fill
from app.planning.route.labels import search
from app.planning.route.net import TIMES, Net, net_of, prizes
from app.planning.route.problem import Matrix, Problem

TIGHTENED = (6, 12)  # times that a bound is, in the first turns
LATEST = (0.4, 0.8)  # of the seconds, when the tightening gives way to the search
AT_ONCE = 120  # stops that are looked at together; of more, the most promising ones


def improved(
    problem: Problem, net: Net, order: Sequence[int], effort: Effort, seed: int
) -> tuple[Sequence[int], bool]:
    """Find a better order; whether no order at all is worth more is told beside it."""
    rows = _promising(problem, net, order)
    if len(rows) == len(problem.stops):
        return _in_turns(problem, net, order, effort, seed)
    part = _only(problem, rows)
    place = {row: at for at, row in enumerate(rows, start=1)}
    found, _ = _in_turns(part, net_of(part), [place[row] for row in order], effort, seed)
    whole = fill(problem, net, [rows[row - 1] for row in found])
    return better(problem, order, whole), False


def _in_turns(
    problem: Problem, net: Net, order: Sequence[int], effort: Effort, seed: int
) -> tuple[Sequence[int], bool]:
    from app.planning.route.engine import propose  # noqa: PLC0415 - PyVRP is slow to import, and most processes never plan

    bound: Bound | None = None
    proven = not loses(problem, order)
    for number, turn in enumerate(effort.rounds()):
        if not proven:
            if bound is None or number < len(TIGHTENED):
                bound = _tighter(problem, net, bound, order, (number, effort))
            order, proven, tried = _labelled(problem, net, bound, order, (turn, effort))
            effort.tried(tried)
        if effort.over():
            break
        iterations = effort.iterations(problem, turn)
        proposed = propose(
            problem,
            () if number % 2 else order,
            seed=seed + number,
            iterations=iterations,
            seconds=effort.on_clock(),
        )
        effort.iterated(problem, iterations)
        order = better(problem, order, fill(problem, net, drop_until_kept(problem, proposed)))
        if proven and number:
            break
        proven = proven or not loses(problem, order)
    return order, proven


def _tighter(
    problem: Problem,
    net: Net,
    bound: Bound | None,
    order: Sequence[int],
    work: tuple[int, Effort],
) -> Bound:
    number, effort = work
    effort.tightened(net, TIGHTENED[number])
    found, by = worth(problem, order), LATEST[number]
    return bound_of(net, found, TIGHTENED[number], over=lambda: effort.past(by), before=bound)


def _labelled(
    problem: Problem, net: Net, bound: Bound, order: Sequence[int], work: tuple[Round, Effort]
) -> tuple[Sequence[int], bool, int]:
    turn, effort = work
    effort.no_time_for_another()  # from here on
    late = effort.no_time_for_another
    found = search(net, bound, worth(problem, order), turn.width, over=late)
    if found.order:
        kept = fill(problem, net, drop_until_kept(problem, found.order))
        order = better(problem, order, kept)
    return order, found.proven and not problem.pace, found.tried


def loses(problem: Problem, order: Sequence[int]) -> bool:
    """Whether anything could be worth more."""
    lost = loss(problem, order)
    return lost is None or any(lost[:3])


def worth(problem: Problem, order: Sequence[int]) -> int:
    """What an order weighs in a net."""
    walked = walk(problem, order)
    if walked is None:
        return 0
    weighed = prizes(problem)
    return TIMES * (walked.early + sum(weighed[row - 1] for row in order))


def _promising(problem: Problem, net: Net, order: Sequence[int]) -> list[int]:
    """What is planned already, then what is worth most for its time at the nearest other stop."""
    count = len(problem.stops)
    if count <= AT_ONCE:
        return list(range(1, problem.end))
    near = net.between + np.where(np.eye(count, dtype=np.bool_), 1 << 40, 0)
    takes = net.service + near.min(axis=0)
    rank = np.argsort(takes / net.prize, kind="stable") + 1
    planned = set(order)
    return sorted([*order, *(row for row in rank.tolist() if row not in planned)][:AT_ONCE])


def _only(problem: Problem, rows: Sequence[int]) -> Problem:
    at = np.array([0, *rows, problem.end])
    seconds, metres = (
        table[np.ix_(at, at)] for table in (problem.matrix.seconds, problem.matrix.metres)
    )
    stops = tuple(problem.stops[row - 1] for row in rows)
    return Problem(problem.day, stops, Matrix(seconds, metres), problem.pace)
