"""How fast the traffic is by the hour of the day.

Speed changes at full hours while one drives (Ichoua, Gendreau and Potvin 2003), so who leaves later
never arrives sooner.
"""

from math import ceil, floor

from app.planning.route.problem import Problem

HOUR = 3600


def arrival(problem: Problem, leave_s: int, here: int, there: int) -> int:
    """Seconds of the day at which one is there; always the matrix alone where no pace is told."""
    takes_s = problem.seconds[here][there]
    return driven(problem.pace, leave_s, takes_s) if problem.pace and takes_s else leave_s + takes_s


def driven(pace: tuple[float, ...], leave_s: int, takes_s: int) -> int:
    """When a road that takes so long at pace 1 is behind one; the hours go round after midnight."""
    now, left = float(leave_s), float(takes_s)
    while True:
        hour = floor(now / HOUR)
        speed = pace[hour % len(pace)]
        until_next = (hour + 1) * HOUR - now
        if left <= until_next * speed:
            return ceil(now + left / speed - 1e-6)
        left -= until_next * speed
        now = float((hour + 1) * HOUR)


def usual(pace: tuple[float, ...], depart_s: int, until_s: int) -> float:
    """How many times longer than at pace 1 the roads of such a day take, taken over its hours."""
    hours = range(depart_s // HOUR, max(until_s - 1, depart_s) // HOUR + 1)
    return sum(1 / pace[hour % len(pace)] for hour in hours) / len(hours)
