"""A customer with a long history, written straight into the tables."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session

from app.accounts.models import Person
from app.catalog.models import PriceList, Product
from app.core import clock
from app.customers.models import Customer
from app.followups.models import Promise
from app.followups.rules import Side
from app.orders.models import Order, OrderLine
from app.orders.rules import Stage
from app.planning.models import PlannedVisit
from app.visits.models import Note, Visit
from app.visits.rules import Closing, Outcome, Verdict
from tests import world

LINES = 5
NOTE = "店长说下周二盘点，别上午来；新品先放四箱，卖得好再补，价格按上次谈的。"


def goods(db: Session) -> list[Product]:
    listed: PriceList = world.price_list(db)
    return [
        world.product(db, f"云雾里无糖乌龙茶 {n} 号", f"T{n}", {listed.id: {"bottle": 320}})
        for n in range(LINES)
    ]


def a_day(db: Session, person: Person, visits: int) -> list[Customer]:
    """Eight stops planned for today; at the first, so many visits, notes, orders and promises."""
    spots = [world.away(400 * n) for n in range(8)]
    shops = [
        world.customer(db, person, f"静安寺街道第 {n} 便利店", code=f"C{n}", at=spot, phones=["1"])
        for n, spot in enumerate(spots)
    ]
    today = clock.today(person.time_zone)
    db.add_all(PlannedVisit(person_id=person.id, customer_id=c.id, on_day=today) for c in shops)
    db.flush()
    live_through(db, person, shops[0], goods(db), visits)
    db.commit()
    return shops


def live_through(
    db: Session, person: Person, shop: Customer, products: list[Product], visits: int
) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Visit, Note, Order, OrderLine, Promise)
    }
    for number in range(visits):
        came = clock.now() - timedelta(days=1 + number)
        own = {"customer_id": shop.id, "person_id": person.id, "visit_id": uuid4()}
        rows[Visit].append(visit(own, came))
        rows[Note].append(
            own | {"id": uuid4(), "written_at": came, "received_at": came, "text": NOTE}
        )
        rows[Order].append(order(own, came, number))
        rows[OrderLine] += [
            line(rows[Order][-1]["id"], place, one) for place, one in enumerate(products)
        ]
        rows[Promise].append(promise(own, came))
    for model, values in rows.items():
        if values:
            db.connection().execute(insert(model), values)


def visit(own: dict[str, Any], came: datetime) -> dict[str, Any]:
    left = came + timedelta(minutes=25)
    return {
        "id": own["visit_id"],
        "customer_id": own["customer_id"],
        "person_id": own["person_id"],
        "checked_in_at": came,
        "received_at": came,
        "distance_m": 12.0,
        "accuracy_m": 20.0,
        "verdict": Verdict.CONFIRMED,
        "reason": "",
        "wrong_clock": False,
        "planned": True,
        "checked_out_at": left,
        "outcome": Outcome.ORDER,
        "next_step": "谈端午节的堆头和价签",
        "next_on": left.date(),
        "closed_by": Closing.CHECKED_OUT,
    }


def order(own: dict[str, Any], came: datetime, number: int) -> dict[str, Any]:
    return own | {
        "id": uuid4(),
        "number": f"S{came:%Y%m%d}-{number:04}",
        "stage": Stage.ENTERED,
        "placed_at": came,
        "received_at": came,
        "currency": "CNY",
        "total": 320 * 12 * LINES,
        "line_count": LINES,
        "remark": "",
    }


def line(order_id: UUID, place: int, product: Product) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "order_id": order_id,
        "position": place + 1,
        "product_id": product.id,
        "product_name": product.name,
        "quantity": 12,
        "unit": "bottle",
        "unit_price": 320,
        "amount": 320 * 12,
    }


def promise(own: dict[str, Any], came: datetime) -> dict[str, Any]:
    return own | {
        "id": uuid4(),
        "side": Side.OURS,
        "what": "送两箱新品给店长试卖，价签一起带",
        "due_on": came.date() + timedelta(days=7),
        "made_at": came,
    }
