"""The company says within which hours a day is driven, when there is lunch, and where it ends."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade
from app.planning.commands import SetFrame
from app.planning.frame import EndsAt
from tests import world
from tests.cast import Cast
from tests.reading import Element, look
from tests.today.a_day import MORNING, on_a_line

Browser = Callable[..., TestClient]


def frame(db: Session, cast: Cast, **said: Any) -> None:
    world.done(db, cast.mia, SetFrame(**{"begins": time(8, 30), "ends": time(18)} | said))


def times(page: Element) -> list[str]:
    return [one.one("time").text for one in page.all("li", having="stop")]


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2, 4)
    frame(db, cast, begins=time(10), ends=time(16))
    assert times(look(browser_of(cast.alice), "/today"))[0] > "10:00"


def test_lunch_stands_at_its_time(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, *range(1, 14))
    alice = browser_of(cast.alice)
    assert not look(alice, "/today").all("li", having="pause")
    frame(db, cast, lunch_minutes=60)
    page = look(alice, "/today")
    lunch = page.one("li", having="pause")
    assert "Lunch" in lunch.text
    assert "11:30" <= lunch.one("time").text <= "13:00"
    assert times(page) == sorted(times(page))


def test_who_was_free_at_noon_eats_no_second_time(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = on_a_line(db, cast, *range(1, 14))[0]
    frame(db, cast, lunch_minutes=45)
    world.visit(db, cast.alice, shop, left=MORNING + timedelta(hours=2))
    world.the_clock_says(monkeypatch, MORNING + timedelta(hours=4, minutes=5))
    assert not look(browser_of(cast.alice), "/today").all("li", having="pause")


def test_no_more_visits_than_may_be(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = on_a_line(db, cast, 1, 2, 3)[0]
    frame(db, cast, most=2)
    alice = browser_of(cast.alice)
    page = look(alice, "/today")
    assert len(page.all("li", having="at")) == 0
    assert "the day has as many visits as it may" in page.one("li", having="out").text
    assert page.one(having="sum").text.startswith("2 stops ·")  # that are driven to
    world.visit(db, cast.alice, shop, left=MORNING + timedelta(minutes=20))
    world.the_clock_says(monkeypatch, MORNING + timedelta(minutes=30))
    assert len(look(alice, "/today").all("li", having="out")) == 1


def test_an_a_is_visited_in_the_morning(db: Session, cast: Cast, browser_of: Browser) -> None:
    *_near, far = on_a_line(db, cast, *range(1, 13), 14)
    far.grade = Grade.A1
    world.kept(db, far)
    frame(db, cast, early=10)
    page = look(browser_of(cast.alice), "/today")
    stop = next(one for one in page.all("li", having="stop") if "Kilometre 14" in one.text)
    assert stop.one("time").text <= "12:00"


@pytest.mark.parametrize(
    ("end_at", "told"), [(EndsAt.HOME, "back at"), (EndsAt.ANYWHERE, "done at")]
)
def test_where_the_day_ends(
    db: Session, cast: Cast, browser_of: Browser, end_at: EndsAt, told: str
) -> None:
    on_a_line(db, cast, 2, 4)
    frame(db, cast, end_at=end_at)
    assert told in look(browser_of(cast.alice), "/today").text


def test_the_office_is_another_end_than_home(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2)
    cast.alice.office_lat, cast.alice.office_lon = world.away(30_000)
    world.kept(db, cast.alice)
    alice = browser_of(cast.alice)
    home = look(alice, "/today").one(id="sum").text[-5:]
    frame(db, cast, end_at=EndsAt.OFFICE)
    assert look(alice, "/today").one(id="sum").text[-5:] > home
