"""Reads of customers. Whoever may not see one cannot find it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from app.accounts.models import Person, Team
from app.accounts.queries import within_sight
from app.core import words
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.core.latest import grouped
from app.core.memory import remembered
from app.core.packs import Row
from app.customers.models import Contact, Customer
from app.customers.rules import Grade

PAGE = 50
IN_A_LIST = (Customer.name, Customer.code, Customer.address, Customer.grade)


@dataclass(frozen=True)
class Listing:
    """One screen of customers; `more` says that there are others behind it."""

    rows: list[Customer]
    more: bool


def customer_of(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, if this person may see it."""
    customer, _owner = remembered(
        db,
        (customer_of, person.id, customer_id),
        lambda: customer_with_owner(db, person, customer_id),
        of=(Customer, Team),
    )
    return customer


def customer_with_owner(
    db: Session, person: Person, customer_id: UUID
) -> tuple[Customer, Person | None]:
    """The customer, if this person may see it, and who looks after it."""
    found = customers_with_owner(db, person, [customer_id])
    if not found:
        raise NotFound(_("This customer is not among those you look after."))
    return found[0]


def customers_with_owner(
    db: Session, person: Person, ids: Collection[UUID]
) -> list[tuple[Customer, Person | None]]:
    """Those of these customers that this person may see, and who looks after them."""
    rows = db.exec(
        select(Customer, Person)
        .join(Person, col(Person.id) == col(Customer.owner_id), isouter=True)
        .where(col(Customer.id).in_(ids), seen_by(person))
    )
    return [(customer, owner) for customer, owner in rows]


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
        spelt = {words.pattern(word), words.pattern(words.phone(word) or word)}
        found = [col(Customer.search_text).like(pattern, escape="\\") for pattern in spelt]
        wanted = wanted.where(or_(*found))
    if grade:
        wanted = wanted.where(Customer.grade == grade)
    wanted = wanted.options(load_only(*IN_A_LIST, raiseload=True))  # type: ignore[arg-type] # SQLModel types columns as their values
    wanted = wanted.order_by(col(Customer.sort_key), col(Customer.id))
    rows = list(db.exec(wanted.offset(skip).limit(PAGE + 1)))
    return Listing(rows[:PAGE], more=len(rows) > PAGE)


def contacts_of(db: Session, ids: Collection[UUID]) -> Mapping[UUID, list[Contact]]:
    """The people at customers that were found with permission."""
    wanted = select(Contact).where(col(Contact.customer_id).in_(ids)).order_by(col(Contact.name))
    found = grouped(ids)
    for contact in db.exec(wanted):
        found[contact.customer_id].append(contact)
    return found


def row_of(customer: Customer) -> Row:
    """What a phone looks through (`f`, sorted by `s`, at `p`), and shows of what it has found."""
    place = customer.point
    shown = {"name": customer.name, "code": customer.code or "", "address": customer.address}
    return {
        "f": customer.search_text,
        "s": customer.sort_key,
        "p": [place.lat, place.lon] if place else None,
        "h": shown | {"grade": customer.grade or ""},
    }


def seen_by(person: Person) -> ColumnElement[bool]:
    return within_sight(person, Customer.owner_id, Customer.team_id)
