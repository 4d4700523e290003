"""A rep's day as it is told: where it begins, its stops, what does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from app.core.geo import Point
from app.customers.models import Customer
from app.planning.models import KeyPoint
from app.planning.route.problem import Why
from app.planning.rules import minutes_at, next_weekday
from app.today.rules import Reason
from app.visits.models import Visit


class Start(StrEnum):
    """Where the route begins."""

    HERE = "here"
    LAST_VISIT = "last_visit"
    HOME = "home"
    OFFICE = "office"
    FIRST_STOP = "first_stop"


@dataclass(frozen=True)
class Left:
    """Why a customer is not on the route; `shut` in minutes of the day, `costs` by grade."""

    why: Why
    away: int = 0
    shut: tuple[int, int | None] = (0, None)
    costs: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class StopToday:
    """A customer on today's list. `arrive` is by the rep's clock, `metres` from where they come.

    `hours` and `fixed`, an appointment, are in minutes of the day; `expects` in minor units, where
    the customer usually orders about now.
    """

    customer: Customer
    reasons: Sequence[Reason]
    hours: list[tuple[int, int]] | None
    last_visit: datetime | None
    worth: int = 0
    fixed: int | None = None
    expects: int | None = None
    visit: Visit | None = None
    arrive: time | None = None
    metres: float | None = None
    left_out: Left | None = None

    @property
    def takes(self) -> int:
        """Minutes that the visit takes."""
        return minutes_at(self.customer.grade)

    @property
    def what(self) -> str:
        """What was promised, where that is a reason."""
        return next((one.what for one in self.reasons if one.what), "")


@dataclass
class DayList:
    """The day in the order to drive it. `finish` is when the rep would be back.

    `departs` is when, in seconds of the day, `until` when it ends; `begins_at` and `ends_at` are
    where, None where nobody knows. `could` be visited too: nobody planned them.
    """

    day: date
    departs: int
    until: int = 0
    begins_at: Point | None = None
    ends_at: Point | None = None
    done: list[StopToday] = field(default_factory=list)
    now_at: list[StopToday] = field(default_factory=list)
    ahead: list[StopToday] = field(default_factory=list)
    left_out: list[StopToday] = field(default_factory=list)
    could: list[StopToday] = field(default_factory=list)
    metres: float = 0
    finish: time | None = None
    start: Start = Start.FIRST_STOP
    points: Sequence[KeyPoint] = ()

    @property
    def points_now(self) -> list[KeyPoint]:
        """What is to be thought of today, and what was not crossed off before."""
        return [one for one in self.points if one.for_day <= self.day]

    @property
    def points_later(self) -> list[KeyPoint]:
        return [one for one in self.points if one.for_day > self.day]

    @property
    def next_day(self) -> date:
        return next_weekday(self.day)

    @property
    def count(self) -> int:
        return len(self.done) + len(self.now_at) + len(self.ahead) + len(self.left_out)


@dataclass(frozen=True)
class From:
    """Where the rep's phone last said it was, and when."""

    point: Point
    at: datetime
