"""How fast the traffic is by the hour of the day.

Speed changes at full hours while one drives (Ichoua, Gendreau and Potvin 2003), so who leaves later
never arrives sooner.
"""

from bisect import bisect_right
from math import ceil, floor

from app.planning.route.problem import Pace, Problem


def arrival(problem: Problem, leave_s: int, here: int, there: int) -> int:
    """Seconds of the day at which one is there; by the matrix alone where no pace is told."""
    takes_s = problem.seconds[here][there]
    if problem.pace is None or not takes_s:
        return leave_s + takes_s
    return driven(problem.pace, leave_s, takes_s)


def driven(pace: Pace, leave_s: int, takes_s: int) -> int:
    """When a road that takes so long at pace 1 is behind one; the hours go round after midnight."""
    now, left = float(leave_s), float(takes_s)
    while True:
        hour = floor(now / pace.hour_s)
        speed = pace.speeds[hour % len(pace.speeds)]
        until_next = (hour + 1) * pace.hour_s - now
        if left <= until_next * speed:
            return ceil(now + left / speed - 1e-6)
        left -= until_next * speed
        now = float((hour + 1) * pace.hour_s)


def departure(problem: Problem, by_s: int, here: int, there: int) -> int:
    """The last second at which one may leave and is there by then."""
    takes_s = problem.seconds[here][there]
    if problem.pace is None or not takes_s:
        return by_s - takes_s
    pace = problem.pace
    soonest = by_s - ceil(takes_s / min(pace.speeds)) - 1
    times = range(soonest, by_s + 1)
    return soonest + bisect_right(times, by_s, key=lambda at: driven(pace, at, takes_s)) - 1


def usual(pace: Pace, depart_s: int, until_s: int) -> float:
    """How many times longer than at pace 1 the roads of such a day take, taken over its hours."""
    first, last = depart_s // pace.hour_s, max(until_s - 1, depart_s) // pace.hour_s
    hours = range(first, min(last, first + len(pace.speeds) - 1) + 1)
    return sum(1 / pace.speeds[hour % len(pace.speeds)] for hour in hours) / len(hours)
