"""What is due at customers, by the policy, the calendar, leave, and what has happened there."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock
from app.core.public_days import official
from app.customers.rules import Grade
from app.planning.cadence import (
    CADENCES,
    SPOKEN,
    UNGRADED,
    Cadence,
    Dues,
    History,
    Shares,
    Windows,
    dues,
)
from app.planning.facts import Scope, facts
from app.planning.frame import Frame, frame_from
from app.planning.policies import (
    CADENCE,
    FRAME,
    MINUTES,
    SHARES,
    WORTH,
    cadence_from,
    updated,
)
from app.planning.rules import Minutes
from app.planning.workdays import Workdays, workdays_of
from app.planning.worth import Weights
from app.settings import settings
from app.visits.rules import ContactKind

YEARS_AHEAD = 3  # longer than any gap


class Card(NamedTuple):
    """What the cadence must know of a customer. `zone` is that of who looks after it.

    `owed` in minor units of `currency`, overdue from `owed_since` on.
    """

    id: UUID
    grade: Grade | None
    windows: Windows
    owner_id: UUID | None
    zone: str
    owed: int = 0
    owed_since: date | None = None
    currency: str = "CNY"

    def overdue(self, day: date) -> int:
        """What is owed and overdue by that day, in minor units."""
        return self.owed if self.owed_since is None or self.owed_since <= day else 0


@dataclass(frozen=True)
class Sales:
    """Orders so far: how many, for how much in minor units, from when to when."""

    times: int
    total: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Planned:
    """Somebody means to be there on a day; see PlannedVisit."""

    id: UUID
    person_id: UUID
    on_day: date
    at_minute: int | None
    purpose: str
    must: bool

    @property
    def until(self) -> date:
        """From this day on it is past."""
        return self.on_day + timedelta(days=1)


@dataclass
class Book:
    """What was read: policy, days said by the office, leave by person, history by customer."""

    cadences: dict[Grade, Cadence] = field(default_factory=lambda: dict(CADENCES))
    shares: Shares = field(default_factory=Shares)
    weights: Weights = field(default_factory=Weights)
    minutes: Minutes = field(default_factory=Minutes)
    frame: Frame = field(default_factory=Frame)
    said: dict[date, bool] = field(default_factory=dict)
    leave: dict[UUID, list[tuple[date, date]]] = field(default_factory=dict)
    visits: dict[UUID, tuple[datetime | None, datetime | None]] = field(default_factory=dict)
    contacts: defaultdict[UUID, list[tuple[ContactKind, int, datetime | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    agreed: dict[UUID, tuple[datetime, date]] = field(default_factory=dict)
    agreed_visits: set[UUID] = field(default_factory=set)
    sales: dict[UUID, Sales] = field(default_factory=dict)
    planned: defaultdict[UUID, list[Planned]] = field(default_factory=lambda: defaultdict(list))
    calendars: dict[UUID | None, Workdays] = field(default_factory=dict)
    country: str = field(default_factory=lambda: settings().country)

    def cadence_of(self, grade: Grade | None) -> Cadence:
        return self.cadences[grade or UNGRADED]

    def dues(self, card: Card) -> Dues:
        cadence, history = self.cadence_of(card.grade), self.history(card)
        return dues(cadence, history, self.shares, self.workdays(card.owner_id), card.windows)

    def history(self, card: Card) -> History:
        """In days of the clock of who looks after the customer."""
        zone = ZoneInfo(card.zone)
        visited, led = self.visits.get(card.id, (None, None))
        contacts = self.contacts.get(card.id, ())
        spoken = max((at for kind, _times, at in contacts if at and kind in SPOKEN), default=None)
        agreed_at, agreed = self.agreed.get(card.id, (None, None))
        if agreed_at and visited and visited > agreed_at:
            agreed = None
        return History(
            day_in(zone, visited),
            day_in(zone, led),
            day_in(zone, spoken),
            {kind: times for kind, times, _at in contacts if times},
            agreed,
        )

    def plans_at(self, customer_id: UUID, *whose: Person | None) -> list[tuple[Planned, Person]]:
        """What these people plan for a customer, the earliest first."""
        people = {person.id: person for person in whose if person}
        own = [plan for plan in self.planned[customer_id] if plan.person_id in people]
        own.sort(key=lambda plan: (plan.on_day, plan.at_minute or 0, str(plan.id)))
        return [(plan, people[plan.person_id]) for plan in own]

    def workdays(self, person_id: UUID | None = None) -> Workdays:
        """Those of a person; without one, of the company."""
        if person_id not in self.calendars:
            whole = None if person_id is None else self.workdays()
            leave = self.leave.get(person_id, ()) if person_id else ()
            self.calendars[person_id] = whole.without(leave) if whole else self.of_company()
        return self.calendars[person_id]

    def of_company(self) -> Workdays:
        moments = [at for both in self.visits.values() for at in both if at]
        moments += [at for some in self.contacts.values() for _kind, _times, at in some if at]
        years = [clock.now().year, *(at.year for at in moments)]
        span = range(min(years) - 1, max(years) + YEARS_AHEAD + 1)
        said = frozenset(self.said.items())
        days = tuple(day for year in span for day in worked_in(self.country, year, said))
        return Workdays(days, frozenset(y for y in span if official(self.country, y).provisional))


def book_of(db: Session, person: Person, scope: Scope) -> Book:
    """One statement, however many customers there are."""
    book = Book()
    for row in db.connection().execute(facts(person, scope)):
        READ[row.what](book, row)
    return book


def read_policy(book: Book, row: Any) -> None:
    said = json.loads(row.said)
    if row.name == SHARES:
        book.shares = updated(book.shares, said)
    elif row.name == WORTH:
        book.weights = updated(book.weights, said)
    elif row.name == MINUTES:
        book.minutes = updated(book.minutes, said)
    elif row.name == FRAME:
        book.frame = frame_from(said)
    else:
        book.cadences[Grade(row.name.removeprefix(CADENCE))] = cadence_from(said)


def read_day(book: Book, row: Any) -> None:
    book.said[row.on_day] = bool(row.times)


def read_leave(book: Book, row: Any) -> None:
    book.leave.setdefault(row.subject, []).append((row.on_day, row.until))


def read_visit(book: Book, row: Any) -> None:
    book.visits[row.subject] = (row.at, row.also_at)


def read_contact(book: Book, row: Any) -> None:
    book.contacts[row.subject].append((ContactKind(row.name), row.times, row.at))


def read_agreed(book: Book, row: Any) -> None:
    book.agreed[row.subject] = (row.at, row.on_day)


def read_agreed_visit(book: Book, row: Any) -> None:
    book.agreed_visits.add(row.subject)


def read_sales(book: Book, row: Any) -> None:
    book.sales[row.subject] = Sales(row.times, int(row.amount), row.at, row.also_at)


def read_planned(book: Book, row: Any) -> None:
    own_id, person_id = map(UUID, row.said.split())
    plan = Planned(own_id, person_id, row.on_day, row.times, row.name, bool(row.amount))
    book.planned[row.subject].append(plan)


READ = {
    "policy": read_policy,
    "day": read_day,
    "leave": read_leave,
    "visit": read_visit,
    "contact": read_contact,
    "agreed": read_agreed,
    "agreed_visit": read_agreed_visit,
    "sales": read_sales,
    "planned": read_planned,
}


@lru_cache(maxsize=512)
def worked_in(country: str, year: int, said: Iterable[tuple[date, bool]]) -> tuple[date, ...]:
    here = official(country, year)
    return tuple(workdays_of(year, here.off, here.worked, dict(said)))


def day_in(zone: ZoneInfo, at: datetime | None) -> date | None:
    return at.astimezone(zone).date() if at else None
