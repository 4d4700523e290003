"""From stops to a plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.planning.route.answer import as_plan
from app.planning.route.effort import Effort
from app.planning.route.evaluate import opens_during
from app.planning.route.greedy import greedy
from app.planning.route.improve import improved, loses
from app.planning.route.matrix import Roadmap, travel_between
from app.planning.route.net import net_of
from app.planning.route.problem import Day, LeftOut, Matrix, Pace, Plan, Problem, Stop, Why


def order_day(
    day: Day,
    stops: Sequence[Stop],
    *,
    roads: Roadmap = travel_between,
    pace: Pace | None = None,
    plan: Callable[[Problem], Plan] | None = None,
) -> Plan:
    """Order all stops that fit; the others are left out, each with its reason.

    The order in which the stops are given does not matter.
    """
    by_id = sorted(stops, key=lambda stop: stop.id)
    placed = [(stop, stop.point) for stop in by_id if stop.point is not None]
    matrix = roads([day.start, *(point for _, point in placed), day.end or day.start])
    if day.end is None:
        matrix.seconds[:, -1] = matrix.metres[:, -1] = 0
    problem = Problem(day, tuple(stop for stop, _ in placed), matrix, pace)
    lost = tuple(LeftOut(stop.id, Why.NO_POSITION) for stop in by_id if stop.point is None)
    found = (plan or answered)(problem)
    return replace(found, left_out=found.left_out + lost)


def solve(
    day: Day,
    stops: Sequence[Stop],
    matrix: Matrix,
    *,
    seed: int = 0,
    seconds: float | None = None,
    pace: Pace | None = None,
) -> Plan:
    """Order the stops by a given matrix: start, stops, end; each step is kept only if better.

    `seconds` is the longest that it may take; without it the work is that of a page.
    """
    return answered(Problem(day, tuple(stops), matrix, pace), seed=seed, seconds=seconds)


def answered(problem: Problem, *, seed: int = 0, seconds: float | None = None) -> Plan:
    effort, day = Effort(seconds), problem.day
    if day.until_s < day.depart_s:
        return as_plan(problem, ())
    net = net_of(problem)
    order = greedy(problem, net)
    proven = not loses(problem, order)
    if sum(opens_during(day, stop) for stop in problem.stops) > 1:
        order, proven = improved(problem, net, order, effort, seed)
    return as_plan(problem, order, proven=proven)


def hasty(problem: Problem) -> Plan:
    """A plan without an engine, in milliseconds: for who cannot wait, or need not."""
    if problem.day.until_s < problem.day.depart_s:
        return as_plan(problem, ())
    order = greedy(problem, net_of(problem))
    plan = as_plan(problem, order, proven=not loses(problem, order))
    return replace(plan, hasty=len(problem.stops) > 1)
