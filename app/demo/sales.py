"""The orders of the past: priced as the app prices, numbered without a gap."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlmodel import Session, select

from app.catalog.queries import Offer
from app.demo.catalogue import Stock
from app.demo.chance import happens, new_id
from app.demo.customers import Client
from app.demo.days import ZONE, working_days_after
from app.demo.said import REMARKS
from app.orders.actions import order_line
from app.orders.commands import LineWish
from app.orders.models import Order, OrderLine, OrderNumber
from app.orders.queries import Priced, priced_line
from app.visits.models import Visit

TO_TAP = timedelta(minutes=1)
SINGLE_UNITS = 0.12


@dataclass
class Numbers:
    """The last number given on each day, carried on from what the database knows."""

    last: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def next(self, day: date) -> str:
        self.last[day] += 1
        return f"S{day:%Y%m%d}-{self.last[day]:04}"


def numbers_so_far(db: Session) -> Numbers:
    numbers = Numbers()
    numbers.last.update({row.day: row.last for row in db.exec(select(OrderNumber))})
    return numbers


def keep(db: Session, numbers: Numbers) -> None:
    for day, last in numbers.last.items():
        db.merge(OrderNumber(day=day, last=last))


def usual_goods(rng: Random, client: Client, stock: Stock) -> list[Offer]:
    """What this customer keeps buying, of what suits the trade."""
    offered = stock.for_dealers if client.trade.dealer_prices else stock.listed
    suitable = [offer for offer in offered if offer.product.category in client.trade.categories]
    return rng.sample(suitable, min(len(suitable), rng.randint(6, 11)))


def order_at(
    rng: Random, visit: Visit, client: Client, goods: list[Offer]
) -> tuple[Order, list[OrderLine]]:
    """One to eight lines, written shortly before leaving. It has no number yet."""
    some = rng.sample(goods, min(len(goods), rng.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 8))))
    wishes = [wished(rng, offer, client, single=place > 0) for place, offer in enumerate(some)]
    lines = [priced_line(offer, wish) for offer, wish in zip(some, wishes, strict=True)]
    sold = Priced(lines, some[0].currency)
    left = visit.checked_out_at or visit.checked_in_at
    placed = left - TO_TAP * rng.randint(1, 4)
    order = Order(
        id=new_id(rng),
        number="",
        customer_id=visit.customer_id,
        visit_id=visit.id,
        person_id=visit.person_id,
        placed_at=placed,
        received_at=placed + timedelta(seconds=rng.randint(1, 20)),
        currency=sold.currency,
        total=sold.total,
        line_count=len(lines),
        remark=rng.choice(REMARKS),
        deliver_on=working_days_after(placed.astimezone(ZONE).date(), 1)[0],
    )
    priced = zip(lines, wishes, strict=True)
    return order, [
        OrderLine(**order_line(order, n, line, wish))
        for n, (line, wish) in enumerate(priced, start=1)
    ]


def wished(rng: Random, offer: Offer, client: Client, *, single: bool) -> LineWish:
    """Whole cases; now and then single bottles, where they may be."""
    single = single and not client.trade.dealer_prices and happens(rng, SINGLE_UNITS)
    unit = offer.product.base_unit if single else offer.sold_in[-1]
    quantity = rng.choice((3, 5, 6, 10)) if single else rng.choice(client.trade.cases)
    return LineWish(product_id=offer.product.id, quantity=Decimal(quantity), unit=unit)
