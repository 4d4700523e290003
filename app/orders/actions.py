from datetime import date
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col

from app.accounts.models import Person
from app.core import clock, upsert
from app.core.commands import handles
from app.core.memory import put, remembered
from app.customers.queries import customer_to_tell_of
from app.orders.commands import LineWish, PlaceOrder
from app.orders.models import Order, OrderLine, OrderNumber
from app.orders.queries import PricedLine, priced
from app.orders.rules import Stage
from app.visits.queries import own_visit_at


@handles(PlaceOrder)
def place_order(db: Session, person: Person, command: PlaceOrder) -> None:
    """Priced again on arrival; a line keeps the price it was quoted at where that differs."""
    customer = customer_to_tell_of(db, person, command.customer_id)
    sold = priced(db, customer, command.lines)
    order = {
        "id": command.id,
        "number": next_number(db, clock.today(person.time_zone)),
        "customer_id": customer.id,
        "visit_id": own_visit_at(db, person, customer, command.visit_id),
        "person_id": person.id,
        "stage": Stage.ENTERED,
        "placed_at": command.at,
        "received_at": clock.now(),
        "currency": sold.currency,
        "total": sold.total,
        "line_count": len(sold.lines),
        "remark": command.remark,
        "deliver_on": command.deliver_on,
        "signature": command.signature,
        "signed_by": command.signed_by if command.signature else "",
    }
    put(db, Order, order)
    lines = enumerate(zip(sold.lines, command.lines, strict=True), start=1)
    rows = (order_line(command, position, line, wish) for position, (line, wish) in lines)
    put(db, OrderLine, *rows)


def order_line(
    order: Order | PlaceOrder, position: int, line: PricedLine, wish: LineWish
) -> dict[str, Any]:
    """The columns of an OrderLine."""
    return {
        "id": uuid4(),
        "order_id": order.id,
        "position": position,
        "product_id": line.offer.product.id,
        "product_name": line.offer.product.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "quoted_price": None if wish.quoted in {None, line.unit_price} else wish.quoted,
        "amount": line.amount,
    }


def next_number(db: Session, day: date) -> str:
    """S20261121-0001: gap-free within a day, because it is taken in the order's transaction."""
    given = remembered(db, (next_number, day), lambda: last_number(db, day), of=())
    given.last += 1
    return f"S{day:%Y%m%d}-{given.last:04}"


def last_number(db: Session, day: date) -> OrderNumber:
    """The day's row; nobody else gives numbers until this is committed."""
    locked = (
        upsert.into(db, OrderNumber)
        .values(day=day, last=0)
        .on_conflict_do_update(index_elements=["day"], set_={"last": col(OrderNumber.last)})
        .returning(OrderNumber)
    )
    given: OrderNumber = db.scalars(locked, execution_options={"populate_existing": True}).one()
    return given
