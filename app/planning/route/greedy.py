"""Plans that need no engine: its start, and the answer when it finds nothing better."""

from collections.abc import Callable, Sequence

from app.planning.route.evaluate import better, loss, opening, walk, weight
from app.planning.route.problem import Problem, Stop

Appeal = Callable[[Stop, int], float]  # of a stop that takes so many seconds in all; small is good


def greedy(problem: Problem) -> Sequence[int]:
    """Choose the better of always the soonest done and always the most worth a minute."""
    soonest = fill(problem, follow(problem, _soonest))
    return better(problem, soonest, fill(problem, follow(problem, _worth_a_minute)))


def _soonest(stop: Stop, takes_s: int) -> float:
    return takes_s - stop.required


def _worth_a_minute(stop: Stop, takes_s: int) -> float:
    return takes_s / (1_000_000 if stop.required else weight(stop))


def follow(problem: Problem, appeal: Appeal) -> list[int]:
    """Go on from each stop to the most appealing one that still leaves time to get to the end."""
    order: list[int] = []
    here, now = 0, problem.day.depart_s
    left = set(range(1, problem.end))
    while reach := _reach(problem, here, now, left):
        row = min(reach, key=lambda row: (appeal(problem.stops[row - 1], reach[row] - now), row))
        here, now = row, reach[row]
        order.append(row)
        left.remove(row)
    return order


def _reach(problem: Problem, here: int, now: int, left: set[int]) -> dict[int, int]:
    leaves = {row: _leave_s(problem, here, now, row) for row in left}
    return {row: leave_s for row, leave_s in leaves.items() if leave_s is not None}


def _leave_s(problem: Problem, here: int, now: int, row: int) -> int | None:
    stop, seconds = problem.stops[row - 1], problem.matrix.seconds
    start_s = opening(stop.windows, now + int(seconds[here, row]))
    if start_s is None:
        return None
    leave_s = start_s + stop.service_s
    return leave_s if leave_s + int(seconds[row, problem.end]) <= problem.day.until_s else None


def fill(problem: Problem, order: Sequence[int]) -> Sequence[int]:
    """Put every stop that still fits where it costs least, until none of the rest fits anywhere."""
    if walk(problem, order) is None:
        return order
    while best := _best_insertion(problem, order):
        order = best
    return order


def _best_insertion(problem: Problem, order: Sequence[int]) -> Sequence[int] | None:
    rest = sorted(set(range(1, problem.end)).difference(order))
    longer = [[*order[:at], row, *order[at:]] for row in rest for at in range(len(order) + 1)]
    judged = [(judgement, kept) for kept in longer if (judgement := loss(problem, kept))]
    return min(judged)[1] if judged else None
