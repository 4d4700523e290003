import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, TODAY, lives_at, on_a_line, stops

Browser = Callable[..., TestClient]


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    on_a_line(db, cast, 6, 2, 4)
    page = look(browser_of(cast.alice), "/today")
    along = stops(page)
    assert along in (
        ["Kilometre 2", "Kilometre 4", "Kilometre 6"],
        ["Kilometre 6", "Kilometre 4", "Kilometre 2"],
    )
    assert "Tuesday 24 November" in page.text
    assert "3 stops" in page.text
    assert "back at" in page.text
    assert "0 done · from home" in page.text
    following = page.one("li", having="next")
    assert "Next" in following.text
    assert "first visit" in following.text
    assert "open 08:00–20:00" in following.text
    assert "Visit" in [one.text for one in following.all("a", having="button")]


def test_nothing_planned_says_what_to_do(cast: Cast, browser_of: Browser) -> None:
    page = look(browser_of(cast.alice), "/today")
    assert "Nothing planned for today" in page.text
    assert page.one("a", having="button").attributes["href"] == "/customers"


def test_the_first_page_is_today(cast: Cast, browser_of: Browser) -> None:
    assert browser_of(cast.alice).get("/").headers["location"] == "/today"


@pytest.mark.parametrize("who", ["bob", "charlie", "mia", "diane", "sam", "ada"])
def test_a_colleague_can_see_a_day_of_their_own_only(
    db: Session, cast: Cast, browser_of: Browser, who: str
) -> None:
    on_a_line(db, cast, 2)
    assert "Nothing planned for today" in look(browser_of(getattr(cast, who)), "/today").text


def test_a_manager_has_a_route_too(db: Session, cast: Cast, browser_of: Browser) -> None:
    (shop,) = on_a_line(db, cast, 2)
    world.plan(db, cast.mia, shop, TODAY)
    assert stops(look(browser_of(cast.mia), "/today")) == ["Kilometre 2"]


def test_charlie_cannot_see_what_was_handed_to_somebody_else(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, _other = on_a_line(db, cast, 2, 4)
    world.plan(db, cast.charlie, shop, TODAY)
    assert "Nothing planned" in look(browser_of(cast.charlie), "/today").text
    shop.owner_id, shop.team_id = cast.charlie.id, cast.charlie.team_id
    world.kept(db, shop)
    assert stops(look(browser_of(cast.charlie), "/today")) == ["Kilometre 2"]
    assert stops(look(browser_of(cast.alice), "/today")) == ["Kilometre 4"]


def test_a_customer_visited_and_handed_over_is_gone(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    (shop,) = on_a_line(db, cast, 2)
    world.visit(db, cast.alice, shop, left=MORNING + timedelta(minutes=5))
    shop.owner_id = cast.bob.id
    world.kept(db, shop)
    assert "Nothing planned" in look(browser_of(cast.alice), "/today").text


def test_done_where_i_am_ahead(db: Session, cast: Cast, browser_of: Browser) -> None:
    one, two, three, four = on_a_line(db, cast, 2, 4, 6, 8)
    early = MORNING - timedelta(minutes=50)
    world.visit(db, cast.alice, one, early, left=early + timedelta(minutes=20))
    world.visit(db, cast.alice, two, early + timedelta(minutes=25))
    world.visit(db, cast.alice, three, early + timedelta(minutes=40))
    page = look(browser_of(cast.alice), "/today")
    assert stops(page, "done") == ["Kilometre 2", "Kilometre 4"]
    assert "Progress" in page.all("li", having="done")[0].text
    assert "not checked out" in page.all("li", having="done")[1].text
    assert stops(page, "now") == ["Kilometre 6"]
    assert "You are here" in page.one("li", having="now").text
    assert stops(page)[-1] == "Kilometre 8"
    assert not page.all("li", having="next")  # first finish here
    assert "4 stops" in page.text
    assert "2 done · from your last visit" in page.text
    assert "2 km" in page.all("li", having="stop")[-1].text
    assert four.point


def test_a_visit_that_was_not_planned_counts(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice)
    world.visit(db, cast.alice, shop, left=MORNING + timedelta(minutes=5))
    page = look(browser_of(cast.alice), "/today")
    assert "1 stop" in page.text
    assert stops(page, "done") == ["Harbour Café"]


def test_who_is_closed_or_nowhere_is_left_out_and_it_says_why(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 2)
    left: dict[str, dict[str, Any]] = {
        "Closed": {"windows": [[0, 540, 1080]]},
        "Early bird": {"windows": [[1, 300, 500]]},
        "Nowhere": {"at": None},
        "Far": {"at": world.away(900_000)},
    }
    for name, card in left.items():
        world.plan(db, cast.alice, world.customer(db, cast.alice, name, **card), TODAY)
    page = look(browser_of(cast.alice), "/today")
    said = {
        one.all("a")[0].text: one.one(having="meta").text for one in page.all("li", having="out")
    }
    assert said == {
        "Closed": "closed for the rest of today",
        "Early bird": "closed for the rest of today",
        "Nowhere": "has no position yet; check in there once and it has",
        "Far": "1277 min away, and there is no way back in time",
    }
    assert stops(page, "next") == ["Kilometre 2"]


def test_hours_that_are_not_known_shut_nobody_out(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    world.plan(db, cast.alice, world.customer(db, cast.alice), TODAY)
    page = look(browser_of(cast.alice), "/today")
    assert "opening hours not known" in page.one("li", having="next").text
    assert "from the first stop" in page.text


def test_nobody_knows_where_anything_is(db: Session, cast: Cast, browser_of: Browser) -> None:
    world.plan(db, cast.alice, world.customer(db, cast.alice, at=None), TODAY)
    page = look(browser_of(cast.alice), "/today")
    assert "has no position yet" in page.one("li", having="out").text


def test_without_a_home_the_office_is_the_start(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    on_a_line(db, cast, 2)
    cast.alice.home_lat = cast.alice.home_lon = None
    cast.alice.office_lat, cast.alice.office_lon = world.away(5000)
    world.kept(db, cast.alice)
    page = look(browser_of(cast.alice), "/today")
    assert "from the office" in page.text
    assert "3 km" in page.one("li", having="next").text


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", TODAY), ("America/New_York", TODAY - timedelta(days=1))]
)
def test_it_is_the_reps_day_and_not_the_servers(
    db: Session, cast: Cast, browser_of: Browser, zone: str, day: date
) -> None:
    cast.alice.time_zone = zone
    lives_at(db, cast.alice, world.PIN)
    world.plan(db, cast.alice, world.customer(db, cast.alice), day)
    world.plan(db, cast.alice, world.customer(db, cast.alice, "Other"), day + timedelta(days=1))
    page = look(browser_of(cast.alice), "/today")
    assert stops(page) == ["Harbour Café"]
    assert f"{day.day} November" in page.text


def test_at_night_the_plan_is_shown_as_from_the_morning(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_line(db, cast, 2, 4)
    world.the_clock_says(monkeypatch, MORNING + timedelta(hours=14))
    page = look(browser_of(cast.alice), "/today")
    assert len(stops(page, "stop")) == 2
    assert not page.all("li", having="out")


def test_in_the_afternoon_who_has_closed_is_left_out(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = world.customer(db, cast.alice, "Bakery", windows=[[1, 360, 720]])
    world.plan(db, cast.alice, shop, TODAY)
    world.the_clock_says(monkeypatch, MORNING + timedelta(hours=5))
    page = look(browser_of(cast.alice), "/today")
    assert "closed for the rest of today" in page.one("li", having="out").text


def test_a_graded_customer_shows_its_grade_and_navigation_opens_a_map(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop = world.customer(db, cast.alice, grade=Grade.A1, phones=["021 6279 1234"])
    world.plan(db, cast.alice, shop, TODAY)
    following = look(browser_of(cast.alice), "/today").one("li", having="next")
    assert following.one(having="grade").text == "A1"
    links = [one.attributes["href"] for one in following.all("a", having="button")]
    assert links[0].startswith("https://uri.amap.com/")
    assert links[1] == "tel:02162791234"


def test_who_does_not_fit_says_whose_visits_it_would_cost(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    for number in range(14):
        name, at = f"Shop {number}", world.away(500 * number)
        shop = world.customer(db, cast.alice, name, at=at, grade=Grade.A1, windows=None)
        world.plan(db, cast.alice, shop, TODAY)
    poor = world.customer(
        db, cast.alice, "Poor", at=world.away(-8_000), grade=Grade.D, windows=None
    )
    world.plan(db, cast.alice, poor, TODAY)
    page = look(browser_of(cast.alice), "/today")
    said = {
        one.all("a")[0].text: one.one(having="meta").text for one in page.all("li", having="out")
    }
    assert said["Poor"] == "would cost 1 A visit"


def test_the_phone_can_reckon_the_times_by_what_stands_there(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    lives_at(db, cast.alice, world.PIN)
    noon = [[1, 540, 720], [1, 780, 1020]]
    shop = world.customer(db, cast.alice, "Noon", windows=noon, at=world.away(500))
    for one in (world.customer(db, cast.alice, "Open"), shop):
        world.plan(db, cast.alice, one, TODAY)
    page = look(browser_of(cast.alice), "/today")
    day = next(one for one in page.all("ol") if "data-course" in one.attributes).attributes
    assert (day["data-departs"], day["data-closes"], day["data-detour"]) == ("510", "1080", "1.3")
    assert day["data-start"] == day["data-end"] == f"{world.PIN.lat:.6f},{world.PIN.lon:.6f}"
    told = {one.all("a")[0].text: one.attributes for one in page.all("li", having="stop")}
    assert told["Open"]["data-open"] == "?"
    assert told["Noon"]["data-open"] == "540-720 780-1020"
    assert told["Noon"]["data-takes"] == "20"
    assert "data-fixed" not in told["Noon"]
    assert told["Noon"]["data-place"].startswith(f"{world.away(500).lat:.6f},")


def test_the_time_is_when_the_visit_can_begin(
    db: Session, cast: Cast, browser_of: Callable[..., TestClient]
) -> None:
    """Nobody is to stand before a closed door."""
    lives_at(db, cast.alice, world.PIN)
    late = [[day, 630, 840] for day in range(7)]
    shop = world.customer(db, cast.alice, "Late riser", at=world.away(2_000), windows=late)
    world.plan(db, cast.alice, shop, TODAY)
    assert look(browser_of(cast.alice), "/today").one("li", having="next").text.startswith("10:30")


def test_it_says_how_long_one_drives(
    db: Session, cast: Cast, browser_of: Callable[..., TestClient]
) -> None:
    on_a_line(db, cast, 2, 9)
    assert re.search(r"from home · \d+ min driving", look(browser_of(cast.alice), "/today").text)
