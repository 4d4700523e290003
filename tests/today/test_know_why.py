from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.followups.commands import MakePromise
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, TODAY, on_a_line

Browser = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "too early"),
        (29, "too early"),
        (46, "planned"),
        (68, "due today"),
        (69, "overdue 1 day"),
        (400, "overdue 340 days"),
    ],
)
def test_the_reason_is_how_late_the_visit_is_by_its_cadence(
    db: Session, cast: Cast, browser_of: Browser, days: int, said: str
) -> None:
    (shop,) = on_a_line(db, cast, 2)
    at = MORNING - timedelta(days=days)
    world.visit(db, cast.mia, shop, at, left=at + timedelta(minutes=5))
    assert said in look(browser_of(cast.alice), "/today").one("li", having="next").text


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "promise 1 day late"), (-3, "promise 3 days late"), (0, "promise due today")],
)
def test_a_promise_comes_before_every_other_reason(
    db: Session, cast: Cast, browser_of: Browser, days: int, said: str
) -> None:
    (shop,) = on_a_line(db, cast, 2)
    due_on = TODAY + timedelta(days=days)
    world.done(db, cast.alice, MakePromise(customer_id=shop.id, what="Samples", due_on=due_on))
    following = look(browser_of(cast.alice), "/today").one("li", having="next").text
    assert said in following
    assert "Samples" in following
    assert "first visit" not in following


def test_a_promise_for_tomorrow_is_no_reason_today(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    (shop,) = on_a_line(db, cast, 2)
    tomorrow = TODAY + timedelta(days=1)
    world.done(db, cast.alice, MakePromise(customer_id=shop.id, what="Samples", due_on=tomorrow))
    assert "first visit" in look(browser_of(cast.alice), "/today").text
