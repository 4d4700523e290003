"""Customers that may be known already under another card."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import teams_of_company, within_sight
from app.core.geo import Point, distance_m
from app.customers.alike import (
    FEWEST_DIGITS,
    NEAR_M,
    Likeness,
    Marks,
    Sign,
    dialled,
    likeness,
    plain,
)
from app.customers.models import Contact, Customer, MergeProposal
from app.customers.queries import seen_by
from app.customers.search import spelt

DEGREE_M = 110_500  # of latitude, at least
MOST_SHOWN = 50
SEPARATORS = " -()/."


@dataclass(frozen=True)
class Card:
    """What is compared of a customer that is being written down."""

    name: str
    phones: tuple[str, ...] = ()
    point: Point | None = None


@dataclass(frozen=True)
class Double:
    """A customer that is likely the same, and why."""

    customer: Customer
    likeness: Likeness


@dataclass(frozen=True)
class Doubles:
    """`seen` are those that the person looks after; `hidden` says that a colleague has one."""

    seen: list[Double]
    hidden: bool


@dataclass(frozen=True)
class Proposal:
    """Two cards side by side; `one` came later."""

    id: UUID
    one: Customer
    other: Customer
    likeness: Likeness


def doubles_for(db: Session, person: Person, card: Card) -> Doubles:
    """The likely doubles of a card that a person is writing down."""
    found = likely(db, person, card)
    keys = [double.customer.id for double in found]
    wanted = select(Customer.id).where(col(Customer.id).in_(keys), seen_by(person))
    may_see = set(db.exec(wanted)) if keys else set()
    seen = [double for double in found if double.customer.id in may_see]
    return Doubles(seen, hidden=len(seen) < len(found))


def likely(db: Session, person: Person, card: Card, but: Collection[UUID] = ()) -> list[Double]:
    """The likely doubles in the person's whole company, the likeliest first, without those `but`.

    One look through all cards: 50 to 200 ms for 50,000.
    """
    marks = marks_of(card.name, card.phones)
    there = select(Customer).where(
        col(Customer.team_id).in_(teams_of_company(person.team_id)),
        col(Customer.merged_into_id).is_(None),
        or_(*worth_a_look(marks, card.point)),
    )
    customers = [one for one in db.exec(there) if one.id not in but]
    numbers = phones_at(db, customers)
    doubles = (Double(one, compared(marks, card.point, one, numbers[one.id])) for one in customers)
    found = [double for double in doubles if double.likeness.likely]
    return sorted(found, key=lambda double: (-double.likeness.score, str(double.customer.id)))


def marks_of(name: str, phones: Iterable[str]) -> Marks:
    letters = plain(name)
    numbers = tuple(filter(None, map(dialled, phones)))
    return Marks(letters, spelt(letters), numbers)


def worth_a_look(marks: Marks, point: Point | None) -> list[ColumnElement[bool]]:
    """What `likeness` finds likely has the same name, one of the phones, or is near."""
    conditions = [around(point)] if point else []
    if marks.spelt:
        conditions.append(col(Customer.alike_keys).like(f"%|{marks.spelt}|%"))
    for number in marks.phones:
        if len(number) >= FEWEST_DIGITS:
            local = f"%{number[-FEWEST_DIGITS:]}%"
            theirs = select(Contact.customer_id).where(squeezed(Contact.phone).like(local))
            conditions += [
                col(Customer.search_text).like(local),
                col(Customer.id).in_(theirs),
            ]
    return conditions or [col(Customer.id).is_(None)]


def around(point: Point) -> ColumnElement[bool]:
    """A box that holds everything near a point."""
    up = NEAR_M / DEGREE_M
    across = up / max(cos(radians(point.lat)), 0.01)
    return and_(
        col(Customer.lat).between(point.lat - up, point.lat + up),
        col(Customer.lon).between(point.lon - across, point.lon + across),
    )


def squeezed(column: Any) -> ColumnElement[str]:
    for separator in SEPARATORS:
        column = func.replace(column, separator, "")
    squeezed_column: ColumnElement[str] = column
    return squeezed_column


def phones_at(db: Session, customers: Sequence[Customer]) -> dict[UUID, list[str]]:
    """The phones on these cards and of the people there."""
    found = defaultdict(list, {one.id: list(one.phones) for one in customers})
    wanted = select(Contact.customer_id, Contact.phone).where(
        col(Contact.customer_id).in_(list(found)), Contact.phone != ""
    )
    for customer_id, phone in db.exec(wanted) if found else ():
        found[customer_id].append(phone)
    return found


def compared(marks: Marks, point: Point | None, other: Customer, phones: Iterable[str]) -> Likeness:
    """By the name or the short name, whichever is more like it."""
    metres = distance_m(point, other.point) if point and other.point else None
    numbers = list(phones)
    names = filter(None, (other.name, other.short_name))
    likenesses = (likeness(marks, marks_of(name, numbers), metres) for name in names)
    return max(likenesses, key=lambda one: one.score)


def proposals_for(db: Session, person: Person, customer_id: UUID | None = None) -> list[Proposal]:
    """Pairs that nobody has decided about, of cards that this person sees both of."""
    one, other = aliased(Customer), aliased(Customer)
    wanted = (
        select(MergeProposal, one, other)
        .join(one, col(one.id) == MergeProposal.one_id)
        .join(other, col(other.id) == MergeProposal.other_id)
        .where(undecided(), seen_by(person, one), seen_by(person, other))
        .order_by(col(MergeProposal.score).desc(), col(MergeProposal.made_at).desc())
        .limit(MOST_SHOWN)
    )
    if customer_id:
        wanted = wanted.where(about(customer_id))
    return [told(*row) for row in db.exec(wanted)]


def told(proposal: MergeProposal, one: Customer, other: Customer) -> Proposal:
    signs = tuple(map(Sign, proposal.signs))
    return Proposal(proposal.id, one, other, Likeness(proposal.score, signs, proposal.metres))


def undecided() -> ColumnElement[bool]:
    return col(MergeProposal.decided_at).is_(None)


def about(customer_id: Any) -> ColumnElement[bool]:
    return or_(col(MergeProposal.one_id) == customer_id, col(MergeProposal.other_id) == customer_id)


def other_names(db: Session, person: Person, customer: Customer) -> list[tuple[Customer, bool]]:
    """Cards that were merged into this one, and whether this person may undo that."""
    own = within_sight(person, Customer.owner_id, Customer.team_id).label("own")
    wanted = select(Customer, own).where(Customer.merged_into_id == customer.id)
    return [(card, bool(may)) for card, may in db.exec(wanted.order_by(col(Customer.name)))]
