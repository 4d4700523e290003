"""Reads of customers. Whoever may not see one cannot find it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased, load_only
from sqlmodel import Session, col, select

from app.accounts.models import Person, Team
from app.accounts.queries import teams_of_company, within_sight
from app.core import clock, words
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.core.latest import grouped
from app.core.memory import remembered
from app.core.packs import Row
from app.customers.models import Contact, Customer, MergeProposal
from app.customers.rules import Grade

PAGE = 50
NO_VISITOR = _("Visits are recorded by those who make them. Ask the customer's owner.")
IN_A_LIST = (Customer.name, Customer.code, Customer.address, Customer.grade)


@dataclass(frozen=True)
class Listing:
    """One screen of customers; `more` says that there are others behind it."""

    rows: list[Customer]
    more: bool


@dataclass(frozen=True)
class Known:
    """A customer and who looks after it; `doubled`: there is another card of it, perhaps."""

    customer: Customer
    owner: Person | None
    doubled: bool = False


def customer_of(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, if this person may see it."""
    known = remembered(
        db,
        (customer_of, person.id, customer_id),
        lambda: customer_known(db, person, customer_id),
        of=(Customer, Team),
    )
    return known.customer


def customer_known(db: Session, person: Person, customer_id: UUID, *, held: bool = False) -> Known:
    """The customer, if this person may see it, who looks after it, and whether it has doubles.

    While it is `held` nobody merges it.
    """
    if found := customers_known(db, person, [customer_id], held=held):
        return found[0]
    if kept := merged_into(db, customer_id):
        return customer_known(db, person, kept, held=held)
    raise NotFound(_("This customer is not among those you look after."))


def customers_known(
    db: Session, person: Person, ids: Collection[UUID], *, held: bool = False
) -> list[Known]:
    """Those of these customers that this person may see."""
    also = aliased(Customer)
    doubled = or_(
        exists().where(
            col(MergeProposal.decided_at).is_(None),
            or_(
                col(MergeProposal.one_id) == Customer.id,
                col(MergeProposal.other_id) == Customer.id,
            ),
        ),
        exists().where(col(also.merged_into_id) == Customer.id),
    )
    wanted = (
        select(Customer, Person, doubled)
        .join(Person, col(Person.id) == col(Customer.owner_id), isouter=True)
        .where(col(Customer.id).in_(ids), seen_by(person))
    )
    if held:
        wanted = wanted.with_for_update(read=True, key_share=True, of=Customer)
    return [Known(customer, owner, bool(told)) for customer, owner, told in db.exec(wanted)]


def merged_into(db: Session, customer_id: UUID) -> UUID | None:
    """Where what was known under this id is now; None when it is where it was."""
    return db.exec(select(Customer.merged_into_id).where(Customer.id == customer_id)).first()


def customer_to_visit(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, if this person may see it and visits customers at all."""
    if not person.visits:
        raise Refused(NO_VISITOR)
    return customer_of(db, person, customer_id)


def customer_held(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer, which nobody merges before what is written now is there."""
    known = remembered(
        db,
        (customer_held, person.id, customer_id),
        lambda: customer_known(db, person, customer_id, held=True),
        of=(Customer, Team),
    )
    return known.customer


def visitor(person: Person) -> Person:
    """The person, if customers are theirs to add."""
    if not person.visits:
        raise Refused(_("Customers are added on the road by those who visit them."))
    return person


def blank_customer() -> Customer:
    """A customer that only a phone knows: {name} stands where its name will."""
    marks: dict[str, Any] = {
        one: f"{{{one}}}" for one in ("id", "name", "address", "phone", "note")
    }
    phones, notes = [marks.pop("phone")], marks.pop("note")
    card: dict[str, Any] = {"phones": phones, "notes": notes, "kind": None, "status": None}
    return Customer(**marks, **card)


def customer_to_tell_of(db: Session, person: Person, customer_id: UUID) -> Customer:
    """The customer at which something happened, for who may visit it.

    Who looked after it before it was merged into another's tells of it too, and reads no more.
    """
    if not person.visits:
        raise Refused(NO_VISITOR)
    try:
        return customer_held(db, person, customer_id)
    except NotFound:
        own = within_sight(person, Customer.owner_id, Customer.team_id)
        former = db.exec(select(Customer).where(Customer.id == customer_id, own)).first()
        if former is None or former.merged_into_id is None:
            raise
        while (kept := former.merged_into_id) is not None:
            former = db.get_one(Customer, kept)
        return former


def customers_of(
    db: Session, person: Person, *, query: str = "", grade: Grade | None = None, skip: int = 0
) -> Listing:
    """The customers this person sees, by name; found by name, code, phone, pinyin or initials."""
    wanted = select(Customer).where(seen_by(person))
    for word in query.split():
        spelt = {words.pattern(word), words.pattern(words.phone(word) or word)}
        found = or_(*(col(Customer.search_text).like(one, escape="\\") for one in spelt))
        merged = select(Customer.merged_into_id).where(col(Customer.merged_into_id).is_not(None))
        wanted = wanted.where(or_(found, col(Customer.id).in_(merged.where(found))))
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


def row_of(customer: Customer, **more: str) -> Row:
    """What a phone looks through (`f`, sorted by `s`, at `p`), and shows of what it has found."""
    place = customer.point
    holes = {
        "name": customer.name,
        "code": customer.code or "",
        "address": customer.address,
        "grade": customer.grade or "",
        "phones": "\n".join(customer.phones),
        "spelt": customer.alike_keys.partition("|")[2].partition("|")[0],
        "open": "?" if customer.windows is None else " ".join(map(spelt_window, customer.windows)),
        **more,
    }
    return {
        "f": customer.search_text,
        "s": customer.sort_key,
        "p": [place.lat, place.lon] if place else None,
        "h": holes,
    }


def spelt_window(window: Sequence[int]) -> str:
    """Weekday, opens, closes: 0-540-1080."""
    return "-".join(map(str, window))


def code_if_free(db: Session, person: Person, code: str) -> str | None:
    """The code, where the company's customers have codes and nobody has this one."""
    ours = col(Customer.team_id).in_(teams_of_company(person.team_id))
    customary = exists().where(col(Customer.code).is_not(None), ours)
    taken = exists().where(col(Customer.code) == code)
    return code if db.exec(select(and_(customary, ~taken))).one() else None


def added_on(db: Session, person: Person, day: date) -> Sequence[Customer]:
    """The customers that a person made on the road on `day` by their own clock, newest first."""
    begins, ends = (clock.begins(one, person.time_zone) for one in (day, day + timedelta(days=1)))
    return db.exec(
        select(Customer)
        .where(
            Customer.added_by_id == person.id,
            col(Customer.added_at) >= begins,
            col(Customer.added_at) < ends,
            seen_by(person),
        )
        .order_by(col(Customer.added_at).desc())
    ).all()


def seen_by(person: Person, card: Any = Customer) -> ColumnElement[bool]:
    """The condition that a card may be seen, and is not only another name of one."""
    own = within_sight(person, card.owner_id, card.team_id)
    return and_(own, col(card.merged_into_id).is_(None))
