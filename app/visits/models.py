from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.media.rules import Kind
from app.visits.rules import OLDER, Closing, ContactKind, Evidence, Outcome, Verdict


class Visit(SQLModel, table=True):
    """A visit from check-in to check-out. `checked_in_at` is the phone's clock, `received_at` ours.

    Positions are WGS-84 degrees, distances and accuracies metres.
    """

    __table_args__ = (
        Index("visit_of_customer", "customer_id", "checked_in_at"),
        Index("visit_of_person", "person_id", "checked_in_at"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    person_id: UUID = Field(foreign_key="person.id")
    checked_in_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    distance_m: float | None = None
    verdict: Verdict = Field(sa_type=choice(Verdict))
    reason: str = ""
    wrong_clock: bool = False
    planned: bool = False
    checked_out_at: datetime | None = Field(default=None, sa_type=Moment)
    out_lat: float | None = None
    out_lon: float | None = None
    out_accuracy_m: float | None = None
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome))
    next_step: str = ""
    next_on: date | None = None
    next_minute: int | None = None  # of that day: an appointment
    closed_by: Closing | None = Field(default=None, sa_type=choice(Closing))

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.distance_m, self.accuracy_m, self.verdict)

    @property
    def stayed(self) -> timedelta | None:
        """How long, where the person said so by checking out, and the phone's clock allows it."""
        if self.checked_out_at is None or self.closed_by is not Closing.CHECKED_OUT:
            return None
        stayed = self.checked_out_at - self.checked_in_at
        return stayed if stayed >= timedelta() else None


class Note(SQLModel, table=True):
    __table_args__ = (
        Index("note_of_customer", "customer_id", "written_at"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    written_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    text: str


class OtherContact(SQLModel, table=True):
    """A call, a message, a dinner: in touch without a visit.

    `made_at` is the phone's clock, `received_at` ours; `next_on` the day agreed for the next one.
    """

    __tablename__ = "other_contact"
    __table_args__ = (
        Index("other_contact_of_customer", "customer_id", "made_at"),
        Index("other_contact_of_person", "person_id", "made_at"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    person_id: UUID = Field(foreign_key="person.id")
    kind: ContactKind = Field(sa_type=choice(ContactKind))
    outcome: Outcome = Field(sa_type=choice(Outcome))
    note: str = ""
    next_on: date | None = None
    made_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)


class Photo(SQLModel, table=True):
    """A photo that a person took; its picture, `sha256`, may still be on its way to us.

    `taken_at` and `written_at` are the phone's clock, `received_at` ours. `size` (bytes) and `kind`
    are what the phone said of it. The position is the phone's, never the file's.
    """

    __table_args__ = (
        Index("photo_of_customer", "customer_id", "written_at"),
        Index("photo_of_picture", "sha256", "person_id"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    sha256: str
    size: int
    kind: Kind = Field(sa_type=choice(Kind))
    caption: str = ""
    from_camera: bool = False
    taken_at: datetime = Field(sa_type=Moment)
    written_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    distance_m: float | None = None
    given_up_at: datetime | None = Field(default=None, sa_type=Moment)
    given_up_by_id: UUID | None = Field(default=None, foreign_key="person.id")

    @property
    def older(self) -> bool:
        """Taken so long before it was added that the time is worth telling."""
        return self.written_at - self.taken_at > OLDER
