"""The call list: whom to phone first, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.customers.models import Contact, Customer
from app.customers.queries import contacts_of
from app.followups.models import Promise
from app.followups.queries import first_promises
from app.planning.cadence import Due, Rhythm
from app.planning.facts import Scope
from app.planning.queries import own, own_cards
from app.planning.reckoning import Book, Card, book_of

CAPACITY = 60  # policy: phone contacts a day
SHOWN = 20  # of them at once, also on a phone without a signal


@dataclass(frozen=True)
class Wanted:
    """A call that is due; `agreed`: the last contact agreed on that day."""

    card: Card
    due: Due
    agreed: bool
    promise: Promise | None

    @property
    def place(self) -> tuple[date, str]:
        """The first to call: by the day, the better grade first; never contacted is before all."""
        day = self.due.on or date.min
        return min(day, self.promise.due_on) if self.promise else day, self.card.grade or "Z"


@dataclass(frozen=True)
class Call:
    """A customer to phone, with who answers there; `rhythm` says when again by policy."""

    wanted: Wanted
    customer: Customer
    contact: Contact | None
    rhythm: Rhythm

    @property
    def number(self) -> str:
        """Nothing where none is known."""
        if self.contact:
            return self.contact.phone
        return next(iter(self.customer.phones), "")


def call_list(db: Session, person: Person, most: int = SHOWN) -> list[Call]:
    """Of the person's own customers. Five statements.

    It does not depend on the day: what is due today is the beginning of it.
    """
    cards = [card for card, _lat, _lon in own_cards(db, person)]
    mine = select(Customer.id).where(own(person))
    book, promises = book_of(db, person, Scope(mine)), first_promises(db, mine)
    calls = [one for card in cards if (one := wanted(book, card, promises))]
    first = sorted(calls, key=lambda one: (*one.place, str(one.card.id)))[:most]
    return told(db, book, first)


def wanted(book: Book, card: Card, promises: Mapping[UUID, Promise]) -> Wanted | None:
    due, promise = book.dues(card).call, promises.get(card.id)
    if due is None and promise is None:
        return None
    agreed = book.history(card).agreed is not None
    return Wanted(card, due or Due(0, promise.due_on if promise else None), agreed, promise)


def told(db: Session, book: Book, calls: list[Wanted]) -> list[Call]:
    keys = [one.card.id for one in calls]
    found = db.exec(select(Customer).where(col(Customer.id).in_(keys)))
    customers = {customer.id: customer for customer in found}
    people = contacts_of(db, keys)
    return [
        Call(
            one,
            customers[one.card.id],
            next((who for who in people[one.card.id] if who.phone), None),
            book.cadence_of(one.card.grade).calls,
        )
        for one in calls
    ]
