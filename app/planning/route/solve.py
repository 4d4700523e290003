"""From stops to a plan."""

from collections.abc import Sequence
from functools import lru_cache

from app.planning.route.evaluate import as_plan, better, opens_during
from app.planning.route.greedy import fill, greedy
from app.planning.route.matrix import travel_between
from app.planning.route.problem import Day, LeftOut, Matrix, Plan, Problem, Stop, Why


def order_day(day: Day, stops: Sequence[Stop], *, seed: int = 0) -> Plan:
    """Order all stops that fit; the others are left out, each with its reason.

    The order in which the stops are given does not matter.
    """
    return _order_day(day, tuple(sorted(stops, key=lambda stop: stop.id)), seed)


@lru_cache(maxsize=512)
def _order_day(day: Day, stops: tuple[Stop, ...], seed: int) -> Plan:
    placed = [(stop, stop.point) for stop in stops if stop.point is not None]
    ends = [day.start, *(point for _, point in placed), day.end or day.start]
    matrix = travel_between(ends)
    if day.end is None:
        matrix.seconds[:, -1] = matrix.metres[:, -1] = 0
    plan = solve(day, [stop for stop, _ in placed], matrix, seed=seed)
    lost = tuple(LeftOut(stop.id, Why.NO_POSITION) for stop in stops if stop.point is None)
    return Plan(plan.order, plan.left_out + lost, plan.metres, plan.seconds, plan.finish_s)


def solve(day: Day, stops: Sequence[Stop], matrix: Matrix, *, seed: int = 0) -> Plan:
    """Order the stops by a given matrix: start, stops, end; each step is kept only if better."""
    problem = Problem(day, tuple(stops), matrix)
    order = greedy(problem)
    if sum(opens_during(day, stop) for stop in stops) > 1:
        # PyVRP takes 0.15 s to import, and most processes never plan.
        from app.planning.route.engine import propose  # noqa: PLC0415 - PyVRP is slow to import, and most processes never plan

        order = better(problem, order, fill(problem, propose(problem, seed)))
    return as_plan(problem, order)
