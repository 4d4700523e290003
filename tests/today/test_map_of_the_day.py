"""The day as a map: on today's page as a strip, large on a page of its own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Team
from app.core.geo import Point
from app.customers.models import Customer
from app.maps.actions import Drawing, put_shapes
from app.maps.rules import Kind
from app.settings import Settings
from tests import world
from tests.cast import Cast
from tests.pwa.packs import asked, whole
from tests.reading import Element, look
from tests.today.a_day import MORNING, OPEN, TODAY, lives_at, on_a_line, stops

Browser = Callable[..., TestClient]


def marks(page: Element) -> list[Element]:
    """In the order of their numbers."""
    found = [one for one in page.all("g") if "data-mark" in one.attributes]
    return sorted(found, key=lambda one: int(one.attributes["data-number"]))


def states(page: Element) -> list[str]:
    return [one.attributes["class"] for one in marks(page)]


def spot(mark: Element) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"-?\d+", mark.attributes["transform"])))


def line(page: Element) -> list[tuple[int, ...]]:
    (course,) = [one for one in page.all("polyline") if "data-through" in one.attributes]
    numbers = [int(one) for one in course.attributes["points"].split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2, 4, 6)
    alice = browser_of(cast.alice)
    today = look(alice, "/today")
    strip = today.one("a", having="strip")
    assert strip.attributes["href"] == "/today/map"
    assert strip.text == "Map of the day"
    assert states(strip) == ["mark next", "mark ahead", "mark ahead"]
    assert [one.text for one in strip.all("text")][-1] == "5 km"
    large = look(alice, "/today/map")
    names = stops(today)
    assert stops(large, "row") == names
    assert len(names) == 3
    links = [one for one in large.all("a") if "aria-label" in one.attributes and one.all("g")]
    named = sorted(one.attributes["aria-label"] for one in links)
    assert named == [f"{number} {name}" for number, name in enumerate(names, 1)]
    assert all(one.attributes["href"].startswith("/customers/") for one in links)


def test_the_way_leads_from_home_through_the_numbers(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 4, 2, 6)
    page = look(browser_of(cast.alice), "/today/map")
    drawn = [spot(one) for one in marks(page)]
    way = line(page)
    assert way[1:] == drawn
    assert way[0][1] > max(y for _x, y in drawn)  # they all lie north of there
    assert "from home" in page.text
    assert len(page.all("path", having="start")) == 2  # on the map and in its legend


def test_what_is_done_is_ticked(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _three = on_a_line(db, cast, 2, 4, 6)
    world.visit(db, cast.alice, one, MORNING, left=MORNING + timedelta(minutes=20))
    page = look(browser_of(cast.alice), "/today/map")
    assert states(page) == ["mark done", "mark next", "mark ahead"]
    assert [len(mark.all("path")) for mark in marks(page)] == [1, 0, 0]
    assert line(page)[0] == spot(marks(page)[0])  # the way goes on from there
    assert page.all("path", having="start") == []
    world.visit(db, cast.alice, two)
    page = look(browser_of(cast.alice), "/today/map")
    assert states(page) == ["mark done", "mark now", "mark ahead"]
    assert "You are here" in page.text


def test_a_stop_without_a_position_keeps_its_number(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 2)
    nowhere = world.customer(db, cast.alice, "Nowhere", at=None, windows=OPEN)
    world.visit(db, cast.alice, nowhere, MORNING, left=MORNING + timedelta(minutes=5))
    page = look(browser_of(cast.alice), "/today/map")
    assert [one.attributes["data-number"] for one in marks(page)] == ["2"]
    assert "no position yet" in page.all("li", having="row")[0].text


def test_where_i_am_is_where_the_way_begins(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2, 4)
    alice = browser_of(cast.alice)
    alice.post("/today/start", data=world.fix(7000))
    page = look(alice, "/today/map")
    assert "from where you are" in page.text
    assert line(page)[0][1] < spot(marks(page)[0])[1]  # north of all


def test_a_day_without_places_has_none(db: Session, cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    assert look(alice, "/today").all("a", having="strip") == []
    assert "Nothing to draw for today" in look(alice, "/today/map").text
    world.plan(db, cast.alice, world.customer(db, cast.alice, at=None), TODAY)
    assert look(alice, "/today").all("a", having="strip") == []


def test_a_colleague_can_see_only_their_own_day(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 2)
    for somebody in (cast.bob, cast.charlie, cast.mia):
        assert marks(look(browser_of(somebody), "/today/map")) == []


RIVER = [Point(31.20, 121.40), Point(31.24, 121.46), Point(31.30, 121.52)]


def load_river(db: Session, cast: Cast) -> None:
    company = db.get_one(Team, db.get_one(Team, cast.alice.team_id).parent_id)
    put_shapes(db, company, "river", [Drawing(Kind.WATER, "River", closed=False, lines=[RIVER])])
    db.commit()


def test_what_the_company_has_loaded_lies_under_it(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 2, 4, 6)
    load_river(db, cast)
    for path in ("/today", "/today/map"):
        (river,) = look(browser_of(cast.alice), path).all("path", having="water")
        assert river.attributes["d"].startswith("M")


def test_a_new_map_comes_to_the_phones(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 2, 4)
    alice = browser_of(cast.alice)
    before = whole(alice)
    assert asked(alice, before.version) is None
    load_river(db, cast)
    delta = asked(alice, before.version)
    assert delta
    day = TODAY.isoformat()
    assert 'class="water' in delta.pages[("/today", day)]["b"]
    assert 'class="water' in delta.pages[("/today/map", day)]["b"]


def test_the_strip_is_small(db: Session, cast: Cast, browser_of: Browser) -> None:
    """20 stops and a busy town: 6 KB."""
    lives_at(db, cast.alice, world.PIN)
    for shop in many(db, cast, 20):
        world.plan(db, cast.alice, shop, TODAY)
    town = [Drawing(Kind.ROAD, f"{n}", closed=False, lines=[winding(n)]) for n in range(40)]
    put_shapes(db, db.get_one(Team, db.get_one(Team, cast.alice.team_id).parent_id), "town", town)
    db.commit()
    text = browser_of(cast.alice).get("/today").text
    strip = text[text.index('<a class="strip"') :]
    assert len(strip[: strip.index("</a>")].encode()) <= 6000


def many(db: Session, cast: Cast, count: int) -> list[Customer]:
    return [
        world.customer(db, cast.alice, f"Shop {n}", at=world.away(300 * n, 37 * n), windows=OPEN)
        for n in range(count)
    ]


def winding(number: int) -> list[Point]:
    return [
        Point(31.18 + number * 0.003 + (at % 2) * 0.002, 121.40 + at * 0.002) for at in range(60)
    ]


def test_pictures_of_a_map_only_when_they_are_set_up(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_line(db, cast, 2, 4)
    alice = browser_of(cast.alice)
    assert look(alice, "/today/map").all("image") == []
    url = "https://tiles.example/{z}/{x}/{y}.png"
    set_up = Settings(ROADBOOK_TILES_URL=url, ROADBOOK_TILES_CREDIT="© Mapmakers")
    monkeypatch.setattr("app.today.sketch.settings", lambda: set_up)
    monkeypatch.setattr("app.today.pages.settings", lambda: set_up)
    large = look(alice, "/today/map")
    assert large.all("image")
    assert all(one.attributes["href"].startswith("https://tiles.") for one in large.all("image"))
    assert "© Mapmakers" in large.text
    assert look(alice, "/today").all("image") == []
