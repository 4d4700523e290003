"""When a day begins and ends, and how long a visit takes: policy, with its defaults."""

from collections.abc import Sequence
from datetime import date, time, timedelta

MINUTE = 60
FRIDAY, SATURDAY = 4, 5
DAY_BEGINS = time(8, 30)
DAY_ENDS = time(18, 0)
MINUTES_BY_LETTER = {"A": 40, "B": 30, "C": 20, "D": 15}
WORTH_BY_LETTER = {"A": 100, "B": 40, "C": 15, "D": 5}
UNGRADED_MINUTES, UNGRADED_WORTH = 20, 15
ROUND_TO_S = 5 * MINUTE


def minutes_at(grade: str | None) -> int:
    return MINUTES_BY_LETTER.get((grade or "")[:1], UNGRADED_MINUTES)


def worth_of(grade: str | None) -> int:
    return WORTH_BY_LETTER.get((grade or "")[:1], UNGRADED_WORTH)


def start_windows(
    opening: Sequence[tuple[int, int]] | None, service_s: int
) -> tuple[tuple[int, int], ...]:
    """Seconds at which a visit may start so that it ends before closing; () means at any time.

    `opening` is in minutes of the day, None when the hours are not known, empty when closed.
    """
    if opening is None:
        return ()
    inside = [
        (opens * MINUTE, max(opens * MINUTE, closes * MINUTE - service_s))
        for opens, closes in opening
    ]
    return tuple(inside) or ((0, -1),)


def seconds_of(at: time) -> int:
    return (at.hour * 60 + at.minute) * 60 + at.second


def next_weekday(day: date) -> date:
    """The next of Monday to Friday."""
    return day + timedelta(days={FRIDAY: 3, SATURDAY: 2}.get(day.weekday(), 1))
