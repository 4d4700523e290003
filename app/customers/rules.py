"""What a customer is; when they are open."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

Window = tuple[
    int, int, int
]  # weekday (Monday 0), opens, closes: minutes of the day, closes may pass 1440

SHORTEST_VISIT, LONGEST_VISIT = 5, 480  # minutes


class Kind(StrEnum):
    END_USER = "end_user"
    DEALER = "dealer"
    DISTRIBUTOR = "distributor"
    STORE = "store"
    SITE = "site"


class Grade(StrEnum):
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C = "C"
    D = "D"


class Status(StrEnum):
    PROSPECT = "prospect"
    ACTIVE = "active"
    INACTIVE = "inactive"


class PinSource(StrEnum):
    """Where the customer's position comes from."""

    IMPORTED = "imported"
    CHECK_IN = "check_in"
    PERSON = "person"


class BuyingPart(StrEnum):
    """The part somebody plays when the customer buys."""

    ECONOMIC = "economic"
    TECHNICAL = "technical"
    USER = "user"
    COACH = "coach"


class Attitude(StrEnum):
    FOR_US = "for_us"
    NEUTRAL = "neutral"
    AGAINST = "against"
    UNKNOWN = "unknown"


DAY = 1440


def open_on(windows: Sequence[Sequence[int]], day: date) -> list[tuple[int, int]]:
    """Opening windows of `day` as (opens, closes) in minutes of the day, in order."""
    return open_on_weekday(windows, day.weekday())


def open_on_weekday(windows: Sequence[Sequence[int]], weekday: int) -> list[tuple[int, int]]:
    """The same for any such day of the week; Monday is 0.

    What stays open past midnight belongs to the day it opened on and, cut at midnight, also to the
    morning after.
    """
    before = (weekday - 1) % 7
    own = [(opens, closes) for day, opens, closes in windows if day == weekday]
    late = [(0, closes - DAY) for day, _, closes in windows if day == before and closes > DAY]
    return sorted(own + late)


def opens_on(windows: Sequence[Sequence[int]], day: date) -> bool:
    """Whether there are any, which is asked for thousands of customers at a time."""
    weekday = day.weekday()
    before = (weekday - 1) % 7
    for opened, _, closes in windows:
        if opened == weekday or (closes > DAY and opened == before):
            return True
    return False


def week_of(windows: Sequence[Sequence[int]]) -> list[tuple[list[tuple[int, int]], list[int]]]:
    """Each different opening of the week with the weekdays that have it, Monday's first."""
    week: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for weekday in range(7):
        week.setdefault(tuple(open_on_weekday(windows, weekday)), []).append(weekday)
    return [(list(hours), weekdays) for hours, weekdays in week.items()]


CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is taken for another
CODE_LENGTH = 7


def road_code(customer_id: UUID) -> str:
    """N-7K3QXA2: the code of a customer that a rep made, until the office gives another."""
    digits = (customer_id.int >> 5 * place & 31 for place in reversed(range(CODE_LENGTH)))
    return "N-" + "".join(CODE_LETTERS[digit] for digit in digits)
