from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.models import Contact
from app.customers.rules import Grade
from app.followups.commands import MakePromise
from app.planning.calls import CAPACITY, SHOWN, call_list
from app.visits.commands import RecordContact
from app.visits.rules import ContactKind, Outcome
from tests import world
from tests.cast import Cast
from tests.reading import look

Browser = Callable[..., TestClient]
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


def called(db: Session, cast: Cast, name: str, days: int, next_on: date | None = None) -> None:
    shop = world.customer(db, cast.alice, name, grade=Grade.A2, phones=["021 5555 1234"])
    kind, outcome = ContactKind.PHONE, Outcome.PROGRESS
    at = NOW - days * DAY
    wish = RecordContact(customer_id=shop.id, kind=kind, outcome=outcome, at=at, next_on=next_on)
    world.done(db, cast.alice, wish)


def names(db: Session, cast: Cast) -> list[str]:
    return [one.customer.name for one in call_list(db, cast.alice)]


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    called(db, cast, "Last week", 8)
    called(db, cast, "Last month", 31)
    called(db, cast, "Agreed for today", 1, next_on=NOW.date())
    world.customer(db, cast.alice, "Never", grade=Grade.D)
    world.customer(db, cast.bob, "Not mine", grade=Grade.A1)
    assert names(db, cast) == ["Never", "Last month", "Last week", "Agreed for today"]
    page = look(browser_of(cast.alice), "/calls")
    assert page.all("a", href="tel:02155551234")
    assert "agreed due today" in page.text
    assert "no number known" in page.text
    assert "Not mine" not in page.text


def test_one_tap_notes_what_came_of_it(db: Session, cast: Cast, browser_of: Browser) -> None:
    called(db, cast, "Last month", 31)
    called(db, cast, "Last week", 8)
    alice = browser_of(cast.alice)
    row = look(alice, "/calls").all("li", having="row")[0]
    form = {one.attributes["name"]: one.attributes.get("value", "") for one in row.all("input")}
    buttons = [one.attributes["value"] for one in row.all("button")]
    assert buttons == ["progress", "no_progress", "order", "not_met"]
    form |= {"id": world.new_id(), "at": NOW.isoformat(), "outcome": "progress"}
    assert alice.post("/visits/contact", data=form).status_code == 303
    assert names(db, cast) == ["Last week", "Last month"]


def test_who_was_not_reached_stays_where_they_are(db: Session, cast: Cast) -> None:
    called(db, cast, "Last month", 31)
    called(db, cast, "Last week", 8)
    key = call_list(db, cast.alice)[0].customer.id
    kind, outcome = ContactKind.PHONE, Outcome.NOT_MET
    world.done(db, cast.alice, RecordContact(customer_id=key, kind=kind, outcome=outcome))
    assert names(db, cast)[0] == "Last month"


def test_a_visit_ends_what_was_agreed_before_it(db: Session, cast: Cast) -> None:
    called(db, cast, "Agreed", 2, next_on=NOW.date())
    shop = world.only_customer(db)
    world.visit(db, cast.alice, shop, NOW - DAY, left=NOW - DAY / 2)
    (call,) = call_list(db, cast.alice)
    assert not call.wanted.agreed
    assert call.wanted.due.on == date(2026, 11, 27)


def test_a_promise_comes_when_it_is_due(db: Session, cast: Cast, browser_of: Browser) -> None:
    called(db, cast, "Last week", 8)
    called(db, cast, "Yesterday", 1)
    shop = world.seen(db, world.select_customer("Yesterday"))[0]
    wish = MakePromise(customer_id=shop.id, what="Samples", due_on=NOW.date() - 9 * DAY)
    world.done(db, cast.alice, wish)
    assert names(db, cast) == ["Yesterday", "Last week"]
    assert "Samples 9 days late" in look(browser_of(cast.alice), "/calls").text


def test_who_answers_is_named(db: Session, cast: Cast, browser_of: Browser) -> None:
    called(db, cast, "Last month", 31)
    key = call_list(db, cast.alice)[0].customer.id
    world.kept(db, Contact(customer_id=key, name="Mr Shi", phone="139 0000 0001"))
    page = look(browser_of(cast.alice), "/calls")
    assert "Mr Shi · 139 0000 0001" in page.text
    assert page.all("a", href="tel:13900000001")


def test_no_more_than_can_be_called_in_a_day(db: Session, cast: Cast, browser_of: Browser) -> None:
    for number in range(CAPACITY + 3):
        world.customer(db, cast.alice, f"Shop {number}", grade=Grade.A1)
    assert len(call_list(db, cast.alice)) == SHOWN
    alice = browser_of(cast.alice)
    assert len(look(alice, "/calls").all("li", having="row")) == SHOWN
    more = look(alice, f"/calls?shown={CAPACITY}")
    assert len(more.all("li", having="row")) == CAPACITY
    assert "Show more" not in more.text


def test_nobody_to_call_says_what_will_be_here(cast: Cast, browser_of: Browser) -> None:
    assert "Nobody to call" in look(browser_of(cast.alice), "/calls").text
