from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.catalog.models import Price, Product
from app.core import db as database
from app.core.commands import execute
from app.customers.models import Customer
from app.orders.commands import LineWish, PlaceOrder
from app.orders.models import Order
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "order-lines"


@pytest.fixture
def draft(shop: Customer, alice: TestClient) -> Element:
    """Two cases and a half of water, on the screen and not yet placed."""
    page = look(alice, f"/customers/{shop.id}/visit")
    typed = {"entry[text]": "W-1", "entry[unit]": "case", "entry[quantity]": "2.5"}
    return read(send(alice, page, "order-entry", typed, htmx=True))


def orders(db: Session) -> list[Order]:
    return world.seen(db, select(Order).order_by(col(Order.number)))


def water(db: Session) -> Product:
    product: Product = world.seen(db, select(Product).where(Product.code == "W-1"))[0]
    return product


@pytest.mark.parametrize("htmx", [False, True])
def test_it_works(db: Session, alice: TestClient, draft: Element, *, htmx: bool) -> None:
    typed = {"remark": "Back door", "deliver_on": "2030-12-01"}
    page = arrive(alice, send(alice, draft, FORM, typed, htmx=htmx))
    (order,) = orders(db)
    assert f"{order.number} CN¥137.50" in page.text
    assert "Spring Water 2.5 case × CN¥55.00 CN¥137.50" in page.text
    assert "1 placed" in page.text
    card = look(alice, f"/orders/{order.id}").text
    assert "Remark Back door" in card
    assert "Deliver on 1 Dec 2030" in card
    assert "1 line" in card
    assert "Total CN¥137.50" in card
    assert order.number in look(alice, "/orders").text


def test_a_colleague_can_not_see_it_but_the_manager_and_the_assistant_can(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, draft: Element
) -> None:
    arrive(alice, send(alice, draft, FORM))
    (order,) = orders(db)
    for person in (cast.mia, cast.sam, cast.diane):
        browser = browser_of(person)
        assert "Alice Lin" in look(browser, f"/orders/{order.id}").text
        assert order.number in look(browser, "/orders").text
    for person in (cast.bob, cast.charlie, cast.ada):
        browser = browser_of(person)
        sentence = refused(browser.get(f"/orders/{order.id}"), 404)
        assert sentence == "This order is not among those you look after."
        assert "No orders yet" in look(browser, "/orders").text


def test_charlie_cannot(db: Session, cast: Cast, browser_of: Browser, draft: Element) -> None:
    answer = send(browser_of(cast.charlie), draft, FORM, htmx=True)
    assert refused(answer, 404) == "This customer is not among those you look after."
    assert not orders(db)


def test_the_visit_must_be_ones_own(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, draft: Element
) -> None:
    assert (
        refused(send(browser_of(cast.mia), draft, FORM), 404) == "This visit is not one of yours."
    )
    other = world.customer(db, cast.alice, "Green Grocer")
    answer = send(alice, draft, FORM, {"customer_id": str(other.id)})
    assert refused(answer, 404) == "This visit was at another customer."
    assert not orders(db)


@pytest.mark.parametrize("htmx", [False, True])
def test_it_refuses_an_order_without_lines(
    db: Session, shop: Customer, alice: TestClient, *, htmx: bool
) -> None:
    page = look(alice, f"/customers/{shop.id}/visit")
    answer = send(alice, page, FORM, htmx=htmx)
    again = put_back(answer) if htmx else read(answer)
    assert again.one("p", id="entry-error").text == "Type a product's name, code or barcode."
    assert not orders(db)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"remark": "x" * 501}, "Remark: At most 500 characters."),
        ({"deliver_on": "soon"}, "Deliver on: Please give a date, for example 2026-11-30."),
        ({"lines[0][quantity]": "0"}, "Must be more than 0."),
        ({"lines[0][quantity]": "few"}, "Please give a number."),
        ({"id": "7"}, "This does not look right."),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(
    db: Session, alice: TestClient, draft: Element, typed: dict[str, str], sentence: str
) -> None:
    again = put_back(send(alice, draft, FORM, {"remark": "Back door", **typed}, htmx=True))
    assert again.one(having="notice", role="alert").text == sentence
    assert "Spring Water" in again.text
    remark = again.one("input", name="remark").attributes["value"]
    assert remark == typed.get("remark", "Back door")
    assert not orders(db)


def test_a_product_withdrawn_meanwhile_is_not_sold(
    db: Session, alice: TestClient, draft: Element
) -> None:
    product = water(db)
    product.active = False
    world.kept(db, product)
    answer = send(alice, draft, FORM, htmx=True)
    assert refused(answer, 409) == "One of these products is no longer sold. Remove its line."
    assert not orders(db)


def test_a_price_that_changed_meanwhile_is_charged_and_shown(
    db: Session, alice: TestClient, draft: Element
) -> None:
    (price,) = world.seen(db, select(Price).where(Price.unit == "case"))
    price.amount = 6000
    world.kept(db, price)
    page = arrive(alice, send(alice, draft, FORM))
    assert "2.5 case × CN¥60.00 · shown as CN¥55.00 on the phone CN¥150.00" in page.text


def test_two_taps_are_one_order(db: Session, alice: TestClient, draft: Element) -> None:
    same = {"id": world.new_id()}
    for _tap in range(2):
        arrive(alice, send(alice, draft, FORM, same))
    assert len(orders(db)) == 1


def test_orders_are_numbered_by_the_day(
    db: Session, cast: Cast, alice: TestClient, shop: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in ("2026-11-24T15:59", "2026-11-24T15:59", "2026-11-24T16:00"):
        world.the_clock_says(monkeypatch, datetime.fromisoformat(moment).replace(tzinfo=UTC))
        world.order(db, cast.alice, shop, of=water(db))
    numbers = [order.number for order in orders(db)]
    assert numbers == ["S20261124-0001", "S20261124-0002", "S20261125-0001"]


def test_what_was_refused_leaves_no_gap(
    db: Session, cast: Cast, alice: TestClient, draft: Element
) -> None:
    arrive(alice, send(alice, draft, FORM))
    send(alice, draft, FORM, {"lines[0][unit]": "lorry"})
    arrive(alice, send(alice, draft, FORM))
    assert [order.number[-4:] for order in orders(db)] == ["0001", "0002"]


def test_twenty_at_once_get_twenty_numbers(
    db: Session, engine: Engine, cast: Cast, shop: Customer
) -> None:
    product = water(db)
    world.seen(db, select(Product))

    def place(_at: int) -> None:
        wish = LineWish(product_id=product.id, quantity=Decimal(1))
        with database.transaction(engine) as session:
            execute(session, cast.alice, PlaceOrder(customer_id=shop.id, lines=[wish]))

    with ThreadPoolExecutor(20) as phones:
        list(phones.map(place, range(20)))
    numbers = [order.number[-4:] for order in orders(db)]
    assert numbers == [f"{number:04}" for number in range(1, 21)]


def test_201_lines_are_too_many(db: Session, alice: TestClient, draft: Element) -> None:
    fields = world.draft_fields(draft, water(db), 201)
    again = put_back(alice.post("/orders", data=fields, headers={"HX-Request": "true"}))
    assert "An order has at most 200 lines." in again.text
    assert not orders(db)
    page = arrive(alice, alice.post("/orders", data=world.draft_fields(draft, water(db), 200)))
    assert "CN¥552.50" in page.text


def test_amounts_beyond_32_bits(db: Session, cast: Cast, shop: Customer, alice: TestClient) -> None:
    (price,) = world.seen(db, select(Price).where(Price.unit == "bottle"))
    price.amount = 9_876_543_210_00
    world.kept(db, price)
    world.order(db, cast.alice, shop, of=water(db))
    assert "CN¥118,518,518,520.00" in look(alice, "/orders").text


def test_an_order_by_telephone_has_no_visit(
    db: Session, cast: Cast, shop: Customer, alice: TestClient
) -> None:
    world.order(db, cast.alice, shop, of=water(db), visit_id=None)
    assert "CN¥30.00" in look(alice, f"/customers/{shop.id}").one(having="timeline").text
