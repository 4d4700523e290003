"""What a customer is; when they are open."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

Window = tuple[
    int, int, int
]  # weekday (Monday 0), opens, closes: minutes of the day, closes may pass 1440


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
    """Opening windows of `day` as (opens, closes) in minutes of the day, in order.

    What stays open past midnight belongs to the day it opened on and, cut at midnight, also to the
    morning after.
    """
    today, before = day.weekday(), (day.weekday() - 1) % 7
    own = [(opens, closes) for weekday, opens, closes in windows if weekday == today]
    late = [
        (0, closes - DAY) for weekday, _, closes in windows if weekday == before and closes > DAY
    ]
    return sorted(own + late)


CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none is taken for another
CODE_LENGTH = 7


def road_code(customer_id: UUID) -> str:
    """N-7K3QXA2: the code of a customer that a rep made, until the office gives another."""
    digits = (customer_id.int >> 5 * place & 31 for place in reversed(range(CODE_LENGTH)))
    return "N-" + "".join(CODE_LETTERS[digit] for digit in digits)
