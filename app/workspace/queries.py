"""The customer's page and the visit's page, read from every slice below."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock
from app.customers.doubles import Proposal, other_names, proposals_for
from app.customers.models import Contact, Customer
from app.customers.queries import (
    blank_customer,
    contacts_of,
    customer_known,
    customer_to_visit,
    visitor,
)
from app.customers.rules import open_on
from app.followups.queries import Owed, promises_told
from app.orders.queries import Placed, orders_of_visit, orders_told
from app.visits.models import Note, Visit
from app.visits.queries import last_visits, notes_of_visit, notes_told, visit_today, visits_told
from app.visits.rules import RADIUS_M, Outcome
from app.workspace.rules import Entry, timeline

SHOWN, MOST_SHOWN = 30, 1000


@dataclass(frozen=True)
class CustomerPage:
    customer: Customer
    owner: Person | None
    today: date
    contacts: Sequence[Contact]
    hours_today: list[tuple[int, int]] | None
    owed: list[Owed]
    stream: list[Entry]
    last_visit: datetime | None
    shown: int = SHOWN
    alike: Sequence[Proposal] = ()
    also: Sequence[tuple[Customer, bool]] = ()

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
    today: date
    hours_today: list[tuple[int, int]] | None
    owed: list[Owed]
    last: Entry | None
    visit: Visit | None = None
    notes: Sequence[Note] = field(default_factory=list)
    orders: list[Placed] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.visit is not None and self.visit.closed_by is None

    @property
    def radius_m(self) -> int:
        return self.customer.radius_m or RADIUS_M

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
    """Seven statements, whatever has happened at the customer."""
    known = customer_known(db, person, customer_id)
    customer = known.customer
    owed = promises_told(db, customer, shown)
    visits = [
        Entry("visit", told.what.checked_in_at, told) for told in visits_told(db, customer, shown)
    ]
    stream = timeline(
        visits,
        [Entry("note", told.what.written_at, told) for told in notes_told(db, customer, shown)],
        [Entry("order", o.order.placed_at, o) for o in orders_told(db, customer, shown)],
        [Entry("promise", o.promise.made_at, o) for o in owed],
        [Entry("added", customer.added_at, customer)] if customer.added_at else [],
        limit=shown,
    )
    today = clock.today(person.time_zone)
    contacts, hours = contacts_of(db, customer), hours_on(customer, today)
    still_owed = [o for o in owed if o.promise.done_at is None]
    last = visits[0].at if visits else None
    alike = proposals_for(db, person, customer.id) if known.doubled else []
    also = other_names(db, person, customer) if known.doubled else []
    return CustomerPage(
        customer,
        known.owner,
        today,
        contacts,
        hours,
        still_owed,
        stream,
        last,
        shown,
        alike,
        also,
    )


def blank_page(person: Person) -> CustomerPage:
    """The page of a customer that only a phone knows yet: it fills in the marks."""
    today = clock.today(person.time_zone)
    blank = blank_customer()
    return CustomerPage(blank, visitor(person), today, [], None, [], [], None)


def blank_visit(person: Person) -> VisitPage:
    return VisitPage(blank_customer(), clock.today(visitor(person).time_zone), None, [], None)


def doubles_page(db: Session, person: Person) -> DoublesPage:
    proposals = proposals_for(db, person)
    keys = {card.id for pair in proposals for card in (pair.one, pair.other)}
    return DoublesPage(proposals, last_visits(db, keys) if keys else {})


def visit_page(db: Session, person: Person, customer_id: UUID) -> VisitPage:
    """Seven statements, whatever has happened at the customer."""
    customer = customer_to_visit(db, person, customer_id)
    today = clock.today(person.time_zone)
    visit = visit_today(db, person, customer.id)
    told = [one for one in visits_told(db, customer, 2) if not visit or one.what.id != visit.id]
    last = Entry("visit", told[0].what.checked_in_at, told[0]) if told else None
    page = VisitPage(
        customer, today, hours_on(customer, today), promises_told(db, customer, SHOWN), last, visit
    )
    if visit:
        page.notes, page.orders = notes_of_visit(db, visit), orders_of_visit(db, visit)
    return page


def hours_on(customer: Customer, day: date) -> list[tuple[int, int]] | None:
    return None if customer.windows is None else open_on(customer.windows, day)
