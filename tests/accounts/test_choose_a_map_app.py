"""Which app opens the way to a customer: chosen once, used everywhere."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock
from tests import world
from tests.cast import Cast
from tests.pwa.packs import asked, whole
from tests.reading import arrive, look

Browser = Callable[..., TestClient]

OPENED = {
    "amap": "https://uri.amap.com/",
    "baidu": "https://api.map.baidu.com/direction?",
    "google": "https://www.google.com/maps/dir/?",
    "apple": "https://maps.apple.com/?",
    "phone": "geo:31.2304",
}


@pytest.mark.parametrize("app", OPENED)
def test_it_works(db: Session, cast: Cast, browser_of: Browser, app: str) -> None:
    shop = world.customer(db, cast.alice)
    world.plan(db, cast.alice, shop, clock.today(cast.alice.time_zone))
    alice = browser_of(cast.alice)
    said = {"id": str(uuid4()), "map_app": app}
    page = arrive(alice, alice.post("/more/map", data=said))
    assert "checked" in page.one("input", name="map_app", value=app).attributes
    card = look(alice, f"/customers/{shop.id}")
    links = [one.attributes["href"] for one in card.all("a") if one.text == "Navigate"]
    assert [link.startswith(OPENED[app]) for link in links] == [True]


def test_until_it_is_chosen_the_page_says_what_is_used(cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    page = look(alice, "/more")
    assert "Until you choose: Amap in mainland China, Google Maps elsewhere." in page.text
    assert all("checked" not in one.attributes for one in page.all("input", name="map_app"))
    page = arrive(alice, alice.post("/more/map", data={"map_app": "google"}))
    assert "Until you choose" not in page.text


@pytest.mark.parametrize("typed", [{}, {"map_app": "paper"}, {"map_app": ""}])
def test_it_refuses_what_is_not_offered(
    db: Session, cast: Cast, browser_of: Browser, typed: dict[str, str]
) -> None:
    alice = browser_of(cast.alice)
    arrive(alice, alice.post("/more/map", data=typed))
    db.expire_all()
    assert db.get_one(Person, cast.alice.id).map_app == ""


def test_the_pages_on_the_phone_are_made_anew(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice)
    world.plan(db, cast.alice, shop, date(2026, 11, 24))
    alice = browser_of(cast.alice)
    before = whole(alice)
    alice.post("/more/map", data={"map_app": "apple"})
    delta = asked(alice, before.version)
    assert delta
    assert "https://maps.apple.com/" in delta.pages[(f"/customers/{shop.id}", "")]["b"]
