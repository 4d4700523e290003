"""What is due stands in kept pages: they come again when policy, calendar or leave move it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.commands import Command
from app.customers.models import Customer
from app.customers.rules import Grade
from app.planning.commands import DayKind, SetCadence, SetDay, TakeLeave
from app.visits.commands import RecordContact
from app.visits.rules import ContactKind, Outcome
from tests import world
from tests.cast import Cast
from tests.pwa.packs import Pack, asked, whole

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai, a Monday
Browser = Callable[..., TestClient]
THREE_DAYS = TakeLeave(first_day=date(2026, 11, 24), last_day=date(2026, 11, 26))


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    """Of the grade A2, visited on Friday: due in seven worked days, on 1 December."""
    shop = world.customer(db, cast.alice, "Lilac Café", grade=Grade.A2)
    at = NOW - timedelta(days=3)
    world.visit(db, cast.alice, shop, at, left=at + timedelta(minutes=9))
    return shop


def due_in(pack: Pack, shop: Customer) -> list[str]:
    """The days on which something is due, as they stand on the customer's page."""
    html: str = pack.pages[(f"/customers/{shop.id}", "")]["b"]
    return [part.partition('"')[0] for part in html.split('data-due="')[1:]]


@pytest.mark.parametrize(
    ("who", "wish", "then"),
    [
        ("mia", SetCadence(grade=Grade.A2, visits=2, calls=1), "2026-12-07"),
        ("ada", SetDay(on_day=date(2026, 11, 25), kind=DayKind.OFF, name="Fair"), "2026-12-02"),
        ("mia", SetDay(on_day=date(2026, 11, 28), kind=DayKind.WORKED), "2026-11-30"),
        ("alice", THREE_DAYS, "2026-12-04"),
    ],
)
def test_whatever_moves_it_sends_the_page_again(
    db: Session,
    cast: Cast,
    shop: Customer,
    browser_of: Browser,
    *,
    who: str,
    wish: Command,
    then: str,
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    assert due_in(before, shop)[0] == "2026-12-01"
    assert asked(browser, before.version) is None
    world.done(db, getattr(cast, who), wish)
    delta = asked(browser, before.version)
    assert delta
    assert due_in(delta, shop)[0] == then
    assert asked(browser, delta.version) is None


def test_a_colleagues_leave_moves_nothing_of_mine(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    world.done(db, cast.bob, THREE_DAYS)
    assert asked(browser, before.version) is None


def test_a_contact_counts_and_is_on_the_page(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    dinner = RecordContact(
        customer_id=shop.id, kind=ContactKind.DINNER, outcome=Outcome.PROGRESS, note="Crab season"
    )
    world.done(db, cast.alice, dinner)
    delta = asked(browser, before.version)
    assert delta
    assert due_in(delta, shop)[0] == "2026-12-04"  # half a gap of seven, rounded down
    assert "Crab season" in delta.pages[(f"/customers/{shop.id}", "")]["b"]


def test_the_same_tomorrow_is_the_same(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it has become due, and late."""
    browser = browser_of(cast.alice)
    before = whole(browser).hashes
    for days in (1, 9, 20):
        world.the_clock_says(monkeypatch, NOW + timedelta(days=days))
        later = whole(browser).hashes
        for url in (f"/customers/{shop.id}", "/calls"):
            assert later[(url, "")] == before[(url, "")], (url, days)
