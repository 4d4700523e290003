"""Candidates: who might be visited beside the plan, and why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade, Status
from app.followups.commands import MakePromise
from app.planning.commands import SetWorth, TakeLeave
from app.visits.commands import CheckOut
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, OPEN, TODAY, on_a_line

Browser = Callable[..., TestClient]
DAY = timedelta(days=1)


def also(browser: TestClient) -> list[str]:
    rows = look(browser, "/today").all("li", having="row")
    return [
        one.text
        for one in rows
        if one.text not in {"Phone contacts", "Free minutes", "Running late"}
    ]


def visited(db: Session, cast: Cast, name: str, days: int, grade: Grade, km: float = 50) -> None:
    shop = world.customer(db, cast.alice, name, grade=grade, at=world.away(km * 1000), windows=OPEN)
    at = MORNING - days * DAY
    world.visit(db, cast.alice, shop, at, left=at + timedelta(minutes=5))


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2)
    visited(db, cast, "Late A", 21, Grade.A1)
    visited(db, cast, "Late C", 100, Grade.C)
    visited(db, cast, "Early A", 1, Grade.A1)
    visited(db, cast, "Near B", 12, Grade.B1, km=2.5)
    visited(db, cast, "Far B", 12, Grade.B1)
    world.customer(db, cast.alice, "New D", grade=Grade.D)
    world.customer(db, cast.alice, "Given up", grade=Grade.A1, status=Status.INACTIVE)
    assert also(browser_of(cast.alice)) == [
        "Late A A1 overdue 14 days",
        "Near B B1 near the way",
        "Late C C overdue 34 days",
    ]


def test_a_promise_lifts_a_customer(db: Session, cast: Cast, browser_of: Browser) -> None:
    visited(db, cast, "Late B", 40, Grade.B2)
    visited(db, cast, "Small", 2, Grade.D)
    shop = world.seen(db, world.select_customer("Small"))[0]
    wish = MakePromise(customer_id=shop.id, what="Samples", due_on=TODAY - DAY)
    world.done(db, cast.alice, wish)
    assert also(browser_of(cast.alice)) == [
        "Small D promise 1 day late",
        "Late B B2 overdue 8 days",
    ]
    world.done(db, cast.mia, SetWorth(promise=0))
    assert also(browser_of(cast.alice))[0].startswith("Late B")


def test_what_was_agreed_at_the_door_is_said(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice, "Agreed", grade=Grade.A1, windows=OPEN)
    made = world.visit(db, cast.alice, shop, MORNING - DAY)
    leaving = CheckOut(
        visit_id=made.id, at=MORNING - DAY / 2, outcome=Outcome.PROGRESS, next_on=TODAY
    )
    world.done(db, cast.alice, leaving)
    assert (
        "agreed for today" in look(browser_of(cast.alice), "/today").one("li", having="next").text
    )


def test_who_usually_orders_now_is_said(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice, "Regular", grade=Grade.B2, windows=OPEN)
    goods = world.goods(db)
    for days in (36, 26, 16):
        at = MORNING - days * DAY
        world.visit(db, cast.alice, shop, at, left=at + timedelta(minutes=9))
        world.order(db, cast.alice, shop, of=goods, at=at)
    assert also(browser_of(cast.alice)) == ["Regular B2 usually orders now"]


@pytest.mark.parametrize("why", ["closed", "leave", "weekend"])
def test_nobody_is_proposed_where_nobody_goes(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    windows = [[0, 480, 1200]] if why == "closed" else OPEN
    shop = world.customer(db, cast.alice, "Late", grade=Grade.A1, windows=windows)
    world.visit(db, cast.alice, shop, MORNING - 40 * DAY, left=MORNING - 39 * DAY)
    if why == "leave":
        world.done(db, cast.alice, TakeLeave(first_day=TODAY, last_day=TODAY))
    if why == "weekend":
        world.the_clock_says(monkeypatch, datetime(2026, 11, 28, 1, tzinfo=UTC))
    assert also(browser_of(cast.alice)) == []


def test_only_ones_own_are_proposed(db: Session, cast: Cast, browser_of: Browser) -> None:
    visited(db, cast, "Late", 40, Grade.A1)
    for other in (cast.bob, cast.mia, cast.charlie):
        assert also(browser_of(other)) == []
