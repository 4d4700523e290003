"""PyVRP with optional stops; it proposes an order, `evaluate` judges it.

Every stop is visited by one of two kinds of vehicle: the rep, who pays `evaluate.time_cost`, or
"not today", who pays what leaving that stop out loses. Where there are many stops PyVRP's own
prizes find more in the same time. A stop with several windows is a group of copies, one a window,
of which one is visited; lunch is a group, too, with one copy at every place.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyvrp
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

from app.planning.route.evaluate import Walk, walk
from app.planning.route.net import prizes, usual_travel
from app.planning.route.problem import Problem

REP, NOT_TODAY = 0, 1
MANY = 60  # stops from which on prizes do better than "not today"
MOST_COST = 1 << 58  # of a day; PyVRP counts in 64 bits
HISTORY = 50  # of the late acceptance; short, for few iterations


class Copy(NamedTuple):
    """A stop in one of its windows, or lunch at `row`'s place; `lost` is what it is worth less."""

    row: int
    opens_s: int
    closes_s: int
    lunch: bool = False
    lost: int = 0


class Model(NamedTuple):
    copies: list[Copy]
    data: pyvrp.ProblemData
    by_prize: bool


def propose(
    problem: Problem,
    start: Sequence[int],
    *,
    seed: int,
    iterations: int,
    seconds: float | None = None,
) -> list[int]:
    """Look for a better order than `start`; it is to be judged before it is believed."""
    model = model_of(problem)
    if all(copy.lunch for copy in model.copies):
        return []
    walked = walk(problem, start)
    stop = MaxIterations(iterations)
    best = pyvrp.solve(
        model.data,
        stop if seconds is None else MultipleCriteria([stop, MaxRuntime(max(seconds, 0))]),
        seed=seed,
        collect_stats=False,
        display=False,
        params=pyvrp.SolveParams(ils=pyvrp.IteratedLocalSearchParams(history_length=HISTORY)),
        initial_solution=_warm(model, start, walked) if walked and start else None,
    ).best
    visits = chain.from_iterable(route for route in best.routes() if route.vehicle_type() == REP)
    seen = [model.copies[visit.idx] for visit in visits if visit.is_client()]
    return [copy.row for copy in seen if not copy.lunch]


def model_of(problem: Problem) -> Model:
    """Locations are the start, the end, then the copies; every service is done on leaving."""
    copies = [*_copies(problem), *_lunches(problem)]
    groups: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for at, copy in enumerate(copies):
        groups[(0, True) if copy.lunch else (copy.row, False)].append(at)
    by_prize = len(groups) > MANY
    several = {key: twins for key, twins in groups.items() if len(twins) > 1 or key[1]}
    group_of = {at: number for number, twins in enumerate(several.values()) for at in twins}
    losses = _losses(problem)
    clients = [
        pyvrp.Client(
            at + 2,
            delivery=[0 if copy.lunch else 1],
            tw_early=copy.opens_s,
            tw_late=copy.closes_s,
            prize=losses[copy.row] - losses[0] * copy.lost if by_prize and not copy.lunch else 0,
            required=not by_prize and at not in group_of,
            group=group_of.get(at),
        )
        for at, copy in enumerate(copies)
    ]
    day, stops = problem.day, len(problem.stops)
    rep = pyvrp.VehicleType(
        1,
        capacity=[stops if day.most is None else day.most],
        end_depot=1,
        tw_early=day.depart_s,
        tw_late=day.until_s,
        start_late=day.depart_s if day.soon else day.until_s,
        unit_duration_cost=int(day.soon),
        profile=REP,
    )
    rest = pyvrp.VehicleType(stops, capacity=[1], end_depot=1, profile=NOT_TODAY)
    costs, durations = _matrices(problem, copies, by_prize=by_prize)
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(len(copies) + 2)],
        clients,
        [pyvrp.Depot(0), pyvrp.Depot(1)],
        [rep] if by_prize else [rep, rest],
        costs,
        durations,
        [
            pyvrp.ClientGroup(twins, required=key[1] or not by_prize)
            for key, twins in several.items()
        ],
    )
    return Model(copies, data, by_prize)


def _copies(problem: Problem) -> list[Copy]:
    """One copy of a stop for each window between departure and the day's end, early and late."""
    day = problem.day
    copies: list[Copy] = []
    for row, stop in enumerate(problem.stops, start=1):
        for opens, closes in problem.hours[row] or ((day.depart_s, day.until_s),):
            first, last = max(opens, day.depart_s), min(closes, day.until_s)
            split = stop.early.until_s if stop.early else last
            parts = [(first, min(last, split), 0)]
            if stop.early:
                parts.append((max(first, split + 1), last, stop.early.worth))
            copies += [Copy(row, a, b, lost=lost) for a, b, lost in parts if a <= b]
    return copies


def _lunches(problem: Problem) -> list[Copy]:
    meal = problem.day.meal
    if meal is None:
        return []
    latest_s = min(meal.latest_s, problem.day.until_s)
    return [Copy(row, meal.earliest_s, latest_s, lunch=True) for row in range(problem.end + 1)]


Matrices = list[Any]  # of square int64 arrays, for which PyVRP declares a type that none has


def _matrices(problem: Problem, copies: list[Copy], *, by_prize: bool) -> tuple[Matrices, Matrices]:
    """Write the costs and the durations for the rep and, unless by prize, for "not today"."""
    rows = np.array([0, problem.end, *(copy.row for copy in copies)])
    takes = [problem.day.meal.seconds] if problem.day.meal else [0]
    service = [
        0,
        0,
        *(takes[0] if copy.lunch else problem.stops[copy.row - 1].service_s for copy in copies),
    ]
    travel = usual_travel(problem)[np.ix_(rows, rows)].astype(np.int64)
    losses = _losses(problem)
    lost = np.array([0, 0, *(losses[0] * copy.lost for copy in copies)], dtype=np.int64)
    costs = [travel if by_prize else travel + lost[None, :]]
    durations = [travel + np.array(service, dtype=np.int64)[:, None]]
    if not by_prize:
        # Lunch never goes with "not today": it would cost more than everything.
        never = sum(losses[1:]) + losses[0]
        left = np.array([0, 0, *(never if c.lunch else losses[c.row] for c in copies)])
        costs.append(np.tile(left.astype(np.int64), (len(rows), 1)))
        durations.append(np.zeros_like(travel))
    for matrix in costs + durations:
        np.fill_diagonal(matrix, 0)
    return costs, durations


def _losses(problem: Problem) -> list[int]:
    """What leaving each row out costs; at 0 what one point does: a day spent on the road."""
    prized = prizes(problem)
    day_s = max(problem.day.until_s - problem.day.depart_s, 1)
    point = max(min(day_s * (1 + problem.day.soon), MOST_COST // sum(prized)), 1)
    return [point, *(point * prize for prize in prized)]


def _warm(model: Model, order: Sequence[int], walked: Walk) -> pyvrp.Solution:
    """Write a plan as the solution to start from."""
    of_row: defaultdict[int, list[int]] = defaultdict(list)
    for at, copy in enumerate(model.copies):
        if not copy.lunch:
            of_row[copy.row].append(at)
    meals = {copy.row: at for at, copy in enumerate(model.copies) if copy.lunch}
    visits: list[int] = []
    eaten = walked.lunch_s
    here = 0
    for row, visit in zip(order, walked.visits, strict=True):
        if eaten is not None and eaten < visit.start_s:
            visits.append(meals[row if eaten >= visit.arrive_s else here])
            eaten = None
        fits = (at for at in of_row[row] if _holds(model.copies[at], visit.start_s))
        visits.append(next(fits, of_row[row][-1]))
        here = row
    if eaten is not None:
        visits.append(meals[here])
    routes = [pyvrp.Route(model.data, visits, REP)]
    if not model.by_prize:
        rest = [twins[0] for row, twins in of_row.items() if row not in set(order)]
        routes += [pyvrp.Route(model.data, [at], NOT_TODAY) for at in rest]
    return pyvrp.Solution(model.data, routes)


def _holds(copy: Copy, start_s: int) -> bool:
    return copy.opens_s <= start_s <= copy.closes_s
