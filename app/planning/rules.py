"""When a day begins and ends, and how long a visit takes: policy, with its defaults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

MINUTE = 60
FRIDAY, SATURDAY = 4, 5
DAY_BEGINS = time(8, 30)
DAY_ENDS = time(18, 0)
WORTH_BY_LETTER = {"A": 100, "B": 40, "C": 15, "D": 5}
UNGRADED_WORTH = 15
ROUND_TO_S = 5 * MINUTE
LITTLE_S = 15 * MINUTE  # so little time to spare is said


class Deed(StrEnum):
    """What a rep does by hand with a stop of a day, or with its order."""

    SKIP = "skip"
    PIN = "pin"
    UNPIN = "unpin"
    ADD = "add"
    ORDER = "order"
    AGAIN = "again"


class SkipReason(StrEnum):
    CLOSED = "closed"
    NO_TIME = "no_time"
    LATER = "asked_to_come_later"
    MET_ELSEWHERE = "met_elsewhere"
    OTHER = "other"


@dataclass(frozen=True)
class Minutes:
    """Policy: how long a visit takes, by the letter of the grade."""

    a: int = 40
    b: int = 30
    c: int = 20
    d: int = 15
    ungraded: int = 20

    def at(self, grade: str | None, own: int | None = None) -> int:
        """Of a customer: their `own` where somebody has said how long it takes there."""
        letters = {"A": self.a, "B": self.b, "C": self.c, "D": self.d}
        return own or letters.get((grade or "")[:1], self.ungraded)


def minutes_at(grade: str | None) -> int:
    """By the policy as it is unless somebody changes it."""
    return Minutes().at(grade)


def worth_of(grade: str | None) -> int:
    return WORTH_BY_LETTER.get((grade or "")[:1], UNGRADED_WORTH)


def in_steps(now: datetime) -> int:
    """Seconds of the day, in steps of five minutes."""
    return seconds_of(now.time()) // ROUND_TO_S * ROUND_TO_S


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
