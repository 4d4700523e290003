from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, union_all
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock
from app.core.errors import NotFound
from app.core.geo import distance_m
from app.core.i18n import mark as _
from app.core.latest import grouped, latest
from app.core.memory import remembered
from app.core.places import Fix
from app.customers.models import Customer
from app.customers.queries import customer_to_tell_of
from app.visits.commands import CheckIn
from app.visits.models import Note, OtherContact, Visit
from app.visits.rules import RADIUS_M, Evidence, evidence, reason_needed


@dataclass(frozen=True)
class VisitTold:
    """A visit in a customer's history, and who made it."""

    what: Visit
    person: Person


@dataclass(frozen=True)
class NoteTold:
    """A note in a customer's history, and who wrote it."""

    what: Note
    person: Person


@dataclass(frozen=True)
class ContactTold:
    """A contact other than a visit in a customer's history, and who made it."""

    what: OtherContact
    person: Person


def evidence_of(customer: Customer, position: Fix | None) -> Evidence:
    """What a position says about being at the customer."""
    apart = distance_m(position.point, customer.point) if position and customer.point else None
    accuracy = position.accuracy if position else None
    return evidence(apart, accuracy, customer.radius_m or RADIUS_M)


def own_visit(db: Session, person: Person, visit_id: UUID) -> Visit:
    """The visit, if this person made it."""
    visit = begun(db).get(visit_id) or db.get(Visit, visit_id)
    if visit is None or visit.person_id != person.id:
        raise NotFound(_("This visit is not one of yours."))
    return visit


def begun(db: Session) -> dict[UUID, Visit]:
    """Visits that were just begun: found without being written first."""
    return remembered(db, begun, dict, of=())


def own_visit_at(
    db: Session, person: Person, customer: Customer, visit_id: UUID | None
) -> UUID | None:
    """The id of the visit that something was written in, if it was this person's, and here."""
    if visit_id is None:
        return None
    # Where it was never changes. The visit itself may: whoever checks out looks for himself.
    at = remembered(
        db,
        (own_visit_at, person.id, visit_id),
        lambda: own_visit(db, person, visit_id).customer_id,
        of=(),
    )
    if at != customer.id:
        raise NotFound(_("This visit was at another customer."))
    return visit_id


def visit_today(db: Session, person: Person, customer_id: UUID) -> Visit | None:
    """The person's latest visit to the customer that began today."""
    return visits_today(db, person, [customer_id]).get(customer_id)


def visits_today(db: Session, person: Person, ids: Collection[UUID]) -> dict[UUID, Visit]:
    """The person's latest visit to each of these customers that began today.

    A phone whose clock is days behind must still reach what it has just opened: while a visit is
    open, the day on which we received it counts too.
    """
    begun = clock.begins(clock.today(person.time_zone), person.time_zone)
    just_opened = and_(col(Visit.closed_by).is_(None), col(Visit.received_at) >= begun)
    wanted = select(Visit).where(
        Visit.person_id == person.id,
        col(Visit.customer_id).in_(ids),
        or_(col(Visit.checked_in_at) >= begun, just_opened),
    )
    return {v.customer_id: v for v in db.exec(wanted.order_by(col(Visit.received_at)))}


def visits_on(db: Session, person: Person, day: date) -> Sequence[Visit]:
    """The person's visits that began on `day` by their own clock, in order."""
    begins = clock.begins(day, person.time_zone)
    ends = clock.begins(day + timedelta(days=1), person.time_zone)
    return db.exec(
        select(Visit)
        .where(
            Visit.person_id == person.id,
            col(Visit.checked_in_at) >= begins,
            col(Visit.checked_in_at) < ends,
        )
        .order_by(col(Visit.checked_in_at))
    ).all()


def left_open(db: Session, person: Person) -> list[Visit]:
    """The visits without an end, asked for once in a person's turn: a new one is put there."""
    return remembered(db, (left_open, person.id), lambda: without_end(db, person), of=())


def without_end(db: Session, person: Person) -> list[Visit]:
    wanted = select(Visit).where(Visit.person_id == person.id, col(Visit.closed_by).is_(None))
    return list(db.exec(wanted))


def notes_of_visit(db: Session, visit: Visit) -> Sequence[Note]:
    return db.exec(
        select(Note).where(Note.visit_id == visit.id).order_by(col(Note.written_at))
    ).all()


def last_visits(db: Session, customer_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of these customers was last visited, by anybody."""
    rows = db.exec(
        select(Visit.customer_id, func.max(Visit.checked_in_at))
        .where(col(Visit.customer_id).in_(list(customer_ids)))
        .group_by(col(Visit.customer_id))
    )
    return dict(rows.all())


def visits_told(db: Session, ids: Collection[UUID], limit: int) -> Mapping[UUID, list[VisitTold]]:
    """The latest visits to customers that were found with permission, newest first."""
    at = col(Visit.checked_in_at).desc()
    rows = db.exec(
        select(Visit, Person)
        .join(Person, col(Person.id) == col(Visit.person_id))
        .where(col(Visit.id).in_(latest(Visit.customer_id, ids, limit, at)))
        .order_by(at)
    )
    told = grouped(ids)
    for visit, person in rows:
        told[visit.customer_id].append(VisitTold(visit, person))
    return told


def words_told(
    db: Session, ids: Collection[UUID], limit: int
) -> Mapping[UUID, list[NoteTold | ContactTold]]:
    """The latest notes and the latest other contacts of customers found with permission.

    Both in one statement; nothing is said of the order among them.
    """
    notes = latest(Note.customer_id, ids, limit, col(Note.written_at).desc())
    contacts = latest(OtherContact.customer_id, ids, limit, col(OtherContact.made_at).desc())
    keys = union_all(notes, contacts).subquery()
    who = func.coalesce(col(Note.person_id), col(OtherContact.person_id))
    rows = db.exec(
        select(Note, OtherContact, Person)
        .select_from(keys)
        .join(Note, col(Note.id) == keys.c.id, isouter=True)
        .join(OtherContact, col(OtherContact.id) == keys.c.id, isouter=True)
        .join(Person, col(Person.id) == who)
    )
    told = grouped(ids)
    for note, contact, person in rows:
        if note is not None:
            told[note.customer_id].append(NoteTold(note, person))
        else:
            told[contact.customer_id].append(ContactTold(contact, person))
    return told


def customer_of_visit(db: Session, visit_id: UUID) -> UUID:
    return db.get_one(Visit, visit_id).customer_id


def reason_to_ask(db: Session, person: Person, wish: CheckIn) -> Evidence | None:
    """What to show when a new check-in is far from the pin and does not say why yet."""
    if db.get(Visit, wish.id):
        return None
    seen = evidence_of(customer_to_tell_of(db, person, wish.customer_id), wish.position)
    return seen if reason_needed(seen) and not wish.reason else None
