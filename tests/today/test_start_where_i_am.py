from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from tests import world
from tests.cast import Cast
from tests.reading import HTMX, arrive, look, read
from tests.today.a_day import MORNING, on_a_line, stops

Browser = Callable[..., TestClient]


@pytest.mark.parametrize("htmx", [False, True])
def test_the_route_can_start_where_i_am(
    db: Session, cast: Cast, browser_of: Browser, *, htmx: bool
) -> None:
    on_a_line(db, cast, 2, 4, 6)
    alice = browser_of(cast.alice)
    fix = world.fix(7000)
    page = arrive(alice, alice.post("/today/start", data=fix, headers=HTMX if htmx else {}))
    assert "from where you are" in page.text
    assert stops(page)[0] == "Kilometre 6"
    assert "1 km" in page.one("li", having="next").text


def test_a_newer_visit_beats_where_i_was(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, *_others = on_a_line(db, cast, 2, 4)
    alice = browser_of(cast.alice)
    arrive(alice, alice.post("/today/start", data=world.fix(7000)))
    world.the_clock_says(monkeypatch, MORNING + timedelta(hours=1))
    world.visit(db, cast.alice, one, left=MORNING + timedelta(hours=2))
    assert "from your last visit" in look(alice, "/today").text


def test_the_next_morning_begins_at_home(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_line(db, cast, 2, 4)
    world.the_clock_says(monkeypatch, MORNING - timedelta(hours=9, minutes=30))  # of the night
    alice = browser_of(cast.alice)
    arrive(alice, alice.post("/today/start", data=world.fix(7000)))
    world.the_clock_says(monkeypatch, MORNING)
    assert "from home" in look(alice, "/today").text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"position[lat]": "", "position[lon]": "", "position[accuracy]": ""},
        {"position[lat]": "91", "position[lon]": "0", "position[accuracy]": "1"},
        {"position[lat]": "nan", "position[lon]": "0", "position[accuracy]": "1"},
        {"position": "here"},
    ],
)
def test_without_a_good_position_the_day_stays_as_it_was(
    db: Session, cast: Cast, browser_of: Browser, typed: dict[str, str]
) -> None:
    on_a_line(db, cast, 2)
    alice = browser_of(cast.alice)
    assert "from home" in arrive(alice, alice.post("/today/start", data=typed)).text


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "1,2",
        "1,2,3,4",
        "91,0,1",
        "nan,nan,1",
        "inf,0,1",
        "1e999,0,1",
        "31.2,121.4," + "9" * 30,
        "31.2,121.4," + "9" * 5000,
        "31.2,121.4,-99999999999",
        "31.2,121.4,nan",
        "31.2,121.4,1e3",
        ",,",
    ],
)
def test_a_cookie_that_was_tampered_with_is_no_position(
    db: Session, cast: Cast, browser_of: Browser, cookie: str
) -> None:
    on_a_line(db, cast, 2)
    alice = browser_of(cast.alice)
    session = alice.cookies["session"]
    answer = alice.get("/today", headers={"cookie": f"session={session}; here={cookie}"})
    assert answer.status_code == 200
    assert "from home" in read(answer).text
