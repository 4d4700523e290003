"""What follows from what came before it in the batch is known there, though nothing is written."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.customers.models import Customer
from app.orders.models import Order, OrderLine
from app.visits.models import Note, Visit
from tests import world
from tests.bench.history import goods
from tests.browser.engines.plan import Planner
from tests.cast import Cast
from tests.sync.phone import Entry, Pairs, Phone, id_of


@pytest.fixture
def products(db: Session) -> list[UUID]:
    found = [one.id for one in goods(db)]
    db.commit()
    return found


@pytest.fixture
def other(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice, "Two")


def check_in(phone: Phone, shop: Customer) -> Entry:
    return phone.write("visits.check_in.v1", [("customer_id", str(shop.id))])


def check_out(phone: Phone, visit: Entry) -> Entry:
    said = [("visit_id", str(id_of(visit))), ("outcome", "progress")]
    return phone.write("visits.check_out.v1", said)


def there(shop: Customer, visit: Entry) -> Pairs:
    return [("customer_id", str(shop.id)), ("visit_id", str(id_of(visit)))]


def note(phone: Phone, shop: Customer, visit: Entry) -> Entry:
    return phone.write("visits.write_note.v1", [*there(shop, visit), ("text", "Opens at nine")])


def order(phone: Phone, shop: Customer, visit: Entry, products: list[UUID]) -> Entry:
    lines = [
        (f"lines[{number}][{name}]", str(value))
        for number, product in enumerate(products)
        for name, value in (("product_id", product), ("quantity", 2))
    ]
    return phone.write("orders.place.v1", [*there(shop, visit), *lines])


def numbers(db: Session) -> list[int]:
    """Of the orders, as they were placed."""
    placed = db.exec(select(Order.number).order_by(col(Order.placed_at))).all()
    return [int(number.rpartition("-")[2]) for number in placed]


def test_it_works(
    db: Session, phone: Phone, customer: Customer, other: Customer, products: list[UUID]
) -> None:
    entries: list[Entry] = []
    visits: list[Entry] = []
    for shop in (customer, other, customer):
        visits.append(check_in(phone, shop))
        entries += (
            visits[-1],
            note(phone, shop, visits[-1]),
            order(phone, shop, visits[-1], products),
        )
    entries.append(check_out(phone, visits[-1]))
    assert phone.statuses(*entries) == ["applied"] * 10
    ended = {row.id: row.closed_by for row in db.exec(select(Visit))}
    assert [ended[id_of(one)] for one in visits] == ["left_open", "left_open", "checked_out"]
    assert {row.visit_id for row in db.exec(select(Note))} == ended.keys()
    assert numbers(db) == [1, 2, 3]
    lines = select(OrderLine.order_id, OrderLine.position, OrderLine.product_id)
    assert set(db.exec(lines)) == {
        (one, place, product)
        for one in db.exec(select(Order.id))
        for place, product in enumerate(products, start=1)
    }


def test_who_has_checked_out_did_not_leave_it_open(
    db: Session, phone: Phone, customer: Customer, other: Customer
) -> None:
    here = check_in(phone, customer)
    assert phone.statuses(here, check_out(phone, here), check_in(phone, other)) == ["applied"] * 3
    assert db.get_one(Visit, id_of(here)).closed_by == "checked_out"


def test_a_visit_of_an_earlier_batch_ends_where_the_next_begins(
    db: Session, phone: Phone, customer: Customer, other: Customer
) -> None:
    here, away = check_in(phone, customer), check_in(phone, other)
    assert phone.statuses(here) == ["applied"]
    assert phone.statuses(away, note(phone, customer, here)) == ["applied"] * 2
    assert db.get_one(Visit, id_of(here)).closed_by == "left_open"
    assert db.get_one(Visit, id_of(away)).closed_by is None


def test_a_visit_ends_once(phone: Phone, customer: Customer) -> None:
    here = check_in(phone, customer)
    told = phone.statuses(here, check_out(phone, here), check_out(phone, here))
    assert told == ["applied", "applied", "rejected"]


def test_it_refuses_what_was_written_at_another_customer(
    phone: Phone, customer: Customer, other: Customer
) -> None:
    here = check_in(phone, customer)
    entries = here, note(phone, customer, here), note(phone, other, here)
    assert phone.statuses(*entries) == ["applied", "applied", "rejected"]


def test_orders_that_are_refused_leave_no_gap(
    db: Session, phone: Phone, customer: Customer, products: list[UUID]
) -> None:
    here = check_in(phone, customer)
    entries = [
        order(phone, customer, here, [uuid4() if n in {0, 3, 4} else products[0]]) for n in range(7)
    ]
    later = order(phone, customer, here, products[:1])
    told = ["rejected" if n in {0, 3, 4} else "applied" for n in range(7)]
    assert phone.statuses(here, *entries) == ["applied", *told]
    assert numbers(db) == [1, 2, 3, 4]
    db.rollback()
    assert phone.statuses(later) == ["applied"]
    assert numbers(db) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(4))
def test_days_by_dice(
    phone: Phone, customer: Customer, other: Customer, products: list[UUID], seed: int
) -> None:
    """Refusals among them: the day's first order is in a run that is undone and done again."""
    shops, goods = [str(customer.id), str(other.id)], [str(one) for one in products]
    plan = Planner(seed, shops, goods).wishes(100)
    known = {wish.id for wish in plan}
    entries = [
        phone.write(
            wish.name,
            wish.fields,
            id=wish.id,
            deps=[value for _name, value in wish.fields if value in known],
        )
        for wish in plan
    ]
    assert phone.statuses(*entries) == [wish.expected for wish in plan]
