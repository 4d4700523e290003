from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.catalog.queries import Offer, default_list, find_products, offers, products_called
from app.core import money
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.core.latest import grouped, latest
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.orders.commands import Entry, LineWish
from app.orders.models import Order, OrderLine
from app.visits.models import Visit

SHOWN = 100
LINKED = 2  # the orders of a customer whose pages are on the phone


@dataclass(frozen=True)
class PricedLine:
    """A line as it will be charged."""

    offer: Offer
    quantity: Decimal
    unit: str
    unit_price: int

    @property
    def amount(self) -> int:
        return money.times(self.unit_price, self.quantity)


@dataclass(frozen=True)
class Priced:
    """An order's lines with what they cost; all in one currency."""

    lines: list[PricedLine]
    currency: str

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Placed:
    """An order with its lines, its customer and who took it."""

    order: Order
    customer: Customer
    person: Person
    lines: list[OrderLine] = field(default_factory=list)


def priced(db: Session, customer: Customer, wishes: Sequence[LineWish]) -> Priced:
    """What these lines cost this customer. Raises Refused for what cannot be sold."""
    offered = offers(db, customer.price_list_id, [wish.product_id for wish in wishes])
    lines = [priced_line(offered.get(wish.product_id), wish) for wish in wishes]
    return Priced(lines, lines[0].offer.currency if lines else customer.currency)


def priced_line(offer: Offer | None, wish: LineWish) -> PricedLine:
    if offer is None:
        raise Refused(_("One of these products is no longer sold. Remove its line."))
    unit = wish.unit or next(iter(offer.sold_in), "")
    price = offer.price(unit)
    if price is None:
        raise Refused(_("%(product)s has no price here."), product=offer.product.name)
    return PricedLine(offer, wish.quantity, unit, price)


def chosen_product(db: Session, customer: Customer, entry: Entry) -> Offer:
    """The product that an entry means. Raises Refused when it means none, or several."""
    if entry.product_id is None and not entry.text:
        raise Refused(_("Type a product's name, code or barcode."))
    if entry.product_id is not None:
        ids = [entry.product_id]
    else:
        called = products_called(db, entry.text) or find_products(db, entry.text, limit=2)
        ids = [product.id for product in called]
    if len(ids) > 1:
        raise Refused(_("Several products match “%(text)s”. Choose one."), text=entry.text)
    offered = offers(db, customer.price_list_id, ids)
    if not offered:
        raise Refused(_("No product matches “%(text)s”."), text=entry.text)
    return next(iter(offered.values()))


def price_lists(db: Session, person: Person) -> dict[str, UUID]:
    """The lists that customers of this person buy by, as their visits' pages call them.

    "usual" is the default one, for those that have none of their own.
    """
    used = db.exec(select(Customer.price_list_id).where(seen_by(person)).distinct())
    lists = {str(one): one for one in used if one}
    usual = default_list(db)
    return {"usual": usual, **lists} if usual else lists


def orders_of(db: Session, person: Person) -> list[Placed]:
    """The latest orders of the customers this person sees, newest first."""
    rows = db.exec(with_people().where(seen_by(person)).limit(SHOWN))
    return [Placed(order, customer, taker) for order, customer, taker in rows]


def order_of(db: Session, person: Person, order_id: UUID) -> Placed:
    found = db.exec(with_people().where(seen_by(person), Order.id == order_id)).first()
    if found is None:
        raise NotFound(_("This order is not among those you look after."))
    order, customer, taker = found
    return Placed(order, customer, taker, lines_of(db, [order.id])[order.id])


def orders_told(
    db: Session, customers: Mapping[UUID, Customer], limit: int
) -> Mapping[UUID, list[Placed]]:
    """The latest orders, with lines, of customers that were found with permission."""
    order = (col(Order.placed_at).desc(), col(Order.number).desc())
    rows: Any = db.exec(
        select(Order, Person, OrderLine)
        .join(Person, col(Person.id) == col(Order.person_id))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id), isouter=True)
        .where(col(Order.id).in_(latest(Order.customer_id, customers, limit, *order)))
        .order_by(*order, col(Order.id), col(OrderLine.position))
    )
    found: dict[UUID, Placed] = {}
    for placed, taker, line in rows:
        one = found.setdefault(placed.id, Placed(placed, customers[placed.customer_id], taker))
        one.lines.extend([line] if line else [])
    told = grouped(customers)
    for one in found.values():
        told[one.order.customer_id].append(one)
    return told


def orders_of_visit(db: Session, visit: Visit) -> tuple[list[Placed], Placed | None]:
    """Those of a visit; and the customer's latest, which may be one of them."""
    order = (col(Order.placed_at).desc(), col(Order.number).desc())
    last = latest(Order.customer_id, [visit.customer_id], 1, *order)
    wanted = with_people().where(or_(col(Order.visit_id) == visit.id, col(Order.id).in_(last)))
    found = with_lines(db, db.exec(wanted).all())
    return [one for one in found if one.order.visit_id == visit.id], next(iter(found), None)


def with_people() -> Any:
    return (
        select(Order, Customer, Person)
        .join(Customer, col(Customer.id) == col(Order.customer_id))
        .join(Person, col(Person.id) == col(Order.person_id))
        .order_by(col(Order.placed_at).desc(), col(Order.number).desc())
    )


def told_in_full(db: Session, orders: Sequence[Placed]) -> list[Placed]:
    """The same with their lines."""
    return with_lines(db, [(one.order, one.customer, one.person) for one in orders])


def with_lines(db: Session, rows: Sequence[Any]) -> list[Placed]:
    lines = lines_of(db, [order.id for order, _customer, _person in rows])
    return [Placed(order, customer, person, lines[order.id]) for order, customer, person in rows]


def lines_of(db: Session, order_ids: Iterable[UUID]) -> dict[UUID, list[OrderLine]]:
    lines: dict[UUID, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    if lines:
        wanted = select(OrderLine).where(col(OrderLine.order_id).in_(list(lines)))
        for line in db.exec(wanted.order_by(col(OrderLine.position))):
            lines[line.order_id].append(line)
    return lines
