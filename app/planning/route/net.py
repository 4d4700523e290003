"""A problem as arrays, for the steps that look at many stops at once. Column i is row i + 1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.planning.route.evaluate import weight
from app.planning.route.pace import usual
from app.planning.route.problem import Lunch, Problem

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 1 << 40  # later than any day
TIMES = 128  # prizes are counted in parts, so that penalties need not be whole


@dataclass(frozen=True, eq=False)
class Net:
    """`opens` and `closes` are [window, stop]; a visit that starts by `closes` can still go home.

    `prize` weighs a required stop more than all others, an appointment more than all required.
    """

    first: Numbers
    between: Numbers
    home: Numbers
    opens: Numbers
    closes: Numbers
    service: Numbers
    prize: Numbers
    early: Numbers
    early_until: Numbers
    depart: int
    until: int
    meal: Lunch | None
    most: int


def net_of(problem: Problem) -> Net:
    """Travel is that of the matrix at the day's usual pace."""
    stops, day = problem.stops, problem.day
    travel = usual_travel(problem)
    service = np.array([stop.service_s for stop in stops], dtype=np.int64)
    hours = [stop.hours or ((day.depart_s, day.until_s),) for stop in stops]
    opens = np.full((max(map(len, hours), default=1), len(stops)), NEVER)
    closes = np.full_like(opens, -NEVER)
    for column, windows in enumerate(hours):
        for at, (opening, closing) in enumerate(windows):
            opens[at, column], closes[at, column] = opening, closing
    home = travel[1:-1, -1]
    closes = np.minimum(closes, day.until_s - home - service)
    closes[closes < opens] = -NEVER
    return Net(
        travel[0, 1:-1],
        travel[1:-1, 1:-1],
        home,
        opens,
        closes,
        service,
        np.array(prizes(problem), dtype=np.int64) * TIMES,
        np.array([stop.early.worth if stop.early else 0 for stop in stops]) * TIMES,
        np.array([stop.early.until_s if stop.early else -NEVER for stop in stops]),
        day.depart_s,
        day.until_s,
        day.meal,
        len(stops) if day.most is None else day.most,
    )


def usual_travel(problem: Problem) -> Numbers:
    """Engines know one matrix; the hours of the day are looked at by `evaluate` alone."""
    travel = problem.matrix.seconds
    if problem.pace is None:
        return travel
    longer = usual(problem.pace, problem.day.depart_s, problem.day.until_s)
    longest: Numbers = np.ceil(travel * longer).astype(np.int64)
    return longest


def prizes(problem: Problem) -> list[int]:
    """What a visit weighs: the loss that `evaluate` tells, gravest first, in one number."""
    stops = problem.stops
    wished = 1 + sum(weight(stop) + (stop.early.worth if stop.early else 0) for stop in stops)
    needed = wished * (1 + sum(stop.required for stop in stops))
    return [
        weight(stop) + wished * stop.required + needed * (stop.fixed_s is not None)
        for stop in stops
    ]


def starts(net: Net, ready: Numbers, to: Numbers) -> Numbers:
    """When the visits `to` start for who is ready then; NEVER when it is too late."""
    start = np.full(ready.shape, NEVER)
    for opens, closes in zip(net.opens[::-1], net.closes[::-1], strict=True):
        start = np.where(ready <= closes[to], np.maximum(ready, opens[to]), start)
    return start


def after_lunch(meal: Lunch, leave: Numbers, arrive: Numbers) -> Numbers:
    """When one is there and has eaten, on arriving or, when that is too late, before leaving."""
    there = np.maximum(arrive, meal.earliest_s) + meal.seconds
    before = np.maximum(leave, meal.earliest_s) + meal.seconds + arrive - leave
    before[leave > meal.latest_s] = NEVER
    return np.where(arrive <= meal.latest_s, there, before)


def gains(net: Net, prize: Numbers, start: Numbers, to: Numbers) -> Numbers:
    return prize[to] + np.where(start <= net.early_until[to], net.early[to], 0)


def can_end(net: Net, leave: Numbers, at: Numbers) -> Flags:
    """Whether who has not eaten yet can still do so and be home in time."""
    if net.meal is None:
        return np.ones(leave.shape, dtype=np.bool_)
    ends: Flags = after_lunch(net.meal, leave, leave + net.home[at]) <= net.until
    return ends
