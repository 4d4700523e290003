"""A rep's day as it is told: where it begins, its stops, what does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from app.core.geo import Point
from app.customers.models import Customer
from app.planning.by_hand import ByHand
from app.planning.models import KeyPoint, PlannedVisit, StopByHand
from app.planning.route.problem import Lunch, Why
from app.planning.rules import next_weekday
from app.planning.territory import Territory
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
class OnTheWay:
    """How a stop ahead fits in. `spare` minutes until it would be too late, where they are few.

    `shut`, where nobody can begin on arriving or after: from when to when, in minutes of the day.
    `late` minutes after what was agreed.
    """

    spare: int | None = None
    shut: tuple[int, int | None] | None = None
    late: int = 0


@dataclass(frozen=True)
class Sum:
    """What a day comes to: minutes on the `road`; `over` is how many minutes too late it ends."""

    stops: int
    metres: float
    road: int
    finish: time
    over: int = 0


@dataclass(frozen=True)
class StopToday:
    """A customer on today's list. `arrive` is when the visit can begin, by the rep's clock.

    `metres` from where they come.

    `hours` are in minutes of the day, as is `fixed`: when an appointment starts, should it not be
    too late for it. The visit `takes` so many minutes; begun by minute `early[0]`, it is
    worth `early[1]` points more. `expects`, in minor units, where the customer
    usually orders about now. `lunch` is when it is eaten, where that is before this visit.
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
    lunch: time | None = None
    left_out: Left | None = None
    plan: PlannedVisit | None = None
    takes: int = 0
    early: tuple[int, int] | None = None
    course: OnTheWay | None = None
    pinned: bool = False
    skipped: StopByHand | None = None

    @property
    def appointment(self) -> int | None:
        """The minute of the day that was agreed."""
        return self.plan.at_minute if self.plan else None

    @property
    def what(self) -> str:
        """What was promised, where that is a reason."""
        return next((one.what for one in self.reasons if one.what), "")


@dataclass
class DayList:
    """The day in the order to drive it. `finish` is when the rep would be back, if one `returns`.

    `departs` is when, in seconds of the day, `until` when it ends; `now_s` is the second that it
    is, 0 on a day to come. `begins_at` and `ends_at` are where, None where nobody knows.
    `could` be visited too: nobody planned them. `lunch`, where it is eaten after the last visit.
    `road` is in minutes, `over` how many minutes too late it ends. `best` is what planning again
    would give, where that is not the rep's own order; `meal` is the lunch that the plan leaves room
    for; `latest` is what the rep did last by hand; `hasty`: a better one may come.
    """

    day: date
    departs: int
    now_s: int = 0
    until: int = 0
    begins_at: Point | None = None
    ends_at: Point | None = None
    done: list[StopToday] = field(default_factory=list)
    now_at: list[StopToday] = field(default_factory=list)
    ahead: list[StopToday] = field(default_factory=list)
    left_out: list[StopToday] = field(default_factory=list)
    could: list[StopToday] = field(default_factory=list)
    skipped: list[StopToday] = field(default_factory=list)
    metres: float = 0
    road: int = 0
    finish: time | None = None
    returns: bool = True
    lunch: time | None = None
    over: int = 0
    meal: Lunch | None = None
    territory: Territory = field(default_factory=Territory)
    best: Sum | None = None
    by_hand: ByHand = field(default_factory=ByHand)
    latest: StopByHand | None = None
    hasty: bool = False
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

    def name_of(self, customer_id: UUID | None) -> str:
        """Of somebody on the list."""
        lists = (self.ahead, self.skipped, self.left_out, self.now_at, self.done)
        stops = (stop.customer for one in lists for stop in one)
        return next((one.called for one in stops if one.id == customer_id), "")

    @property
    def count(self) -> int:
        """Of the stops that are driven to, or were."""
        return len(self.done) + len(self.now_at) + len(self.ahead)


@dataclass(frozen=True)
class Changing:
    """A customer whose place in the day is looked at; the orders that a move would make."""

    customer: Customer
    plan: DayList

    @property
    def ahead(self) -> StopToday | None:
        return self._in(self.plan.ahead)

    @property
    def skipped(self) -> StopByHand | None:
        stop = self._in(self.plan.skipped)
        return stop.skipped if stop else None

    @property
    def visited(self) -> bool:
        return bool(self._in(self.plan.done) or self._in(self.plan.now_at))

    @property
    def along(self) -> list[UUID]:
        return [stop.customer.id for stop in self.plan.ahead]

    @property
    def earlier(self) -> list[UUID]:
        return moved(self.along, self.customer.id, -1)

    @property
    def later(self) -> list[UUID]:
        return moved(self.along, self.customer.id, 1)

    @property
    def first(self) -> list[UUID]:
        return moved(self.along, self.customer.id, -len(self.along))

    def _in(self, stops: Sequence[StopToday]) -> StopToday | None:
        return next((stop for stop in stops if stop.customer.id == self.customer.id), None)


def moved(along: Sequence[UUID], one: UUID, by: int) -> list[UUID]:
    """With one so many places later, at either end at most; empty where that changes nothing."""
    at, rest = along.index(one), [other for other in along if other != one]
    rest.insert(max(0, at + by), one)
    return [] if rest == list(along) else rest


@dataclass(frozen=True)
class From:
    """Where the rep's phone last said it was, and when."""

    point: Point
    at: datetime
