"""Who drives slowly arrives later: route and phone reckon with what the team has driven."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session

from app.planning.route.matrix import CITY
from tests import world
from tests.cast import Cast
from tests.planning.driven_days import days
from tests.reading import Element, look
from tests.today.a_day import TODAY, lives_at

Browser = Callable[..., TestClient]


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    days(db, cast, minutes_a_km=6)
    for rep in (cast.alice, cast.charlie):  # Charlie's team has driven nowhere yet
        lives_at(db, rep, world.PIN)
        world.plan(db, rep, world.customer(db, rep, "Far", at=world.away(9_000)), TODAY)
    hers, his = (stop(browser_of(rep)) for rep in (cast.alice, cast.charlie))
    assert hers.one("time").text > his.one("time").text
    assert hers.one(having="distance").text == his.one(having="distance").text


def test_the_phone_reckons_with_it_too(db: Session, cast: Cast, browser_of: Browser) -> None:
    days(db, cast, minutes_a_km=6)
    hers, his = (fits(browser_of(rep)) for rep in (cast.alice, cast.charlie))
    assert float(hers["data-slowest"]) < float(his["data-slowest"]) == CITY.slowest_kmh
    assert "data-speeds" not in his  # nothing is known of its hours


def stop(browser: TestClient) -> Element:
    return look(browser, "/today").one("li", having="next")


def fits(browser: TestClient) -> dict[str, str]:
    page = look(browser, "/free")
    return next(one.attributes for one in page.all("section") if "data-fits" in one.attributes)
