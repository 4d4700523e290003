"""What can be ordered comes with the pack: rows to look up, one for each product on each list."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.catalog.models import Price, PriceList, Product
from tests import world
from tests.cast import Cast
from tests.pwa.packs import asked, whole

Browser = Callable[..., TestClient]


@pytest.fixture
def usual(db: Session) -> PriceList:
    return world.price_list(db)


@pytest.fixture
def tea(db: Session, usual: PriceList) -> Product:
    prices = {usual.id: {"piece": 450}}
    return world.product(db, "Black tea", "T1", prices, base_unit="piece", units={"case": "12"})


def prices(row: dict[str, Any]) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(row["h"]["units"])
    return found


def test_a_product_by_its_units_and_prices(
    db: Session, cast: Cast, tea: Product, browser_of: Browser
) -> None:
    row = whole(browser_of(cast.alice)).items[f"/goods/usual/{tea.id}"]
    assert prices(row) == [["piece", 450], ["case", 5400]]
    assert {key: row["h"][key] for key in ("key", "name", "code", "currency", "digits")} == {
        "key": str(tea.id),
        "name": "Black tea",
        "code": "T1",
        "currency": "CNY",
        "digits": "2",
    }
    assert "black tea" in row["f"]


def test_each_list_that_the_customers_buy_by(
    db: Session, cast: Cast, tea: Product, browser_of: Browser
) -> None:
    dealers = world.price_list(db, "Dealers", default=False)
    nobodys = world.price_list(db, "Nobody's", default=False)
    db.add(Price(price_list_id=dealers.id, product_id=tea.id, unit="piece", amount=400))
    db.add(Price(price_list_id=nobodys.id, product_id=tea.id, unit="piece", amount=1))
    db.commit()
    browser = browser_of(cast.alice)
    before = whole(browser)
    assert list(before.items) == [f"/goods/usual/{tea.id}"]
    world.customer(db, cast.alice, "A dealer", price_list_id=dealers.id)
    delta = asked(browser, before.version)
    assert delta
    assert {url: prices(row) for url, row in delta.items.items()} == {
        f"/goods/usual/{tea.id}": [["piece", 450], ["case", 5400]],
        f"/goods/{dealers.id}/{tea.id}": [["piece", 400], ["case", 4800]],
    }
    world.customer(db, cast.bob, "Another dealer", price_list_id=nobodys.id)
    assert asked(browser, delta.version) is None


def test_a_changed_price_comes_again_and_no_other(
    db: Session, cast: Cast, tea: Product, usual: PriceList, browser_of: Browser
) -> None:
    world.product(db, "Green tea", "T2", {usual.id: {"bottle": 500}})
    browser = browser_of(cast.alice)
    before = whole(browser)
    assert len(before.items) == 2
    change(db, tea.id, 475)
    delta = asked(browser, before.version)
    assert delta
    assert {url: prices(row) for url, row in delta.items.items()} == {
        f"/goods/usual/{tea.id}": [["piece", 475], ["case", 5700]]
    }


def test_what_is_sold_no_more_goes(
    db: Session, cast: Cast, tea: Product, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    tea.active = False
    db.add(tea)
    db.commit()
    delta = asked(browser, before.version)
    assert delta
    assert delta.items == {f"/goods/usual/{tea.id}": None}


def test_another_usual_list_is_another_catalogue(
    db: Session, cast: Cast, tea: Product, usual: PriceList, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    autumn = world.price_list(db, "Autumn", default=False)
    db.add(Price(price_list_id=autumn.id, product_id=tea.id, unit="piece", amount=430))
    usual.is_default = False
    db.add(usual)
    db.flush()
    autumn.is_default = True
    db.add(autumn)
    db.commit()
    delta = asked(browser, before.version)
    assert delta
    assert prices(delta.items[f"/goods/usual/{tea.id}"]) == [["piece", 430], ["case", 5160]]


def change(db: Session, product_id: UUID, amount: int) -> None:
    price = db.exec(select(Price).where(Price.product_id == product_id)).one()
    price.amount = amount
    db.add(price)
    db.commit()
