"""Reads of customers. Whoever may not see one cannot find it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import within_sight
from app.core import words
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.customers.models import Contact, Customer
from app.customers.rules import Grade

PAGE = 50


@dataclass(frozen=True)
class Listing:
    """One screen of customers; `more` says that there are others behind it."""

    rows: list[Customer]
    more: bool


def customer_of(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, if this person may see it."""
    found = db.exec(select(Customer).where(Customer.id == customer_id, seen_by(person))).first()
    if found is None:
        raise NotFound(_("This customer is not among those you look after."))
    return found


def customer_to_visit(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, if this person may see it and visits customers at all."""
    if not person.visits:
        raise Refused(_("Visits are recorded by those who make them. Ask the customer's owner."))
    return customer_of(db, person, customer_id)


def customers_of(
    db: Session, person: Person, *, query: str = "", grade: Grade | None = None, skip: int = 0
) -> Listing:
    """The customers this person sees, by name; found by name, code, phone, pinyin or initials."""
    wanted = select(Customer).where(seen_by(person))
    for word in query.split():
        wanted = wanted.where(col(Customer.search_text).like(words.pattern(word), escape="\\"))
    if grade:
        wanted = wanted.where(Customer.grade == grade)
    wanted = wanted.order_by(col(Customer.sort_key), col(Customer.id))
    rows = list(db.exec(wanted.offset(skip).limit(PAGE + 1)))
    return Listing(rows[:PAGE], more=len(rows) > PAGE)


def contacts_of(db: Session, customer: Customer) -> Sequence[Contact]:
    """The people at a customer that was found with permission."""
    return db.exec(
        select(Contact).where(Contact.customer_id == customer.id).order_by(col(Contact.name))
    ).all()


def seen_by(person: Person) -> ColumnElement[bool]:
    return within_sight(person, Customer.owner_id, Customer.team_id)
