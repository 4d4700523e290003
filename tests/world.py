"""What the cast works with: customers, goods, prices, plans, visits. Real rows, committed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from geopy.distance import geodesic
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.catalog.models import PackUnit, Price, PriceList, Product
from app.catalog.search import search_fields as product_search
from app.core import clock
from app.core.commands import Command, execute
from app.core.geo import Point
from app.core.places import Fix
from app.customers.models import Customer
from app.customers.search import search_fields as customer_search
from app.orders.commands import LineWish, PlaceOrder
from app.planning.models import PlannedVisit
from app.visits.commands import CheckIn, CheckOut, WriteNote
from app.visits.models import Note, Visit
from app.visits.rules import Outcome
from tests.reading import Element, filled

Row = TypeVar("Row")
PIN = Point(31.2304, 121.4737)
EAST, NORTH = 90, 0


def away(metres: float, bearing: float = NORTH, start: Point = PIN) -> Point:
    """The point so far from another in a direction (degrees from north)."""
    there = geodesic(meters=metres).destination(start, bearing)
    return Point(there.latitude, there.longitude)


def fix(metres: float = 0, accuracy: float = 10) -> dict[str, str]:
    """What the phone writes into a form that asks for its position, so far from the pin."""
    point = away(metres)
    return {
        "position[lat]": str(point.lat),
        "position[lon]": str(point.lon),
        "position[accuracy]": str(accuracy),
    }


def the_clock_says(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def customer(
    db: Session, owner: Person, name: str = "Harbour Café", *, at: Point | None = PIN, **card: Any
) -> Customer:
    """A customer of `owner`, as the import would have written it."""
    said: dict[str, Any] = {"short_name": "", "code": None, "phones": [], "address": ""} | card
    found_by: dict[str, Any] = customer_search(
        name, said["short_name"], said["code"], said["phones"], said["address"]
    )
    new = Customer(
        name=name,
        owner_id=owner.id,
        team_id=owner.team_id,
        lat=at.lat if at else None,
        lon=at.lon if at else None,
        **said,
        **found_by,
    )
    return kept(db, new)


def price_list(
    db: Session, name: str = "Standard", *, default: bool = True, currency: str = "CNY"
) -> PriceList:
    return kept(db, PriceList(name=name, is_default=default, currency=currency))


def product(
    db: Session,
    name: str,
    code: str,
    prices: Mapping[UUID, Mapping[str, int]],
    *,
    units: Mapping[str, str] | None = None,
    barcode: str = "",
    base_unit: str = "bottle",
    **more: Any,
) -> Product:
    """A product with its prices by list and unit, in minor units, and what is in each unit."""
    found_by: dict[str, Any] = product_search(name, code, barcode, more.get("maker", ""))
    new = kept(
        db,
        Product(name=name, code=code, barcode=barcode, base_unit=base_unit, **more, **found_by),
    )
    for unit, factor in (units or {}).items():
        db.add(PackUnit(product_id=new.id, unit=unit, factor=Decimal(factor)))
    for listed, amounts in prices.items():
        for unit, amount in amounts.items():
            db.add(Price(price_list_id=listed, product_id=new.id, unit=unit, amount=amount))
    db.commit()
    return new


def plan(db: Session, person: Person, shop: Customer, day: date) -> PlannedVisit:
    return kept(db, PlannedVisit(person_id=person.id, customer_id=shop.id, on_day=day))


def visit(
    db: Session,
    person: Person,
    shop: Customer,
    at: datetime | None = None,
    *,
    left: datetime | None = None,
    outcome: Outcome = Outcome.PROGRESS,
) -> Visit:
    """A visit at the pin; checked out when it says at what time."""
    place = shop.point
    position = Fix(lat=place.lat, lon=place.lon, accuracy=10) if place else None
    begun = at or clock.now()
    command = CheckIn(customer_id=shop.id, at=begun, position=position)
    done(db, person, command)
    if left:
        done(db, person, CheckOut(visit_id=command.id, at=left, outcome=outcome))
    made: Visit = seen(db, select(Visit).where(Visit.id == command.id))[0]
    return made


def order(
    db: Session, person: Person, shop: Customer, *, of: Product | None = None, **more: Any
) -> UUID:
    """Twelve bottles of water, or of something else, in the visit that is open if there is one."""
    sold = of or goods(db)
    here = seen(db, all_visits().where(col(Visit.closed_by).is_(None)))
    wish = LineWish(product_id=sold.id, quantity=Decimal(12))
    visit_id = here[0].id if here else None
    said: dict[str, Any] = {"visit_id": visit_id, "lines": [wish]} | more
    return done(db, person, PlaceOrder(customer_id=shop.id, **said))


def goods(db: Session) -> Product:
    """Spring water, 2.50 a bottle, 55.00 a case of 24, on the default list."""
    listed = price_list(db)
    prices = {listed.id: {"bottle": 250, "case": 5500}}
    return product(db, "Spring Water", "W-1", prices, units={"case": "24"}, barcode="6901234567892")


def draft_fields(page: Element, of: Product, lines: int) -> dict[str, str]:
    """The form of an order with so many lines of one product."""
    fields = filled(page, "order-lines")
    for at in range(lines):
        fields |= {f"lines[{at}][product_id]": str(of.id), f"lines[{at}][quantity]": "1"}
    return fields


def done(db: Session, person: Person, command: Command) -> UUID:
    """What a phone has sent, carried out."""
    execute(db, person, command)
    db.commit()
    return command.id


def kept(db: Session, row: Row) -> Row:
    db.add(row)
    db.commit()
    return row


def seen(db: Session, statement: Any) -> list[Any]:
    """What others have written by now; nothing stays locked."""
    rows = list(db.exec(statement.execution_options(populate_existing=True)))
    db.commit()
    return rows


def only_customer(db: Session) -> Customer:
    """The first customer of this test; it is the only one unless the test made more."""
    found: Customer = seen(db, select(Customer).order_by(col(Customer.changed_at)))[0]
    return found


def select_customer(name: str) -> Any:
    return select(Customer).where(Customer.name == name)


def all_visits() -> Any:
    return select(Visit).order_by(col(Visit.received_at))


def note_of(person: Person, wish: WriteNote) -> Note:
    """A note's row without its command, where a test needs a thousand."""
    return Note(
        id=wish.id,
        customer_id=wish.customer_id,
        person_id=person.id,
        written_at=wish.at,
        received_at=wish.at,
        text=wish.text,
    )


def new_id() -> str:
    return str(uuid4())
