from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.models import Customer
from app.planning.commands import SetWorth
from app.today.queries import day_list
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, TODAY, on_a_line

Browser = Callable[..., TestClient]


@pytest.fixture
def debtor(db: Session, cast: Cast) -> Customer:
    (shop,) = on_a_line(db, cast, 2)
    shop.owed, shop.owed_since = 8_000_000, TODAY - timedelta(days=20)
    return world.kept(db, shop)


def test_it_works(cast: Cast, debtor: Customer, browser_of: Browser) -> None:
    """Seen yesterday: money is the weightiest reason to go again."""
    text = look(browser_of(cast.alice), f"/customers/{debtor.id}").text
    assert "Owes us CN¥80,000.00 20 days late" in text


def test_it_is_a_reason(db: Session, cast: Cast, debtor: Customer, browser_of: Browser) -> None:
    at = MORNING - timedelta(days=46)
    world.visit(db, cast.alice, debtor, at, left=at + timedelta(minutes=5))
    assert (
        "owes CN¥80,000.00" in look(browser_of(cast.alice), "/today").one("li", having="next").text
    )


def test_what_is_not_due_yet_is_none(
    db: Session, cast: Cast, debtor: Customer, browser_of: Browser
) -> None:
    debtor.owed_since = TODAY + timedelta(days=1)
    world.kept(db, debtor)
    at = MORNING - timedelta(days=46)
    world.visit(db, cast.alice, debtor, at, left=at + timedelta(minutes=5))
    assert "owes" not in look(browser_of(cast.alice), "/today").text


def test_the_points_are_policy(db: Session, cast: Cast, debtor: Customer) -> None:
    (stop,) = day_list(db, cast.alice, None).ahead
    world.done(db, cast.mia, SetWorth(owed=0))
    (without,) = day_list(db, cast.alice, None).ahead
    assert stop.worth - without.worth == 20
