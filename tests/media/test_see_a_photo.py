"""A picture is seen where it was taken for, by whoever sees the customer; and by its sender."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.customers.models import Customer
from app.media.rules import Kind
from app.visits.commands import TakePhoto
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.sending import refusal, send, so_far

Browser = Callable[..., TestClient]


@pytest.fixture(scope="module")
def photo() -> bytes:
    return jpeg(320, 200)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


def take(db: Session, person: Person, shop: Customer, photo: bytes) -> None:
    wish = TakePhoto(customer_id=shop.id, sha256=name_of(photo), size=len(photo), type=Kind.JPEG)
    world.done(db, person, wish)


def looks(browser: TestClient, photo: bytes, query: str = "") -> int:
    answer = browser.get(f"/media/{name_of(photo)}{query}")
    return int(answer.status_code)


def test_it_works(db: Session, cast: Cast, alice: TestClient, shop: Customer, photo: bytes) -> None:
    send(alice, photo)
    take(db, cast.alice, shop, photo)
    answer = alice.get(f"/media/{name_of(photo)}")
    assert (answer.status_code, answer.content) == (200, photo)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("who", "status"),
    [("mia", 200), ("diane", 200), ("sam", 200), ("bob", 404), ("charlie", 404), ("ada", 404)],
)
def test_a_manager_can_and_another_rep_cannot(
    db: Session,
    cast: Cast,
    browser_of: Browser,
    alice: TestClient,
    shop: Customer,
    photo: bytes,
    who: str,
    status: int,
) -> None:
    send(alice, photo)
    browser = browser_of(getattr(cast, who))
    assert looks(browser, photo) == 404
    take(db, cast.alice, shop, photo)
    for query in ("", "?size=thumb"):
        assert looks(browser, photo, query) == status


def test_what_is_anothers_is_answered_like_what_does_not_exist(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    send(alice, photo)
    take(db, cast.alice, shop, photo)
    charlie = browser_of(cast.charlie)
    there, nowhere = (charlie.get(f"/media/{name}") for name in (name_of(photo), "0" * 64))
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text
    assert so_far(charlie, name_of(photo)) == (0, False)


def test_nobody_sees_it_by_naming_it(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    """Charlie has heard its name, and says that he took it at a customer of his own."""
    send(alice, photo)
    take(db, cast.alice, shop, photo)
    take(db, cast.charlie, world.customer(db, cast.charlie, "Elsewhere"), photo)
    charlie = browser_of(cast.charlie)
    assert looks(charlie, photo) == 404
    send(charlie, photo)  # he has it after all
    assert looks(charlie, photo) == 200


def test_its_sender_sees_it_before_any_command(
    cast: Cast, browser_of: Browser, alice: TestClient, photo: bytes
) -> None:
    send(alice, photo)
    assert looks(alice, photo) == 200
    assert looks(browser_of(cast.mia), photo) == 404


def test_with_the_customer_it_goes_to_the_new_owner(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    send(alice, photo)
    take(db, cast.alice, shop, photo)
    shop.owner_id = cast.bob.id
    world.kept(db, shop)
    assert looks(browser_of(cast.bob), photo) == 200
    assert looks(alice, photo) == 200  # she sent it


def test_it_is_seen_where_any_of_its_places_is_seen(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    charlie = browser_of(cast.charlie)
    for sender in (alice, charlie):
        send(sender, photo)
    take(db, cast.alice, shop, photo)
    take(db, cast.charlie, world.customer(db, cast.charlie, "Elsewhere"), photo)
    for who, status in (("mia", 200), ("diane", 200), ("bob", 404)):
        assert looks(browser_of(getattr(cast, who)), photo) == status


def test_whoever_is_signed_out_signs_in_first(browser_of: Browser, photo: bytes) -> None:
    answer = browser_of().get(f"/media/{name_of(photo)}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_it_is_kept_by_the_phone_and_by_nobody_on_the_way(alice: TestClient, photo: bytes) -> None:
    send(alice, photo)
    path = f"/media/{name_of(photo)}"
    first = alice.get(path)
    assert first.headers["cache-control"].startswith("private")
    assert first.headers["vary"] == "Cookie"
    again = alice.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    small = alice.get(f"{path}?size=thumb", headers={"If-None-Match": first.headers["etag"]})
    assert small.status_code == 200


def test_a_size_that_there_is_not(alice: TestClient, photo: bytes) -> None:
    send(alice, photo)
    assert refusal(alice.get(f"/media/{name_of(photo)}?size=huge")) == (404, "not_found")
