from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from app.accounts.models import Person
from app.core.commands import handles
from app.core.events import on
from app.planning.commands import CrossOffKeyPoint, WriteKeyPoint
from app.planning.models import KeyPoint, PlannedVisit
from app.planning.queries import key_point_of
from app.visits.events import CheckedOut


@on(CheckedOut)
def plan_next_visit(db: Session, fact: CheckedOut) -> None:
    """The next date agreed at the door goes into the plan."""
    if fact.visit.next_on:
        plan_visit(db, fact.visit.person_id, fact.visit.customer_id, fact.visit.next_on)


def plan_visit(db: Session, person_id: UUID, customer_id: UUID, day: date) -> None:
    """Planned once, however often it is said."""
    planned = select(PlannedVisit).where(
        PlannedVisit.person_id == person_id,
        PlannedVisit.customer_id == customer_id,
        PlannedVisit.on_day == day,
    )
    if db.exec(planned).first() is None:
        db.add(PlannedVisit(person_id=person_id, customer_id=customer_id, on_day=day))


@handles(WriteKeyPoint)
def write_key_point(db: Session, person: Person, command: WriteKeyPoint) -> KeyPoint:
    point = KeyPoint(
        id=command.id,
        person_id=person.id,
        for_day=command.for_day,
        text=command.text,
        written_at=command.at,
    )
    db.add(point)
    return point


@handles(CrossOffKeyPoint)
def cross_off_key_point(db: Session, person: Person, command: CrossOffKeyPoint) -> KeyPoint:
    """Crossed off once; again changes nothing."""
    point = key_point_of(db, person, command.point_id)
    point.done_at = point.done_at or command.at
    return point
