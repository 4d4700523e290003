from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.core.latest import grouped, latest
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.followups.models import Promise


@dataclass(frozen=True)
class Owed:
    """A promise, whom it was made with, and who wrote it down."""

    promise: Promise
    customer: Customer
    person: Person


@dataclass(frozen=True)
class Inbox:
    """The most urgent open promises, and how many there are in all."""

    owed: list[Owed]
    count: int


def promise_of(db: Session, person: Person, promise_id: UUID) -> Promise:
    """The promise, if this person sees its customer."""
    found = db.exec(
        select(Promise)
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .where(Promise.id == promise_id, seen_by(person))
    ).first()
    if found is None:
        raise NotFound(_("This promise is not among those you look after."))
    return found


def open_promises(db: Session, person: Person, limit: int) -> Inbox:
    """The open promises at the customers this person sees, the most urgent first."""
    rows = db.exec(
        select(Promise, Customer, Person, func.count().over())
        .join(Customer, col(Customer.id) == col(Promise.customer_id))
        .join(Person, col(Person.id) == col(Promise.person_id))
        .where(seen_by(person), col(Promise.done_at).is_(None))
        .order_by(col(Promise.due_on), col(Promise.id))
        .limit(limit)
    ).all()
    owed = [Owed(promise, customer, maker) for promise, customer, maker, _count in rows]
    return Inbox(owed, rows[0][3] if rows else 0)


def promises_told(
    db: Session, customers: Collection[Customer], limit: int
) -> Mapping[UUID, list[Owed]]:
    """Open promises first, then the latest, of customers that were found with permission."""
    known = {customer.id: customer for customer in customers}
    order = (col(Promise.done_at).is_not(None), col(Promise.made_at).desc())
    rows = db.exec(
        select(Promise, Person)
        .join(Person, col(Person.id) == col(Promise.person_id))
        .where(col(Promise.id).in_(latest(Promise.customer_id, known, limit, *order)))
        .order_by(*order)
    )
    told = grouped(known)
    for promise, maker in rows:
        told[promise.customer_id].append(Owed(promise, known[promise.customer_id], maker))
    return told


def first_promises(db: Session, customers: Any) -> dict[UUID, Promise]:
    """The open promise that is due first at each of these customers: ids, or a statement."""
    wanted = select(Promise).where(
        col(Promise.customer_id).in_(customers), col(Promise.done_at).is_(None)
    )
    latest_first = wanted.order_by(col(Promise.due_on).desc())
    return {promise.customer_id: promise for promise in db.exec(latest_first)}


def promises_due(db: Session, customers: Any, until: date) -> dict[UUID, Sequence[Promise]]:
    """Open promises of these customers, their ids or a statement, that are due by `until`."""
    rows = db.exec(
        select(Promise)
        .where(
            col(Promise.customer_id).in_(customers),
            col(Promise.done_at).is_(None),
            col(Promise.due_on) <= until,
        )
        .order_by(col(Promise.due_on))
    )
    due: dict[UUID, list[Promise]] = {}
    for promise in rows:
        due.setdefault(promise.customer_id, []).append(promise)
    return dict(due)
