"""PyVRP in its "not today" form; it proposes an order, `evaluate` judges it.

Every stop is visited by one of two kinds of vehicle: the rep, who pays the seconds on the road, or
"not today", who pays what leaving that stop out loses. A stop with several windows is a group of
copies, one a window, of which one is visited.
"""

from collections import defaultdict
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations

from app.planning.route.evaluate import weight
from app.planning.route.problem import Problem

ITERATIONS = 300  # counted, never timed: the same day gives the same plan on every machine
REP, NOT_TODAY = 0, 1


class Copy(NamedTuple):
    row: int
    opens_s: int
    closes_s: int


def propose(problem: Problem, seed: int) -> list[int]:
    """Look for a good order; it is to be judged before it is believed.

    A warm start from the greedy plan was measured and brings nothing at this many iterations.
    """
    copies = _copies(problem)
    if not copies:
        return []
    stop = MaxIterations(ITERATIONS)
    data = _data(problem, copies)
    best = pyvrp.solve(data, stop, seed=seed, collect_stats=False, display=False).best
    visits = chain.from_iterable(route for route in best.routes() if route.vehicle_type() == REP)
    return [copies[visit.idx].row for visit in visits if visit.is_client()]


def _copies(problem: Problem) -> list[Copy]:
    """Make one copy of a stop for each window that is open between departure and the day's end."""
    day = problem.day
    return [
        Copy(row, max(opens, day.depart_s), min(closes, day.until_s))
        for row, stop in enumerate(problem.stops, start=1)
        for opens, closes in stop.windows or ((day.depart_s, day.until_s),)
        if max(opens, day.depart_s) <= min(closes, day.until_s)
    ]


def _data(problem: Problem, copies: list[Copy]) -> pyvrp.ProblemData:
    """Locations are the start, the end, then the copies; every service is done on leaving."""
    of_row: defaultdict[int, list[int]] = defaultdict(list)
    for at, copy in enumerate(copies):
        of_row[copy.row].append(at)
    groups = [twins for twins in of_row.values() if len(twins) > 1]
    group_of = {at: number for number, twins in enumerate(groups) for at in twins}
    clients = [
        pyvrp.Client(
            at + 2,
            tw_early=copy.opens_s,
            tw_late=copy.closes_s,
            required=at not in group_of,
            group=group_of.get(at),
        )
        for at, copy in enumerate(copies)
    ]
    day = problem.day
    vehicles = [
        pyvrp.VehicleType(1, end_depot=1, tw_early=day.depart_s, tw_late=day.until_s, profile=REP),
        pyvrp.VehicleType(len(of_row), end_depot=1, profile=NOT_TODAY),
    ]
    costs, durations = _matrices(problem, copies)
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(copies) + 2)],
        clients,
        [pyvrp.Depot(0), pyvrp.Depot(1)],
        vehicles,
        costs,
        durations,
        [pyvrp.ClientGroup(twins, required=True) for twins in groups],
    )


Matrices = list[Any]  # of square int64 arrays, for which PyVRP declares a type that none has


def _matrices(problem: Problem, copies: list[Copy]) -> tuple[Matrices, Matrices]:
    """Write the costs and the durations for the rep and for "not today"."""
    rows = np.array([0, problem.end, *(copy.row for copy in copies)])
    service = np.array([0, *(stop.service_s for stop in problem.stops), 0], dtype=np.int64)
    travel = problem.matrix.seconds[np.ix_(rows, rows)].astype(np.int64)
    lost = np.array([0, *_losses(problem), 0], dtype=np.int64)
    costs = [travel, np.tile(lost[rows], (len(rows), 1))]
    durations = [travel + service[rows][:, None], np.zeros_like(travel)]
    for matrix in costs + durations:
        np.fill_diagonal(matrix, 0)
    return costs, durations


def _losses(problem: Problem) -> list[int]:
    """A stop weighs more than all the road that fits into a day, a required one more than all."""
    day_s = max(problem.day.until_s - problem.day.depart_s, 1)
    everything = sum(weight(stop) for stop in problem.stops)
    return [day_s * (weight(stop) + stop.required * everything) for stop in problem.stops]
