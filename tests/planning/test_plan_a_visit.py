from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core import clock
from app.core.errors import NotFound, Refused
from app.customers.models import Customer
from app.planning.commands import CancelVisit, PlanVisit
from app.planning.queries import planned_for
from app.visits.commands import CheckIn, CheckOut
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.reading import look

Browser = Callable[..., TestClient]
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # 10:00 in Shanghai
TODAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice, "Walnut")


def form(shop: Customer, **said: str) -> dict[str, str]:
    return {"id": str(uuid4()), "customer_id": str(shop.id), "on_day": "2026-11-27", **said}


def test_it_works(db: Session, cast: Cast, shop: Customer, browser_of: Browser) -> None:
    browser = browser_of(cast.alice)
    sent = form(shop, at_time="10:30", purpose="The year's contract", must="true")
    answer = browser.post("/plans", data=sent)
    assert answer.headers["location"] == f"/customers/{shop.id}"
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert (plan.at_minute, plan.must) == (630, True)
    text = look(browser, f"/customers/{shop.id}").text
    assert "10:30" in text
    assert "The year's contract · must not be left out" in text


def test_without_a_time_it_is_no_appointment(db: Session, cast: Cast, shop: Customer) -> None:
    world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=FRIDAY))
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert (plan.at_minute, plan.must, plan.purpose) == (None, False, "")


def test_said_again_it_is_changed(db: Session, cast: Cast, shop: Customer) -> None:
    for at in (time(10, 30), time(14)):
        world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=FRIDAY, at_time=at))
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert plan.at_minute == 14 * 60


def test_it_is_cancelled_and_planned_again(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser, address, again = browser_of(cast.alice), f"/customers/{shop.id}", form(shop)
    browser.post("/plans", data=form(shop, at_time="10:30"))
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    said = {"planned_id": str(plan.id)}
    db.rollback()
    for _twice in range(2):
        assert browser.post("/plans/cancel", data=said).headers["location"] == address
    assert not planned_for(db, cast.alice, FRIDAY)
    db.rollback()
    assert "10:30" not in look(browser, address).text
    browser.post("/plans", data=again)
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert plan.at_minute is None


def test_today_may_be_planned_and_yesterday_not(db: Session, cast: Cast, shop: Customer) -> None:
    world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=TODAY, at=NOW))
    late = PlanVisit(customer_id=shop.id, on_day=TODAY - timedelta(days=1), at=NOW)
    with pytest.raises(Refused, match="This day is over"):
        world.done(db, cast.alice, late)


def test_what_was_planned_without_a_signal_may_arrive_late(
    db: Session, cast: Cast, shop: Customer
) -> None:
    yesterday = TODAY - timedelta(days=1)
    wish = PlanVisit(customer_id=shop.id, on_day=yesterday, at=NOW - timedelta(days=1))
    world.done(db, cast.alice, wish)
    assert len(planned_for(db, cast.alice, yesterday)) == 1


def test_at_the_door_a_time_is_agreed(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    here = CheckIn(customer_id=shop.id, at=clock.now())
    world.done(db, cast.alice, here)
    leaving = CheckOut(
        visit_id=here.id,
        at=clock.now() + timedelta(minutes=9),
        outcome=Outcome.PROGRESS,
        next_on=FRIDAY,
        next_at=time(15, 45),
    )
    world.done(db, cast.alice, leaving)
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert plan.at_minute == 15 * 60 + 45
    assert "15:45" in look(browser_of(cast.alice), f"/customers/{shop.id}/visit").text


def test_agreeing_on_the_day_again_keeps_the_time(db: Session, cast: Cast, shop: Customer) -> None:
    world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=FRIDAY, at_time=time(9)))
    here = CheckIn(customer_id=shop.id, at=clock.now())
    world.done(db, cast.alice, here)
    leaving = CheckOut(visit_id=here.id, outcome=Outcome.PROGRESS, next_on=FRIDAY)
    world.done(db, cast.alice, leaving)
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    assert plan.at_minute == 9 * 60


def test_a_colleague_cannot_cancel_it(db: Session, cast: Cast, shop: Customer) -> None:
    world.done(db, cast.alice, PlanVisit(customer_id=shop.id, on_day=FRIDAY))
    ((plan, _customer),) = planned_for(db, cast.alice, FRIDAY)
    with pytest.raises(NotFound):
        world.done(db, cast.bob, CancelVisit(planned_id=plan.id))


def test_it_refuses_what_is_no_time(cast: Cast, shop: Customer, browser_of: Browser) -> None:
    answer = browser_of(cast.alice).post("/plans", data=form(shop, at_time="half past ten"))
    assert answer.status_code == 422
    assert "Please give a time, for example 10:30." in answer.text
