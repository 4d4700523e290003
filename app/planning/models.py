from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.columns import Moment


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
    """A customer that somebody means to visit on a day; at this minute of it, where agreed."""

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
    at_minute: int | None = None
    purpose: str = ""
    planned_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


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
