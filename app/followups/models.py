from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.followups.rules import Side


class Promise(SQLModel, table=True):
    """What we owe a customer, or they owe us, and by when."""

    __table_args__ = (
        Index("promise_of_customer", "customer_id", "due_on"),
        Index("promise_of_person", "person_id", "due_on"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    side: Side = Field(default=Side.OURS, sa_type=choice(Side))
    what: str
    due_on: date
    made_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
