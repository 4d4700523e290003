from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core import clock
from app.customers.models import Customer
from app.followups.models import Promise
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "followups-make_promise"


def today() -> date:
    return clock.today("Asia/Shanghai")


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    shop = world.customer(db, cast.alice)
    world.visit(db, cast.alice, shop)
    return shop


@pytest.fixture
def alice(shop: Customer, cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


@pytest.fixture
def page(shop: Customer, alice: TestClient) -> Element:
    return look(alice, f"/customers/{shop.id}/visit")


@pytest.mark.parametrize("htmx", [False, True])
def test_it_works(alice: TestClient, page: Element, *, htmx: bool) -> None:
    typed = {"what": "Bring a price list", "due_on": in_days(1)}
    after = arrive(alice, send(alice, page, FORM, typed, htmx=htmx))
    assert "We owe them: Bring a price list due tomorrow" in after.text
    assert "1 made" in after.text
    inbox = look(alice, "/inbox").text
    assert "1 open promise" in inbox
    assert "Bring a price list" in inbox
    assert "Harbour Café" in inbox


def test_theirs_is_a_promise_too(alice: TestClient, page: Element) -> None:
    typed = {"what": "Pay the invoice", "due_on": in_days(0), "side": "theirs"}
    after = arrive(alice, send(alice, page, FORM, typed))
    assert "They owe us: Pay the invoice due today" in after.text


def test_a_colleague_cannot_see_it_but_their_manager_can(
    cast: Cast, browser_of: Browser, alice: TestClient, page: Element
) -> None:
    typed = {"what": "Bring a price list", "due_on": in_days(1)}
    arrive(alice, send(alice, page, FORM, typed))
    assert "All done" in look(browser_of(cast.bob), "/inbox").text
    inbox = look(browser_of(cast.mia), "/inbox").text
    assert "Bring a price list" in inbox
    assert "Alice Lin" in inbox


def test_charlie_cannot(db: Session, cast: Cast, browser_of: Browser, page: Element) -> None:
    typed = {"what": "Bring a price list", "due_on": in_days(1)}
    sentence = refused(send(browser_of(cast.charlie), page, FORM, typed), 404)
    assert sentence == "This customer is not among those you look after."
    assert not world.seen(db, select(Promise))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"due_on": ""}, "Please fill this in."),
        ({"due_on": "soon"}, "Please give a date, for example 2026-11-30."),
        ({"due_on": "2026-11-31"}, "Please give a date, for example 2026-11-30."),
        ({"what": ""}, "Please fill this in."),
        ({"what": "x" * 501}, "At most 500 characters."),
        ({"side": "nobody's"}, "Please choose one of those offered."),
    ],
)
def test_it_refuses_what_is_not_clear(
    alice: TestClient, page: Element, typed: dict[str, str], sentence: str
) -> None:
    given = {"what": "Bring a price list", "due_on": in_days(1), **typed}
    again = put_back(send(alice, page, FORM, given, htmx=True))
    assert again.one("p", having="error").text == sentence
    assert again.one("input", name="what").attributes["value"] == given["what"]
    assert again.one("input", name="due_on").attributes["value"] == given["due_on"]
    assert read(send(alice, page, FORM, given)).one("p", having="error").text == sentence


def test_what_is_long_overdue_can_be_written_down(alice: TestClient, page: Element) -> None:
    typed = {"what": "Bring a price list", "due_on": in_days(-40)}
    after = arrive(alice, send(alice, page, FORM, typed))
    assert "40 days late" in after.text


def test_the_first_and_the_last_day_there_is(alice: TestClient, page: Element) -> None:
    for due_on in ("0001-01-01", "9999-12-31"):
        arrive(alice, send(alice, page, FORM, {"what": f"By {due_on}", "due_on": due_on}))
    assert "By 9999-12-31" in look(alice, "/inbox").text


def test_two_taps_are_one_promise(db: Session, alice: TestClient, page: Element) -> None:
    typed = {"what": "Bring a price list", "due_on": in_days(1), "id": world.new_id()}
    for _tap in range(2):
        arrive(alice, send(alice, page, FORM, typed))
    assert len(world.seen(db, select(Promise))) == 1
