from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.core.commands import Command
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.customers.rules import LONGEST_VISIT, SHORTEST_VISIT, Grade
from app.planning.cadence import Cadence, Rhythm, Shares, Unit
from app.planning.frame import EndsAt, Frame
from app.planning.rules import Minutes, SkipReason
from app.planning.worth import Weights

LONGEST_LEAVE = timedelta(days=400)
MOST_STOPS = 200  # of one day
Clock = Annotated[time, AfterValidator(lambda at: time(at.hour, at.minute))]  # of whoever drives
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class SetCadence(Command):
    """How often customers of a grade are visited and called; 0 is never."""

    wire_name: ClassVar[str] = "planning.set_cadence.v1"

    grade: Grade
    visits: int = Field(ge=0, le=31, title=_("Visits"))
    visit_months: int = Field(1, ge=1, le=12, title=_("in so many months"))
    calls: int = Field(ge=0, le=31, title=_("Phone contacts"))
    call_span: int = Field(1, ge=1, le=12, title=_("in so many weeks or months"))
    call_unit: Unit = Field(Unit.WEEK, title=_("Counted in"))
    manager_visits: int = Field(0, ge=0, le=31, title=_("Visits with the manager"))
    manager_months: int = Field(1, ge=1, le=12, title=_("in so many months"))
    high_level: bool = Field(default=False, title=_("High-level contact at festivals and year end"))

    @property
    def cadence(self) -> Cadence:
        return Cadence(
            Rhythm(self.visits, self.visit_months),
            Rhythm(self.calls, self.call_span, self.call_unit),
            Rhythm(self.manager_visits, self.manager_months),
            high_level=self.high_level,
        )


class SetShares(Command):
    """The percentage of a visit that other contacts count as."""

    wire_name: ClassVar[str] = "planning.set_shares.v1"

    phone: int = Field(Shares.phone, ge=0, le=100, title=_("Phone"))
    message: int = Field(Shares.message, ge=0, le=100, title=_("Message"))
    letter: int = Field(Shares.letter, ge=0, le=100, title=_("Letter"))
    dinner: int = Field(Shares.dinner, ge=0, le=100, title=_("Dinner"))
    event: int = Field(Shares.event, ge=0, le=100, title=_("Event"))
    exhibition: int = Field(Shares.exhibition, ge=0, le=100, title=_("Exhibition"))
    sports: int = Field(Shares.sports, ge=0, le=100, title=_("Sports"))
    most: int = Field(Shares.most, ge=0, le=100, title=_("All together at most"))


class SetWorth(Command):
    """What makes a visit worth more today."""

    wire_name: ClassVar[str] = "planning.set_worth.v1"

    late: int = Field(Weights.late, ge=0, le=1000, title=_("Overdue by one interval, in percent"))
    most_late: int = Field(Weights.most_late, ge=0, le=10, title=_("Intervals counted at most"))
    promise: int = Field(Weights.promise, ge=0, le=1000, title=_("Promise due, in points"))
    agreed: int = Field(Weights.agreed, ge=0, le=1000, title=_("Agreed for today, in points"))
    order: int = Field(Weights.order, ge=0, le=1000, title=_("Usual order expected, in points"))
    owed: int = Field(Weights.owed, ge=0, le=1000, title=_("Overdue like a usual order, in points"))
    near_m: int = Field(Weights.near_m, ge=0, le=20_000, title=_("Near the way, in metres"))


Length = Annotated[int, Field(ge=SHORTEST_VISIT, le=LONGEST_VISIT)]


class SetMinutes(Command):
    """How long a visit takes, by the letter of the grade."""

    wire_name: ClassVar[str] = "planning.set_minutes.v1"

    a: Length = Field(Minutes.a, title=_("A customers"))
    b: Length = Field(Minutes.b, title=_("B customers"))
    c: Length = Field(Minutes.c, title=_("C customers"))
    d: Length = Field(Minutes.d, title=_("D customers"))
    ungraded: Length = Field(Minutes.ungraded, title=_("Without a grade"))


class SetFrame(Command):
    """When a day begins and ends, lunch, how many visits, and where the way ends."""

    wire_name: ClassVar[str] = "planning.set_frame.v1"

    begins: Clock = Field(title=_("Day begins"))
    ends: Clock = Field(title=_("Day ends"))
    lunch_from: Clock = Field(Frame.lunch_from, title=_("Lunch begins from"))
    lunch_to: Clock = Field(Frame.lunch_to, title=_("and at the latest at"))
    lunch_minutes: int = Field(Frame.lunch_minutes, ge=0, le=180, title=_("Minutes for lunch"))
    most: int = Field(Frame.most, ge=0, le=99, title=_("Visits a day at most"))
    early: int = Field(Frame.early, ge=0, le=1000, title=_("A before noon, in points"))
    end_at: EndsAt = Field(Frame.end_at, title=_("Where the day ends"))

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.ends <= self.begins:
            raise Refused(_("The day ends before it begins."))
        if self.lunch_to < self.lunch_from:
            raise Refused(_("Lunch ends before it begins."))
        return self


class DayKind(StrEnum):
    OFF = "off"
    WORKED = "worked"
    USUAL = "usual"


class SetDay(Command):
    """A holiday or a working day, whatever is official; usual: as is official."""

    wire_name: ClassVar[str] = "planning.set_day.v1"

    on_day: Day = Field(title=_("Day"))
    kind: DayKind = Field(title=_("What it is"))
    name: str = Field("", max_length=100, title=_("Name"))


class TakeLeave(Command):
    wire_name: ClassVar[str] = "planning.take_leave.v1"

    first_day: Day = Field(title=_("First day"))
    last_day: Day = Field(title=_("Last day"))
    note: str = Field("", max_length=200, title=_("Remark"))

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise Refused(_("The last day is before the first."))
        if self.last_day - self.first_day > LONGEST_LEAVE:
            raise Refused(_("That is longer than a year. Look at the dates again."))
        return self


class CancelLeave(Command):
    wire_name: ClassVar[str] = "planning.cancel_leave.v1"

    leave_id: UUID


class PlanVisit(Command):
    """A visit on a day; with a time it is an appointment. Said again, the day's plan is changed."""

    wire_name: ClassVar[str] = "planning.plan_visit.v1"

    customer_id: UUID
    on_day: Day = Field(title=_("Day"))
    at_time: time | None = Field(None, title=_("Appointment at"))
    purpose: str = Field("", max_length=200, title=_("What for"))
    must: bool = Field(default=False, title=_("Must not be left out"))


class CancelVisit(Command):
    """A visit that was planned will not be made."""

    wire_name: ClassVar[str] = "planning.cancel_visit.v1"

    planned_id: UUID


class WriteKeyPoint(Command):
    """What is to be thought of on a day."""

    wire_name: ClassVar[str] = "planning.write_key_point.v1"

    for_day: date = Field(title=_("Day"))
    text: str = Field(min_length=1, max_length=500, title=_("Key point"))


class CrossOffKeyPoint(Command):
    wire_name: ClassVar[str] = "planning.cross_off_key_point.v1"

    point_id: UUID


class SkipStop(Command):
    """Not to a customer on this day, and why; said before or instead of going."""

    wire_name: ClassVar[str] = "planning.skip_stop.v1"

    on_day: Day
    customer_id: UUID
    reason: SkipReason = Field(title=_("Why not today?"))
    note: str = Field("", max_length=200, title=_("Remark"))


class PinStop(Command):
    """A stop keeps its place among those ahead, which were seen in this order."""

    wire_name: ClassVar[str] = "planning.pin_stop.v1"

    on_day: Day
    customer_id: UUID
    customer_ids: list[UUID] = Field(default_factory=list, max_length=MOST_STOPS)


class UnpinStop(Command):
    wire_name: ClassVar[str] = "planning.unpin_stop.v1"

    on_day: Day
    customer_id: UUID


class AddStop(Command):
    """A customer is to be seen on this day, whatever it costs the others."""

    wire_name: ClassVar[str] = "planning.add_stop.v1"

    on_day: Day
    customer_id: UUID


class OrderStops(Command):
    """The stops ahead in the order in which the rep wants to drive."""

    wire_name: ClassVar[str] = "planning.order_stops.v1"

    on_day: Day
    customer_ids: list[UUID] = Field(min_length=1, max_length=MOST_STOPS)


class PlanAgain(Command):
    """The best order for all that is not pinned."""

    wire_name: ClassVar[str] = "planning.plan_again.v1"

    on_day: Day


class UndoByHand(Command):
    """As if one of the deeds above had not been done."""

    wire_name: ClassVar[str] = "planning.undo_by_hand.v1"

    deed_id: UUID
