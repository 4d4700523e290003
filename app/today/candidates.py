"""What speaks for a visit on a day, and who else might be visited, out of a thousand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import cos, hypot, radians
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.accounts.models import Person
from app.core.geo import Point
from app.customers.models import Customer
from app.customers.rules import open_on
from app.followups.models import Promise
from app.followups.queries import promises_due
from app.planning.facts import Scope
from app.planning.queries import own, own_cards
from app.planning.reckoning import Book, Card, book_of
from app.planning.worth import Case, worth
from app.today.rules import Facts, Reason, orders_now, reasons, worth_going

COULD = 8  # candidates that are shown beside the plan
METRES_A_DEGREE = 111_195
Placed = tuple[Card, float | None, float | None]  # with latitude and longitude


@dataclass(frozen=True)
class Told:
    """Why a customer is worth a visit, and how much, in points."""

    reasons: list[Reason]
    worth: int


@dataclass
class Ground:
    """What was read of the customers at hand, to make the list of a day."""

    person: Person
    day: date
    book: Book
    promises: Mapping[UUID, Sequence[Promise]]
    stops: Collection[UUID]
    usual_order: float = field(init=False)  # in minor units, of these customers

    def __post_init__(self) -> None:
        sales = self.book.sales.values()
        times = sum(one.times for one in sales)
        self.usual_order = sum(one.total for one in sales) / times if times else 0

    def facts(self, card: Card, *, near: bool = False) -> Facts:
        due = self.promises.get(card.id, ())
        return Facts(
            promise=(due[0].due_on, due[0].what) if due else None,
            agreed=card.id in self.book.agreed_visits,
            visited=self.book.visits.get(card.id, (None, None))[0] is not None,
            visit=self.book.dues(card).visit,
            orders_now=self.sells(card),
            near=near,
            planned=card.id in self.stops,
        )

    def sells(self, card: Card) -> bool:
        sales, zone = self.book.sales.get(card.id), ZoneInfo(card.zone)
        if sales is None:
            return False
        first, last = sales.first.astimezone(zone).date(), sales.last.astimezone(zone).date()
        return orders_now(sales.times, first, last, self.day)

    def told(self, card: Card, known: Facts) -> Told:
        case = Case(
            card.grade,
            gaps_late=self.gaps_late(card, known),
            promised=known.promise is not None,
            agreed=known.agreed,
            expected=self.expected(card) if known.orders_now else None,
        )
        return Told(reasons(self.day, known), worth(case, self.book.weights))

    def gaps_late(self, card: Card, known: Facts) -> float:
        """How many times the gap it is overdue; a first visit counts as one gap late."""
        if known.visit is None:
            return 0
        if known.visit.on is None:
            return 1
        days = self.book.workdays(card.owner_id)
        return max(0, days.within(known.visit.on, self.day)) / known.visit.gap

    def expects(self, card: Card) -> int | None:
        """The usual order, where it is expected about now."""
        sales = self.book.sales.get(card.id)
        return round(sales.total / sales.times) if sales and self.sells(card) else None

    def expected(self, card: Card) -> float:
        sales = self.book.sales[card.id]
        return sales.total / sales.times / self.usual_order if self.usual_order else 0


def ground_of(
    db: Session, person: Person, day: date, stops: Collection[UUID], *, all_own: bool
) -> Ground:
    """What is known of the day's stops, or also of all that are the person's. Two statements."""
    customers: Any = list(stops)
    if all_own:
        mine = or_(own(person), col(Customer.id).in_(customers))
        customers = select(Customer.id).where(mine)
    book = book_of(db, person, Scope(customers, agreed_on=day, sales=True))
    return Ground(person, day, book, promises_due(db, customers, day), set(stops))


def candidates(db: Session, ground: Ground, points: Sequence[Point]) -> list[tuple[UUID, Told]]:
    """The worthiest of the person's own customers that are no stops of the day anyway.

    None on a day that is not worked. One statement.
    """
    if ground.day not in ground.book.workdays(ground.person.id):
        return []
    cards = [one for one in own_cards(db, ground.person) if one[0].id not in ground.stops]
    found = list(weighed(ground, cards, points))
    return sorted(found, key=lambda one: (-one[1].worth, str(one[0])))[:COULD]


def weighed(
    ground: Ground,
    cards: Sequence[Placed],
    points: Sequence[Point],
) -> Iterator[tuple[UUID, Told]]:
    for card, lat, lon in cards:
        if card.windows is not None and not open_on(card.windows, ground.day):
            continue
        near = lat is not None and lon is not None and is_near(ground, Point(lat, lon), points)
        known = ground.facts(card, near=near)
        if worth_going(ground.day, known):
            yield card.id, ground.told(card, known)


def is_near(ground: Ground, here: Point, points: Sequence[Point]) -> bool:
    """Flat geometry is exact enough for a kilometre or two."""
    near, wide = ground.book.weights.near_m, cos(radians(here.lat))
    return any(
        hypot(here.lat - one.lat, (here.lon - one.lon) * wide) * METRES_A_DEGREE <= near
        for one in points
    )
