from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.columns import Moment, choice
from app.planning.rules import Deed, SkipReason


class KeyPoint(SQLModel, table=True):
    """What somebody means to think of on a day; it stays until it is crossed off."""

    __tablename__ = "key_point"
    __table_args__ = (
        Index("key_point_of_day", "person_id", "for_day"),
        {"info": {"touches": "person_id", "touches_day": "for_day"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    for_day: date
    text: str
    written_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)


class PlannedVisit(SQLModel, table=True):
    """A customer that somebody means to visit on a day.

    An appointment is at `at_minute` of that day by the rep's clock; `must`: it is not left out for
    another visit that is worth more.
    """

    __tablename__ = "planned_visit"
    __table_args__ = (
        UniqueConstraint("person_id", "customer_id", "on_day"),
        Index("planned_visit_of_day", "person_id", "on_day"),
        {"info": {"touches": "customer_id", "touches_day": "on_day"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    on_day: date
    purpose: str = ""
    at_minute: int | None = None
    must: bool = False
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
    planned_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


class StopByHand(SQLModel, table=True):
    """What a rep did by hand with a day, whose deeds `number` counts: never changed, only undone.

    `customer_id` is None where it is about the whole day; `customer_ids` are the stops ahead in the
    order in which the rep put them, or saw them.
    """

    __tablename__ = "stop_by_hand"
    __table_args__ = (
        Index("stop_by_hand_of_day", "person_id", "on_day"),
        {"info": {"touches": "person_id", "touches_day": "on_day"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True)
    on_day: date
    number: int
    deed: Deed = Field(sa_type=choice(Deed))
    reason: SkipReason | None = Field(default=None, sa_type=choice(SkipReason))
    note: str = ""
    customer_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime = Field(sa_type=Moment)
    undone_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def order(self) -> list[UUID]:
        return [UUID(key) for key in self.customer_ids]


class Policy(SQLModel, table=True):
    """What a company has changed of the defaults: fields of the policy called `name`.

    A company is the team that has none above it.
    """

    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        {"info": {"touches": "company_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    company_id: UUID = Field(foreign_key="team.id")
    name: str
    fields: dict[str, Any] = Field(sa_type=JSON)
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


class CompanyDay(SQLModel, table=True):
    """A day on which a company works, or does not, whatever is official."""

    __tablename__ = "company_day"
    __table_args__ = (
        UniqueConstraint("company_id", "on_day"),
        {"info": {"touches": "company_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    company_id: UUID = Field(foreign_key="team.id")
    on_day: date
    worked: bool
    name: str = ""
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


class Leave(SQLModel, table=True):
    """Days on which a person does not work, the first and the last included."""

    __table_args__ = (
        Index("leave_of_person", "person_id", "first_day"),
        {"info": {"touches": "person_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    first_day: date
    last_day: date
    note: str = ""
    taken_at: datetime = Field(sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
