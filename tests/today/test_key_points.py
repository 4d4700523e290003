"""What was written the evening before is there in the morning, until it is crossed off."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.planning.models import KeyPoint
from app.planning.rules import next_weekday
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, refused, send
from tests.today.a_day import MORNING, TODAY

Browser = Callable[..., TestClient]
WRITE = "planning-write_key_point"
TEXT = {"text": "Ask Lilac about the cooler."}


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def points(db: Session) -> list[KeyPoint]:
    return world.seen(db, select(KeyPoint).order_by(KeyPoint.text))


def now(page: Element) -> str:
    return page.one("ul", having="points").text


def test_it_is_there_the_next_morning_until_it_is_crossed_off(
    db: Session, alice: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = arrive(alice, send(alice, look(alice, "/today"), WRITE, TEXT))
    (point,) = points(db)
    assert point.for_day == TODAY + timedelta(days=1)
    assert "cooler" not in now(evening)
    assert "Ask Lilac about the cooler. tomorrow" in evening.one("section", having="later").text
    world.the_clock_says(monkeypatch, MORNING + timedelta(days=2))
    later = look(alice, "/today")
    assert "Ask Lilac about the cooler. yesterday" in now(later)
    done = arrive(alice, alice.post("/key-points/cross-off", data={"point_id": str(point.id)}))
    assert "cooler" not in done.text
    first = points(db)[0].done_at
    alice.post("/key-points/cross-off", data={"point_id": str(point.id)})
    assert points(db)[0].done_at == first


def test_nobody_else_sees_it_or_crosses_it_off(
    db: Session, cast: Cast, alice: TestClient, browser_of: Browser
) -> None:
    send(alice, look(alice, "/today"), WRITE, TEXT)
    (point,) = points(db)
    for person in (cast.bob, cast.mia, cast.diane, cast.ada):
        browser = browser_of(person)
        assert "cooler" not in look(browser, "/today").text
        answer = browser.post("/key-points/cross-off", data={"point_id": str(point.id)})
        assert refused(answer, 404) == "This key point is not one of yours."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": " "}, "Please fill this in."),
        ({"text": "x" * 501}, "At most 500 characters."),
        ({"for_day": "soon"}, "Please give a date, for example 2026-11-30."),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(
    db: Session, alice: TestClient, typed: dict[str, str], sentence: str
) -> None:
    answer = send(alice, look(alice, "/today"), WRITE, TEXT | typed, htmx=True)
    again = put_back(answer)
    assert sentence in again.text
    assert not points(db)


@pytest.mark.parametrize(
    ("day", "next_one"),
    [
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2026, 11, 30)),
    ],
)
def test_after_friday_comes_monday(day: date, next_one: date) -> None:
    assert next_weekday(day) == next_one
