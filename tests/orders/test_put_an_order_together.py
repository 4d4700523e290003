from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.catalog.models import PriceList, Product
from app.customers.models import Customer
from tests import world
from tests.cast import Cast
from tests.reading import HTMX, Element, buttons, filled, look, names, read, refused, send

Browser = Callable[..., TestClient]
ENTRY, LINES = "order-entry", "order-lines"


@pytest.fixture
def shop(db: Session, shop: Customer) -> Customer:
    """With three goods that are harder to sell."""
    listed = world.seen(db, select(PriceList))[0].id
    world.product(db, "冰红茶", "T-1", {listed: {"bottle": 333}}, units={"tray": "1.5"})
    world.product(db, "Spring Water 5 l", "W-5", {listed: {"can": 1200}}, base_unit="can")
    world.product(db, "Poster", "X-1", {})
    return shop


@pytest.fixture
def page(shop: Customer, alice: TestClient) -> Element:
    return look(alice, f"/customers/{shop.id}/visit")


def add(browser: TestClient, page: Element, text: str, **more: str) -> Element:
    """A line typed into the form, as htmx sends it."""
    typed = {"entry[text]": text} | {f"entry[{name}]": value for name, value in more.items()}
    answer = send(browser, page, ENTRY, typed, htmx=True)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    return read(answer)


def lines(page: Element) -> list[str]:
    return [
        f"{line.one('p', having='name').text}, {line.one('p', having='meta').text}, "
        f"{quantity_of(line)}, {line.one('span', having='money').text}"
        for line in page.all("li", having="line")
    ]


def quantity_of(line: Element) -> str:
    return next(
        one.attributes["value"]
        for one in line.all("input")
        if one.attributes["name"].endswith("[quantity]")
    )


def error(page: Element) -> str:
    return page.one("p", id="entry-error").text


@pytest.mark.parametrize(
    "text", ["Spring Water", "W-1", "6901234567892", "  W-1 ", "w-1", "ＳＰＲＩＮＧ water w-1"]
)
def test_it_works(alice: TestClient, page: Element, text: str) -> None:
    assert "Place order" not in buttons(page)
    draft = add(alice, page, text, quantity="12")
    assert lines(draft) == ["Spring Water, CN¥2.50/bottle, 12, CN¥30.00"]
    assert draft.one(having="total").text == "1 line CN¥30.00"
    assert "Place order" in buttons(draft)
    assert "autofocus" in draft.one("input", id="entry-text").attributes


@pytest.mark.parametrize("text", ["冰红茶", "bhc", "binghongcha", "红茶"])
def test_pinyin_finds_it(alice: TestClient, page: Element, text: str) -> None:
    assert lines(add(alice, page, text)) == ["冰红茶, CN¥3.33/bottle, 1, CN¥3.33"]


def test_a_suggestion_that_was_picked_is_meant_whatever_its_name(
    db: Session, alice: TestClient, page: Element
) -> None:
    (water,) = world.seen(db, select(Product).where(Product.code == "W-1"))
    draft = add(alice, page, "Spring", product_id=str(water.id), unit="case", quantity="2")
    assert lines(draft) == ["Spring Water, CN¥55.00/case, 2, CN¥110.00"]


def test_it_refuses_to_guess_and_lists_what_it_could_be(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "spring", quantity="7")
    assert error(draft) == "Several products match “spring”. Choose one."
    choices = draft.one(id="entry-options").all("button")
    assert [one.one(having="name").text for one in choices] == ["Spring Water", "Spring Water 5 l"]
    assert draft.one("input", id="entry-text").attributes["value"] == "spring"
    assert draft.one("input", id="entry-quantity").attributes["value"] == "7"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a product's name, code or barcode."),
        ("unicorn", "No product matches “unicorn”."),
        ("%", "No product matches “%”."),
        ("<b>", "No product matches “<b>”."),
        ("x" * 101, "At most 100 characters."),
        ("Poster", "Poster has no price here."),
    ],
)
def test_it_says_why_nothing_was_added(
    alice: TestClient, page: Element, text: str, sentence: str
) -> None:
    draft = add(alice, page, text)
    assert error(draft) == sentence
    assert not lines(draft)


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1e9", "两", "1,5", "1.0005", "NaN", "inf", "100000.5", "1" * 5000]
)
def test_it_refuses_a_quantity_that_is_none(
    alice: TestClient, page: Element, quantity: str
) -> None:
    draft = add(alice, page, "W-1", quantity=quantity)
    assert error(draft)
    assert not lines(draft)
    assert draft.one("input", id="entry-quantity").attributes["value"] == quantity
    assert lines(add(alice, draft, "W-1", quantity="3"))


def test_a_wrong_quantity_forgets_neither_the_product_nor_the_unit(
    db: Session, alice: TestClient, page: Element
) -> None:
    (water,) = world.seen(db, select(Product).where(Product.code == "W-1"))
    draft = add(alice, page, "Spring", product_id=str(water.id), unit="case", quantity="two")
    again = read(send(alice, draft, ENTRY, {"entry[quantity]": "2"}, htmx=True))
    assert lines(again) == ["Spring Water, CN¥55.00/case, 2, CN¥110.00"]


def test_a_unit_without_a_price_costs_what_is_in_it(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "T-1", unit="tray", quantity="3")
    assert lines(draft) == ["冰红茶, CN¥5.00/tray, 3, CN¥15.00"]  # 3.33 × 1.5 is 4.995


def test_a_part_of_a_unit_is_rounded_once_half_up(alice: TestClient, page: Element) -> None:
    draft = add(alice, add(alice, page, "T-1", quantity="0.5"), "T-1", quantity="1.5")
    assert [line.rsplit(", ")[-1] for line in lines(draft)] == ["CN¥1.67", "CN¥5.00"]
    assert draft.one(having="total").text == "2 lines CN¥6.67"


def test_a_unit_that_is_not_sold_is_said(alice: TestClient, page: Element) -> None:
    assert error(add(alice, page, "W-1", unit="lorry")) == "Spring Water has no price here."


def test_lines_are_added_changed_and_removed(alice: TestClient, page: Element) -> None:
    draft = add(alice, add(alice, add(alice, page, "W-1"), "T-1"), "W-5")
    assert [line.split(",")[0] for line in lines(draft)] == [
        "Spring Water",
        "冰红茶",
        "Spring Water 5 l",
    ]
    fields = filled(draft, LINES)
    more = {**fields, "lines[1][quantity]": "2.5"}
    changed = read(alice.post("/orders/draft", data=more, headers=HTMX))
    assert lines(changed)[1] == "冰红茶, CN¥3.33/bottle, 2.5, CN¥8.33"
    removed = read(alice.post("/orders/draft", data={**fields, "drop": "1"}, headers=HTMX))
    assert [line.split(",")[0] for line in lines(removed)] == ["Spring Water", "Spring Water 5 l"]
    assert "Remove Spring Water 5 l" in buttons(removed)


def test_a_line_changed_to_nonsense_is_said_and_stays(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "W-1", quantity="5")
    fields = {**filled(draft, LINES), "lines[0][quantity]": "lots"}
    changed = read(alice.post("/orders/draft", data=fields, headers=HTMX))
    assert "Please give a number." in changed.one(having="notice").text
    assert lines(changed) == ["Spring Water, CN¥2.50/bottle, 1, CN¥2.50"]


def test_what_else_was_typed_stays(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "W-1")
    fields = {**filled(draft, LINES), "remark": "Back door", "deliver_on": "2026-12-01"}
    changed = read(alice.post("/orders/draft", data=fields, headers=HTMX))
    assert changed.one("input", name="remark").attributes["value"] == "Back door"
    assert changed.one("input", name="deliver_on").attributes["value"] == "2026-12-01"


def test_it_is_one_order_from_its_first_line_on(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "W-1")
    known = draft.one("input", name="id").attributes["value"]
    fields = filled(draft, LINES) | {"id": known}
    for change in ({"lines[0][quantity]": "2"}, {"entry[text]": "T-1"}, {"drop": "0"}):
        answer = alice.post("/orders/draft", data=fields | change, headers=HTMX)
        assert read(answer).one("input", name="id").attributes["value"] == known


def test_a_customer_pays_the_prices_of_his_own_list(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    dealers = world.price_list(db, "Dealers", default=False, currency="USD")
    world.product(db, "Lemonade", "L-1", {dealers.id: {"bottle": 99}})
    dealer = world.customer(db, cast.alice, "Dealer", price_list_id=dealers.id)
    here = look(alice, f"/customers/{dealer.id}/visit")
    world.visit(db, cast.alice, dealer)
    here = look(alice, f"/customers/{dealer.id}/visit")
    assert lines(add(alice, here, "L-1")) == ["Lemonade, $0.99/bottle, 1, $0.99"]
    assert error(add(alice, here, "W-1")) == "Spring Water has no price here."
    assert error(add(alice, page, "L-1")) == "Lemonade has no price here."


def test_prices_beyond_32_bits(db: Session, alice: TestClient, page: Element) -> None:
    listed = world.seen(db, select(PriceList))[0].id
    world.product(db, "Excavator", "E-1", {listed: {"piece": 9_876_543_210_00}}, base_unit="piece")
    draft = add(alice, page, "E-1", quantity="1000")
    assert draft.one(having="total").text == "1 line CN¥9,876,543,210,000.00"


def test_a_withdrawn_product_is_not_sold(db: Session, alice: TestClient, page: Element) -> None:
    draft = add(alice, add(alice, page, "W-1"), "T-1")
    (product,) = world.seen(db, select(Product).where(Product.code == "W-1"))
    product.active = False
    world.kept(db, product)
    assert error(add(alice, page, "W-1")) == "No product matches “W-1”."
    again = read(alice.post("/orders/draft", data=filled(draft, LINES), headers=HTMX))
    assert "One of these products is no longer sold." in again.one(having="notice").text
    assert [line.split(",")[0] for line in lines(again)] == ["冰红茶"]


def test_200_lines_and_not_one_more(db: Session, alice: TestClient, page: Element) -> None:
    full = world.draft_fields(page, world.seen(db, select(Product))[0], 200)
    draft = read(alice.post("/orders/draft", data=full, headers=HTMX))
    assert len(lines(draft)) == 200
    more = add(alice, draft, "W-1")
    assert "An order has at most 200 lines." in more.text
    assert len(lines(more)) == 200


def test_it_works_without_script(alice: TestClient, page: Element) -> None:
    answer = send(alice, page, ENTRY, {"entry[text]": "W-1"})
    assert answer.status_code == 200
    whole = read(answer)
    assert whole.all("html")
    assert lines(whole) == ["Spring Water, CN¥2.50/bottle, 1, CN¥2.50"]


def test_every_field_has_a_name(alice: TestClient, page: Element) -> None:
    draft = add(alice, page, "W-1")
    assert all(names(draft))
    assert len(set(names(draft))) == len(names(draft))


def test_charlie_cannot(cast: Cast, browser_of: Browser, page: Element) -> None:
    answer = send(browser_of(cast.charlie), page, ENTRY, {"entry[text]": "W-1"}, htmx=True)
    assert refused(answer, 404) == "This customer is not among those you look after."
