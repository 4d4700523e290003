from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade
from tests import world
from tests.cast import Cast
from tests.reading import arrive, look, refused, send

Browser = Callable[..., TestClient]
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)  # a Monday
WEEK = {"first_day": "2026-11-30", "last_day": "2026-12-04", "note": "Sanya"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


def test_it_works_and_what_is_due_waits(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice, grade=Grade.A2)
    world.visit(db, cast.alice, shop, NOW - timedelta(days=3), left=NOW - timedelta(days=2))
    alice = browser_of(cast.alice)
    customer = f"/customers/{shop.id}"
    assert "due 1 Dec" in look(alice, customer).text
    page = look(alice, "/leave")
    page = arrive(alice, send(alice, page, "planning-take_leave", WEEK))
    assert "30 Nov – 4 Dec Sanya" in page.text
    assert "due 8 Dec" in look(alice, customer).text
    assert "due 8 Dec" in look(browser_of(cast.mia), customer).text
    leave = page.all("input", name="leave_id")[0].attributes["value"]
    answer = alice.post("/leave/cancel", data={"leave_id": leave})
    assert "Sanya" not in arrive(alice, answer).text
    assert "due 1 Dec" in look(alice, customer).text


def test_nobody_cancels_anothers(cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    page = arrive(alice, send(alice, look(alice, "/leave"), "planning-take_leave", WEEK))
    leave = page.all("input", name="leave_id")[0].attributes["value"]
    for other in (cast.bob, cast.mia, cast.ada):
        browser = browser_of(other)
        assert "Sanya" not in look(browser, "/leave").text
        answer = browser.post("/leave/cancel", data={"leave_id": leave})
        assert "not one of yours" in refused(answer, 404)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"last_day": "2026-11-29"}, "before the first"),
        ({"last_day": "2029-11-29"}, "longer than a year"),
        ({"last_day": ""}, "fill this in"),
        ({"first_day": "1026-11-29"}, "at least"),
    ],
)
def test_it_refuses_nonsense(
    cast: Cast, browser_of: Browser, typed: dict[str, str], said: str
) -> None:
    alice = browser_of(cast.alice)
    answer = send(alice, look(alice, "/leave"), "planning-take_leave", WEEK | typed)
    assert answer.status_code == 422
    assert said in answer.text
