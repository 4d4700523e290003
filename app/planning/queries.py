import json
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, union
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import company_of
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.customers.models import Customer
from app.customers.queries import NO_VISITOR, customers_known, seen_by
from app.customers.rules import Status
from app.planning.cadence import Windows
from app.planning.facts import Scope
from app.planning.models import KeyPoint, Leave, PlannedVisit, StopByHand
from app.planning.reckoning import Book, Card, book_of
from app.settings import settings

CHANGES = 20
STANDS = col(PlannedVisit.cancelled_at).is_(None)


def planned_for(db: Session, person: Person, day: date) -> list[tuple[PlannedVisit, Customer]]:
    """What the person means to do on `day`, at customers that they may still see."""
    rows = db.exec(
        select(PlannedVisit, Customer)
        .join(Customer, col(Customer.id) == col(PlannedVisit.customer_id))
        .where(PlannedVisit.person_id == person.id, PlannedVisit.on_day == day, seen_by(person))
        .where(STANDS)
        .order_by(col(PlannedVisit.planned_at), col(PlannedVisit.id))
    )
    return [(plan, customer) for plan, customer in rows]


def next_planned(
    db: Session, person: Person, customer_id: UUID, after: date
) -> Sequence[PlannedVisit]:
    return db.exec(
        select(PlannedVisit)
        .where(
            PlannedVisit.person_id == person.id,
            PlannedVisit.customer_id == customer_id,
            col(PlannedVisit.on_day) >= after,
            STANDS,
        )
        .order_by(col(PlannedVisit.on_day))
        .limit(1)
    ).all()


def planned_between(
    db: Session, person: Person, first: date, last: date
) -> Sequence[tuple[date, UUID]]:
    """The days from `first` to `last` with the customers that the person means to visit on them."""
    wanted = select(col(PlannedVisit.on_day), col(PlannedVisit.customer_id)).where(
        PlannedVisit.person_id == person.id,
        col(PlannedVisit.on_day) >= first,
        col(PlannedVisit.on_day) <= last,
        STANDS,
    )
    return [(day, customer) for day, customer in db.exec(wanted)]


def planned_visit(db: Session, person: Person, planned_id: UUID) -> PlannedVisit:
    """Raises NotFound when it is somebody else's, or nobody's."""
    plan = db.get(PlannedVisit, planned_id)
    if plan is None or plan.person_id != person.id:
        raise NotFound(_("This plan is not one of yours."))
    return plan


def key_points(db: Session, person: Person) -> Sequence[KeyPoint]:
    """What the person has not crossed off, the earliest day first."""
    wanted = select(KeyPoint).where(
        KeyPoint.person_id == person.id, col(KeyPoint.done_at).is_(None)
    )
    return db.exec(wanted.order_by(col(KeyPoint.for_day), col(KeyPoint.written_at))).all()


def key_point_of(db: Session, person: Person, point_id: UUID) -> KeyPoint:
    """Raises NotFound when it is somebody else's, or nobody's."""
    point = db.get(KeyPoint, point_id)
    if point is None or point.person_id != person.id:
        raise NotFound(_("This key point is not one of yours."))
    return point


def deeds_of(db: Session, person: Person, day: date) -> Sequence[StopByHand]:
    """What the person did by hand with that day and did not undo, in this order."""
    own = select(StopByHand).where(
        StopByHand.person_id == person.id,
        StopByHand.on_day == day,
        col(StopByHand.undone_at).is_(None),
    )
    return db.exec(own.order_by(col(StopByHand.number), col(StopByHand.id))).all()


def deed_of(db: Session, person: Person, deed_id: UUID) -> StopByHand:
    """Raises NotFound when it is somebody else's, or nobody's."""
    deed = db.get(StopByHand, deed_id)
    if deed is None or deed.person_id != person.id:
        raise NotFound(_("This change is not one of yours."))
    return deed


def seen_of(db: Session, person: Person, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these customers that the person may visit, each once; NotFound when that is none."""
    if not person.visits:
        raise Refused(NO_VISITOR)
    known = {one.customer.id for one in customers_known(db, person, ids)}
    seen = [one for one in dict.fromkeys(ids) if one in known]
    if not seen:
        raise NotFound(_("These customers are not among those you look after."))
    return seen


def nobody() -> Any:
    """No customers: only policy and calendar are wanted."""
    return select(Customer.id).where(col(Customer.id).is_(None))


def policy_of(db: Session, person: Person) -> Book:
    """The policy and the calendar of the person's company."""
    return book_of(db, person, Scope(nobody()))


def policy_maker(person: Person) -> Person:
    """The person, if the company's policy is theirs to set."""
    if not (person.administers or person.leads):
        raise Refused(_("The policy is set by managers and the administrator."))
    return person


def leaves_of(db: Session, person: Person) -> list[Leave]:
    """The person's own that were not cancelled, the latest first."""
    own = select(Leave).where(Leave.person_id == person.id, col(Leave.cancelled_at).is_(None))
    return list(db.exec(own.order_by(col(Leave.first_day).desc()).limit(CHANGES)))


def leave_of(db: Session, person: Person, leave_id: UUID) -> Leave:
    """The leave, if it is this person's."""
    leave = db.exec(select(Leave).where(Leave.id == leave_id, Leave.person_id == person.id)).first()
    if leave is None:
        raise NotFound(_("This leave is not one of yours."))
    return leave


def reckoned_by(person: Person, customer_ids: Collection[UUID]) -> Any:
    """A statement for what, when it is touched, moves what is due: the company, and who is away."""
    owners = select(col(Customer.owner_id)).where(col(Customer.id).in_(customer_ids))
    return union(company_of(person.team_id), owners.where(col(Customer.owner_id).is_not(None)))


def own_cards(db: Session, person: Person) -> list[tuple[Card, float | None, float | None]]:
    """The customers that the person looks after, with position, light enough for a thousand."""
    wanted = columns(
        col(Customer.id),
        col(Customer.grade),
        cast(col(Customer.windows), Text).label("windows"),
        col(Customer.lat),
        col(Customer.lon),
        col(Customer.owed),
        col(Customer.owed_since),
        col(Customer.currency),
    )
    return [
        (card_in(row, person), row.lat, row.lon)
        for row in db.connection().execute(wanted.where(own(person)))
    ]


def card_in(row: Any, owner: Person) -> Card:
    """Out of the columns of `own_cards`."""
    windows, money = windows_in(row.windows), (row.owed or 0, row.owed_since, row.currency)
    return Card(row.id, row.grade, windows, owner.id, owner.time_zone, *money)


@lru_cache(maxsize=4096)
def windows_in(text: str | None) -> Windows:
    """Customers have few different opening hours: each is read once."""
    return json.loads(text) if text else None


def own(person: Person) -> Any:
    """The condition that a customer is the person's own, and not given up."""
    active = col(Customer.status) != Status.INACTIVE
    return seen_by(person) & (col(Customer.owner_id) == person.id) & active


def card_of(customer: Customer, owner: Person | None) -> Card:
    zone = owner.time_zone if owner else settings().time_zone
    return Card(
        customer.id,
        customer.grade,
        customer.windows,
        customer.owner_id,
        zone,
        customer.owed or 0,
        customer.owed_since,
        customer.currency,
    )
