"""A photo that never comes is closed by a person, after a week."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.models import Person
from app.customers.models import Customer
from app.media.rules import Kind
from app.visits.commands import TakePhoto
from app.visits.models import Photo
from app.visits.rules import EXPECTED_FOR, may_be_given_up
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.sending import send
from tests.reading import Element, buttons, look, refused

Browser = Callable[..., TestClient]
THEN = datetime(2026, 11, 17, 4, tzinfo=UTC)
A_WEEK_LATER = THEN + timedelta(days=7)
PHOTO = jpeg(310, 240)
BUTTON = "It will not come"


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


@pytest.fixture
def photo(db: Session, cast: Cast, shop: Customer, monkeypatch: pytest.MonkeyPatch) -> Photo:
    """Alice took it a week ago, and its picture has not come."""
    world.the_clock_says(monkeypatch, THEN)
    wish = TakePhoto(
        customer_id=shop.id, sha256=name_of(PHOTO), size=len(PHOTO), type=Kind.JPEG, at=THEN
    )
    world.done(db, cast.alice, wish)
    world.the_clock_says(monkeypatch, A_WEEK_LATER)
    (taken,) = world.seen(db, select(Photo))
    made: Photo = taken
    return made


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def customer_page(browser: TestClient, shop: Customer) -> Element:
    return look(browser, f"/customers/{shop.id}")


def give_up(browser: TestClient, photo: Photo) -> Any:
    said = {"id": world.new_id(), "photo_id": str(photo.id)}
    return browser.post("/visits/photo/give-up", data=said)


def form_of(page: Element) -> dict[str, str]:
    (form,) = page.all("form", action="/visits/photo/give-up")
    pairs = {one.attributes["name"]: one.attributes.get("value", "") for one in form.all("input")}
    return pairs | {"id": world.new_id(), "at": A_WEEK_LATER.isoformat()}


def test_it_works(db: Session, cast: Cast, alice: TestClient, shop: Customer, photo: Photo) -> None:
    page = customer_page(alice, shop)
    assert "Photo expected since 17 Nov 12:00" in page.text
    assert BUTTON in buttons(page)
    answer = alice.post("/visits/photo/give-up", data=form_of(page))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/customers/{shop.id}")
    page = customer_page(alice, shop)
    assert "Photo given up today: it never arrived" in page.text
    assert BUTTON not in buttons(page)
    (kept,) = world.seen(db, select(Photo))
    assert (kept.given_up_at, kept.given_up_by_id) == (A_WEEK_LATER, cast.alice.id)


@pytest.mark.parametrize("who", ["mia", "diane"])
def test_the_manager_can(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer, photo: Photo, who: str
) -> None:
    leader: Person = getattr(cast, who)
    browser = browser_of(leader)
    assert BUTTON in buttons(customer_page(browser, shop))
    assert give_up(browser, photo).status_code == 303
    (kept,) = world.seen(db, select(Photo))
    assert kept.given_up_by_id == leader.id


@pytest.mark.parametrize("who", ["bob", "charlie", "sam", "ada"])
def test_nobody_else_can(cast: Cast, browser_of: Browser, photo: Photo, who: str) -> None:
    answer = give_up(browser_of(getattr(cast, who)), photo)
    assert refused(answer, 404) == "This photo is not one of yours."


def test_an_assistant_who_sees_it_is_not_asked(
    cast: Cast, browser_of: Browser, shop: Customer, photo: Photo
) -> None:
    assert BUTTON not in buttons(customer_page(browser_of(cast.sam), shop))


def test_the_new_owner_sees_it_and_its_author_closes_it(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: Photo
) -> None:
    shop.owner_id = cast.bob.id
    world.kept(db, shop)
    bob = browser_of(cast.bob)
    assert BUTTON not in buttons(customer_page(bob, shop))
    assert give_up(bob, photo).status_code == 404
    assert give_up(alice, photo).status_code == 303


def test_within_the_week_it_may_still_come(
    alice: TestClient, shop: Customer, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.the_clock_says(monkeypatch, A_WEEK_LATER - timedelta(seconds=1))
    assert BUTTON not in buttons(customer_page(alice, shop))
    sentence = refused(give_up(alice, photo), 409)
    assert sentence == "This photo may still come: it can be given up after 7 days."


def test_one_that_has_arrived_is_not_given_up(
    alice: TestClient, shop: Customer, photo: Photo
) -> None:
    send(alice, PHOTO)
    assert BUTTON not in buttons(customer_page(alice, shop))
    assert refused(give_up(alice, photo), 409) == "This photo has arrived since."


def test_one_that_comes_after_all_is_shown(alice: TestClient, shop: Customer, photo: Photo) -> None:
    give_up(alice, photo)
    send(alice, PHOTO)
    page = customer_page(alice, shop)
    assert "given up" not in page.text
    assert page.one("img").attributes["src"].startswith(f"/media/{name_of(PHOTO)}")


def test_given_up_twice_it_stays_as_it_was(
    db: Session,
    cast: Cast,
    browser_of: Browser,
    alice: TestClient,
    photo: Photo,
) -> None:
    give_up(alice, photo)
    assert give_up(browser_of(cast.mia), photo).status_code == 303
    (kept,) = world.seen(db, select(Photo))
    assert kept.given_up_by_id == cast.alice.id


def test_how_long_it_is_waited_for() -> None:
    assert not may_be_given_up(EXPECTED_FOR - timedelta(microseconds=1))
    assert may_be_given_up(EXPECTED_FOR)
