"""Why a customer is on today's list, in one reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Because(StrEnum):
    PROMISE_LATE = "promise_late"
    PROMISE_DUE = "promise_due"
    NEVER_VISITED = "never_visited"
    LONG_AGO = "long_ago"
    PLANNED = "planned"


@dataclass(frozen=True)
class Reason:
    """`days` late or since the last visit, where the reason counts them."""

    because: Because
    days: int = 0
    what: str = ""


LONG_AGO_DAYS = 30  # policy, until each grade has its own cadence


def reason(today: date, last_visit: date | None, promise: tuple[date, str] | None) -> Reason:
    """The one thing to know first: a promise, then how long nobody was there."""
    if promise and promise[0] < today:
        return Reason(Because.PROMISE_LATE, (today - promise[0]).days, promise[1])
    if promise:
        return Reason(Because.PROMISE_DUE, 0, promise[1])
    if last_visit is None:
        return Reason(Because.NEVER_VISITED)
    days = (today - last_visit).days
    return Reason(Because.LONG_AGO if days >= LONG_AGO_DAYS else Because.PLANNED, days)
