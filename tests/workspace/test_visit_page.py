from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.models import Customer
from app.followups.commands import KeepPromise, MakePromise
from app.visits.commands import CheckOut
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.reading import Element, buttons, look, names, read, send

Browser = Callable[..., TestClient]
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ONCE = ["Note", "Product", "Quantity", "Promise", "Due", "Outcome"]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOON)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice, notes="Ring twice")


@pytest.fixture
def alice(shop: Customer, cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def visit_page(browser: TestClient, shop: Customer) -> Element:
    return look(browser, f"/customers/{shop.id}/visit")


def forms(page: Element) -> list[str]:
    return [one.attributes["id"] for one in page.all("form")]


def test_before(alice: TestClient, shop: Customer) -> None:
    page = visit_page(alice, shop)
    assert forms(page) == ["visits-check_in"]
    assert buttons(page) == ["Check in"]
    assert page.one("button").attributes["form"] == "visits-check_in"
    assert "Last time never visited" in page.text
    assert "Ring twice" in page.text
    assert "Your position is read only when you check in" in page.text


def test_it_works(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    world.visit(db, cast.alice, shop)
    world.goods(db)
    page = visit_page(alice, shop)
    assert "here since 12:00" in page.text
    assert forms(page) == [
        "visits-write_note",
        "visits-take_photo",
        "order-lines",
        "order-entry",
        "followups-make_promise",
        "visits-check_out",
    ]
    assert_found_by_name(page)
    typed = {"entry[text]": "W-1"}
    draft = read(send(alice, page, "order-entry", typed, htmx=True))
    assert buttons(draft).count("Place order") == 1
    assert_found_by_name(draft, ["Product", "Quantity"])


def assert_found_by_name(page: Element, labels: list[str] = ONCE) -> None:
    """Who looks for a field by its label finds one, and every button by its exact words."""
    for label in labels:
        found = [name for name in names(page) if label.lower() in name.lower()]
        assert len(found) == 1, (label, found)
    for name in ("Save note", "Add line", "Save promise", "Check out"):
        if labels == ONCE or name == "Add line":
            assert buttons(page).count(name) == 1


def test_with_work_in_it_every_field_is_still_found_by_its_name(
    db: Session, cast: Cast, alice: TestClient, shop: Customer
) -> None:
    visit = world.visit(db, cast.alice, shop)
    world.order(db, cast.alice, shop)
    due_on = date(2026, 12, 1)
    promise = MakePromise(customer_id=shop.id, visit_id=visit.id, what="Note it", due_on=due_on)
    world.done(db, cast.alice, promise)
    page = visit_page(alice, shop)
    assert_found_by_name(page)
    assert "1 placed" in page.text
    assert "1 made" in page.text


def test_after(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    visit = world.visit(db, cast.alice, shop, NOON - timedelta(minutes=30))
    leaving = CheckOut(
        visit_id=visit.id,
        at=NOON,
        outcome=Outcome.NOT_MET,
        next_step="Call first",
        next_on=date(2026, 11, 25),
    )
    world.done(db, cast.alice, leaving)
    page = visit_page(alice, shop)
    assert "Visit recorded" in page.text
    assert "stayed 30 min" in page.text
    assert "Result Not met Next step Call first Next visit tomorrow" in page.text
    assert forms(page) == ["visits-write_note", "visits-check_in"]
    assert buttons(page) == ["Save note", "Dictate", "Check in again"]
    assert page.one("a", href=f"/customers/{shop.id}", having="button").text == (
        "See the whole history"
    )


def test_what_came_to_mind_on_the_way_out_can_still_be_written(
    db: Session, cast: Cast, alice: TestClient, shop: Customer
) -> None:
    visit = world.visit(db, cast.alice, shop, NOON - timedelta(minutes=30))
    world.done(db, cast.alice, CheckOut(visit_id=visit.id, at=NOON, outcome=Outcome.PROGRESS))
    form = visit_page(alice, shop).one("form", id="visits-write_note")
    assert form.one("input", name="visit_id").attributes["value"] == str(visit.id)


def test_before_the_door_is_what_was_left_open(
    db: Session, cast: Cast, alice: TestClient, shop: Customer
) -> None:
    yesterday = NOON - timedelta(days=1)
    visit = world.visit(db, cast.alice, shop, yesterday)
    leaving = CheckOut(
        visit_id=visit.id, at=yesterday, outcome=Outcome.PROGRESS, next_step="Bring samples"
    )
    world.done(db, cast.alice, leaving)
    for what in ("Samples", "Poster"):
        promise = MakePromise(
            customer_id=shop.id, visit_id=visit.id, what=what, due_on=date(2026, 11, 24)
        )
        world.done(db, cast.alice, promise)
    world.done(db, cast.alice, KeepPromise(promise_id=promise.id))
    page = visit_page(alice, shop)
    assert "Last time yesterday · Progress · Bring samples" in page.text
    assert "We owe them Samples due today" in page.text
    assert "Poster" not in page.text
    assert "Who supplies them now?" in page.text


def test_a_colleague_can_visit_at_the_same_time(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer
) -> None:
    world.visit(db, cast.alice, shop)
    page = visit_page(browser_of(cast.mia), shop)
    assert buttons(page) == ["Check in"]
    assert "Last time today" in page.text
    world.visit(db, cast.mia, shop)
    assert "Check out" in buttons(visit_page(browser_of(cast.mia), shop))
    assert "Check out" in buttons(visit_page(alice, shop))


@pytest.mark.parametrize("who", ["bob", "charlie", "ada"])
def test_charlie_cannot(cast: Cast, browser_of: Browser, shop: Customer, who: str) -> None:
    answer = browser_of(getattr(cast, who)).get(f"/customers/{shop.id}/visit")
    assert answer.status_code in {404, 409}
    assert "Harbour" not in answer.text


def test_it_speaks_chinese(db: Session, cast: Cast, alice: TestClient, shop: Customer) -> None:
    cast.alice.language = "zh_CN"
    world.kept(db, cast.alice)
    assert buttons(visit_page(alice, shop)) == ["签到"]
    world.visit(db, cast.alice, shop)
    assert "签退" in buttons(visit_page(alice, shop))
