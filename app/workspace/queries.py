"""The customer's page and the visit's page, read from every slice below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock
from app.customers.doubles import Proposal, other_names, proposals_for
from app.customers.models import Contact, Customer
from app.customers.queries import (
    Known,
    blank_customer,
    contacts_of,
    customer_known,
    customer_to_visit,
    visitor,
)
from app.followups.queries import Owed, promises_told
from app.orders.queries import LINKED, Placed, orders_of_visit, orders_told
from app.planning.cadence import Dues
from app.planning.facts import Scope
from app.planning.queries import card_of
from app.planning.reckoning import Planned, book_of
from app.visits.models import Note, Visit
from app.visits.photos import PhotoTold, photos_of_visit, photos_told
from app.visits.queries import (
    ContactTold,
    NoteTold,
    last_visits,
    notes_of_visit,
    visit_today,
    visits_told,
    words_told,
)
from app.visits.rules import RADIUS_M, Outcome
from app.workspace.rules import Entry, timeline

SHOWN, MOST_SHOWN = 30, 1000
PACKED = 10  # of each kind, on a phone without a signal


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    owner: Person | None
    contacts: Sequence[Contact]
    owed: list[Owed]
    stream: list[Entry]
    last_visit: datetime | None
    shown: int = SHOWN
    dues: Dues | None = None
    alike: Sequence[Proposal] = ()
    also: Sequence[tuple[Customer, bool]] = ()
    planned: Sequence[tuple[Planned, Person]] = ()
    takes: int = 0  # minutes, a visit

    @property
    def linked(self) -> set[UUID]:
        """The orders whose own pages are on the phone, too."""
        orders = [entry.fact.order.id for entry in self.stream if entry.kind == "order"]
        return set(orders[:LINKED])

    @property
    def then_shown(self) -> int | None:
        """How many entries to ask for next; None when there are no others, or too many."""
        full = len(self.stream) == self.shown < MOST_SHOWN
        return min(self.shown * 3, MOST_SHOWN) if full else None


@dataclass(frozen=True)
class DoublesPage:
    """What may be one, two by two, and when each was last visited."""

    proposals: list[Proposal]
    visited: dict[UUID, datetime]


@dataclass
class VisitPage:
    """`visit` is today's at this customer, None before the check-in."""

    customer: Customer
    owed: list[Owed]
    last: Entry | None
    visit: Visit | None = None
    notes: Sequence[Note] = field(default_factory=list)
    photos: Sequence[PhotoTold] = field(default_factory=list)
    orders: list[Placed] = field(default_factory=list)
    last_order: Placed | None = None

    @property
    def known(self) -> bool:
        """Whether there is such a customer, and no mark where its id is to stand."""
        return isinstance(self.customer.id, UUID)

    @property
    def open(self) -> bool:
        return self.visit is not None and self.visit.closed_by is None

    @property
    def radius_m(self) -> int:
        return self.customer.radius_m or RADIUS_M

    @property
    def reorder(self) -> Placed | None:
        """What they had last time, until something was ordered here."""
        return None if self.orders else self.last_order

    @property
    def likely_outcome(self) -> Outcome | None:
        """What can be told from the work: an order is an order."""
        return Outcome.ORDER if self.orders else None

    @property
    def promises_now(self) -> list[Owed]:
        """Promises made in this visit."""
        return [owed for owed in self.owed if self.visit and owed.promise.visit_id == self.visit.id]

    @property
    def promises_before(self) -> list[Owed]:
        """Promises still open from earlier, to be spoken of at the door."""
        now = {owed.promise.id for owed in self.promises_now}
        return [o for o in self.owed if o.promise.id not in now and o.promise.done_at is None]


def customer_page(db: Session, person: Person, customer_id: UUID, shown: int) -> CustomerPage:
    """Eight statements, whatever has happened at the customer."""
    return customer_pages(db, person, [customer_known(db, person, customer_id)], shown)[0]


def customer_pages(
    db: Session, person: Person, found: Sequence[Known], shown: int
) -> list[CustomerPage]:
    """Of customers that were found with permission: seven statements, however many they are.

    And two for each that may be known twice.
    """
    customers = {known.customer.id: known.customer for known in found}
    contacts, visits = contacts_of(db, customers), visits_told(db, customers, shown)
    words, photos = words_told(db, customers, shown), photos_told(db, customers, shown)
    orders = orders_told(db, customers, shown)
    owed = promises_told(db, customers.values(), shown)
    today = clock.today(person.time_zone)
    book = book_of(db, person, Scope(list(customers), planned_from=today))
    pages = []
    for known in found:
        customer, one = known.customer, known.customer.id
        stream = timeline(
            [Entry("visit", told.what.checked_in_at, told) for told in visits[one]],
            [entry_of(told) for told in words[one]],
            [Entry("photo", told.what.written_at, told) for told in photos[one]],
            [Entry("order", placed.order.placed_at, placed) for placed in orders[one]],
            [Entry("promise", made.promise.made_at, made) for made in owed[one]],
            [Entry("added", customer.added_at, customer)] if customer.added_at else [],
            limit=shown,
        )
        page = CustomerPage(
            customer,
            known.owner,
            contacts[one],
            [made for made in owed[one] if made.promise.done_at is None],
            stream,
            visits[one][0].what.checked_in_at if visits[one] else None,
            shown,
            book.dues(card_of(customer, known.owner)),
            planned=book.plans_at(one, person, known.owner),
            takes=book.minutes.at(customer.grade, customer.visit_minutes),
        )
        if known.doubled:
            alike, also = proposals_for(db, person, one), other_names(db, person, customer)
            page = replace(page, alike=alike, also=also)
        pages.append(page)
    return pages


def entry_of(told: NoteTold | ContactTold) -> Entry:
    if isinstance(told, NoteTold):
        return Entry("note", told.what.written_at, told)
    return Entry("contact", told.what.made_at, told)


def blank_page(person: Person) -> CustomerPage:
    """The page of a customer that only a phone knows yet: it fills in the marks."""
    return CustomerPage(blank_customer(), visitor(person), [], [], [], None)


def blank_visit(person: Person) -> VisitPage:
    visitor(person)
    return VisitPage(blank_customer(), [], None)


WORK_MARKS = {
    one: f"{{work_{one}}}" for one in ("id", "name", "list", "currency", "digits", "again")
}


def marked_work() -> VisitPage:
    """The work at any customer: marks stand where one differs from another."""
    said: dict[str, Any] = {one: WORK_MARKS[one] for one in ("id", "name", "currency")}
    said["price_list_id"] = WORK_MARKS["list"]
    return VisitPage(Customer(**said), [], None)


def doubles_page(db: Session, person: Person) -> DoublesPage:
    proposals = proposals_for(db, person)
    keys = {card.id for pair in proposals for card in (pair.one, pair.other)}
    return DoublesPage(proposals, last_visits(db, keys) if keys else {})


def visit_page(db: Session, person: Person, customer_id: UUID) -> VisitPage:
    """Nine statements, whatever has happened at the customer."""
    customer = customer_to_visit(db, person, customer_id)
    visit = visit_today(db, person, customer.id)
    page = visit_pages(db, [customer], {customer.id: visit} if visit else {})[0]
    if visit:
        page.notes, (page.orders, page.last_order) = (
            notes_of_visit(db, visit),
            orders_of_visit(db, visit),
        )
        page.photos = photos_of_visit(db, visit)
    return page


def visit_pages(
    db: Session, customers: Sequence[Customer], visits: Mapping[UUID, Visit]
) -> list[VisitPage]:
    """What is known at the door of each of these: four statements, however many they are."""
    told = visits_told(db, [customer.id for customer in customers], 2)
    before = {one.id: one for one in customers if one.id not in visits}
    ordered = orders_told(db, before, 1) if before else {}
    owed = promises_told(db, customers, SHOWN)
    pages = []
    for customer in customers:
        visit = visits.get(customer.id)
        past = [one for one in told[customer.id] if not visit or one.what.id != visit.id]
        last = Entry("visit", past[0].what.checked_in_at, past[0]) if past else None
        order = next(iter(ordered.get(customer.id, ())), None)
        page = VisitPage(customer, owed[customer.id], last, visit, last_order=order)
        pages.append(page)
    return pages
