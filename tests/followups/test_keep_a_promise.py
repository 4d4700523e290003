from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core import clock
from app.customers.models import Customer
from app.followups.commands import MakePromise
from app.followups.models import Promise
from tests import world
from tests.cast import Cast
from tests.reading import HTMX, Element, arrive, look, put_back, refused

Browser = Callable[..., TestClient]


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    shop = world.customer(db, cast.alice)
    for what, days in [("Later", 3), ("Late", -2), ("Today", 0)]:
        promise(db, cast, shop, what, days)
    return shop


def promise(db: Session, cast: Cast, shop: Customer, what: str, days: int) -> None:
    due_on: date = clock.today("Asia/Shanghai") + timedelta(days=days)
    world.done(db, cast.alice, MakePromise(customer_id=shop.id, what=what, due_on=due_on))


def rows(page: Element) -> list[str]:
    return [one.one("h2").text for one in page.all("li", having="row")]


def keep(browser: TestClient, page: Element, what: str) -> Element:
    row = next(one for one in page.all("li", having="row") if one.one("h2").text == what)
    fields = {one.attributes["name"]: one.attributes.get("value", "") for one in row.all("input")}
    return arrive(browser, browser.post("/promises/kept", data=fields))


def test_it_works(shop: Customer, cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    inbox = look(alice, "/inbox")
    assert rows(inbox) == ["Late", "Today", "Later"]
    assert "2 days late" in inbox.text
    assert "due today" in inbox.text
    assert rows(keep(alice, inbox, "Today")) == ["Late", "Later"]
    assert "kept today" in look(alice, f"/customers/{shop.id}").one(having="timeline").text


def test_an_empty_inbox_says_so(shop: Customer, cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    page = look(alice, "/inbox")
    for what in rows(page):
        page = keep(alice, page, what)
    assert "All done" in page.text


def test_a_colleague_can_keep_it_where_both_see_the_customer(
    shop: Customer, cast: Cast, browser_of: Browser
) -> None:
    mia = browser_of(cast.mia)
    assert rows(keep(mia, look(mia, "/inbox"), "Late")) == ["Today", "Later"]
    assert rows(look(browser_of(cast.alice), "/inbox")) == ["Today", "Later"]


@pytest.mark.parametrize("who", ["bob", "charlie", "ada"])
def test_charlie_cannot(
    db: Session, shop: Customer, cast: Cast, browser_of: Browser, who: str
) -> None:
    browser = browser_of(getattr(cast, who))
    assert "All done" in look(browser, "/inbox").text
    owed = world.seen(db, select(Promise))[0]
    answer = browser.post("/promises/kept", data={"promise_id": str(owed.id)})
    assert refused(answer, 404) == "This promise is not among those you look after."


def test_it_is_kept_once(
    db: Session, shop: Customer, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = browser_of(cast.alice)
    page = look(alice, "/inbox")
    keep(alice, page, "Late")
    (kept,) = world.seen(db, select(Promise).where(Promise.what == "Late"))
    first = kept.done_at
    keep(alice, page, "Late")
    assert world.seen(db, select(Promise).where(Promise.what == "Late"))[0].done_at == first


@pytest.mark.parametrize("fields", [{}, {"promise_id": "7"}])
def test_it_refuses_a_broken_form(
    shop: Customer, cast: Cast, browser_of: Browser, fields: dict[str, str]
) -> None:
    answer = browser_of(cast.alice).post("/promises/kept", data=fields, headers=HTMX)
    assert "This form is broken. Open it again." in put_back(answer).text
