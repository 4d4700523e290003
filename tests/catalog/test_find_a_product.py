from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.catalog.queries import offers
from tests import world
from tests.cast import Cast
from tests.reading import HTMX, read

Browser = Callable[..., TestClient]


@pytest.fixture
def listed(db: Session) -> UUID:
    listed: UUID = world.price_list(db).id
    world.product(
        db,
        "可口可乐 330ml",
        "CC-330",
        {listed: {"can": 250}},
        units={"case": "24"},
        barcode="6901",
        base_unit="can",
        maker="中粮",
    )
    world.product(db, "Cola", "COLA", {listed: {"bottle": 300}})
    world.product(db, "Cola Zero", "COLA-0", {listed: {"bottle": 310}}, barcode="6902")
    world.product(db, "Old Cola", "COLA-9", {listed: {"bottle": 1}}, active=False)
    return listed


@pytest.fixture
def alice(listed: UUID, cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def options(browser: TestClient, text: str, **more: str) -> list[str]:
    answer = browser.get("/products/options", params={"entry[text]": text, **more}, headers=HTMX)
    assert answer.status_code == 200
    return [one.one(having="name").text for one in read(answer).all("button")]


@pytest.mark.parametrize(
    "text", ["可口可乐", "kkkl", "kekoukele", "cc-330", "6901", "中粮", "330ML", "可乐 330", "ＣＣ"]
)
def test_it_works(alice: TestClient, text: str) -> None:
    assert options(alice, text) == ["可口可乐 330ml"]


def test_a_suggestion_brings_its_units_and_their_prices(alice: TestClient) -> None:
    (option,) = read(alice.get("/products/options?entry[text]=kkkl", headers=HTMX)).all("button")
    units = [one.text for one in option.one("template").all("option")]
    assert units == ["can · CN¥2.50", "case · CN¥60.00"]


def test_what_is_called_exactly_so_comes_first_and_once(alice: TestClient) -> None:
    assert options(alice, "Cola") == ["Cola", "Cola Zero"]
    assert options(alice, "COLA-0") == ["Cola Zero"]


@pytest.mark.parametrize("text", ["", "   ", "unicorn", "%", "_", "Old", "COLA-9"])
def test_it_offers_nothing_else(alice: TestClient, text: str) -> None:
    assert options(alice, text) == []


def test_nothing_found_says_so(alice: TestClient) -> None:
    answer = alice.get("/products/options?entry[text]=<i>", headers=HTMX)
    assert "No product matches “<i>”." in read(answer).text


def test_the_price_is_the_one_of_the_list(db: Session, alice: TestClient) -> None:
    dealers = world.price_list(db, "Dealers", default=False)
    world.product(db, "Fizz", "F-1", {dealers.id: {"bottle": 99}})
    for params, price in [({}, ""), ({"price_list": str(dealers.id)}, "CN¥0.99/bottle")]:
        told = {"entry[text]": "Fizz", **params}
        answer = alice.get("/products/options", params=told, headers=HTMX)
        shown = [one.text for one in read(answer).all(having="money")]
        assert shown == ([price] if price else [])


def test_everybody_who_is_signed_in_may_look(listed: UUID, cast: Cast, browser_of: Browser) -> None:
    for person in cast.people:
        assert options(browser_of(person), "kkkl") == ["可口可乐 330ml"]
    answer = browser_of().get("/products/options?entry[text]=kkkl", headers=HTMX)
    assert answer.status_code == 401


def test_a_unit_costs_its_own_price_or_what_is_in_it(db: Session, listed: UUID) -> None:
    tray = world.product(
        db, "Tray", "T", {listed: {"can": 333}}, units={"tray": "6"}, base_unit="can"
    )
    own = world.product(
        db, "Own", "O", {listed: {"can": 100, "tray": 550}}, units={"tray": "6"}, base_unit="can"
    )
    poor = world.product(
        db, "Poor", "P", {listed: {"tray": 550}}, units={"tray": "6"}, base_unit="can"
    )
    known = offers(db, None, [tray.id, own.id, poor.id])
    assert known[tray.id].price("tray") == 1998
    assert known[own.id].price("tray") == 550
    assert known[poor.id].sold_in == ["tray"]
    assert known[own.id].sold_in == ["can", "tray"]
    assert known[own.id].price("lorry") is None
