"""The phone lets go of a picture's bytes when the server has them and has done the command."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.core.commands import Command
from app.customers.models import Customer
from app.media.rules import MAX_ASKED, MEDIA_TYPE, Kind
from app.visits.commands import TakePhoto
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.sending import append, held, refusal, send

Browser = Callable[..., TestClient]


@pytest.fixture(scope="module")
def photo() -> bytes:
    return jpeg(330, 200)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


def taken(shop: Customer, photo: bytes) -> Command:
    return TakePhoto(customer_id=shop.id, sha256=name_of(photo), size=len(photo), type=Kind.JPEG)


def take(db: Session, person: Person, shop: Customer, photo: bytes) -> None:
    world.done(db, person, taken(shop, photo))


def test_it_works(db: Session, cast: Cast, alice: TestClient, shop: Customer, photo: bytes) -> None:
    name, other = name_of(photo), "0" * 64
    assert held(alice, name, other) == {"held": [], "complete": []}
    send(alice, photo)
    assert held(alice, name, other) == {"held": [], "complete": [name]}
    take(db, cast.alice, shop, photo)
    assert held(alice, name, other) == {"held": [name], "complete": [name]}
    assert held(alice) == {"held": [], "complete": []}


def test_done_before_it_is_whole(
    db: Session, cast: Cast, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    take(db, cast.alice, shop, photo)
    append(alice, name_of(photo), 0, photo[:-1])
    assert held(alice, name_of(photo)) == {"held": [], "complete": []}
    append(alice, name_of(photo), len(photo) - 1, photo[-1:], last=True)
    assert held(alice, name_of(photo))["held"] == [name_of(photo)]


def test_anothers_command_is_not_mine(
    db: Session, cast: Cast, browser_of: Browser, alice: TestClient, shop: Customer, photo: bytes
) -> None:
    """Mia has the same picture and has not said what it is for: her phone keeps it."""
    send(alice, photo)
    take(db, cast.alice, shop, photo)
    mia = browser_of(cast.mia)
    assert held(mia, name_of(photo)) == {"held": [], "complete": []}
    send(mia, photo)
    assert held(mia, name_of(photo)) == {"held": [], "complete": [name_of(photo)]}


def test_the_answer_is_unmistakable(alice: TestClient) -> None:
    """No page of a hotel, and no stored answer, makes a phone let go of anything."""
    question = {"nonce": "n-1", "pictures": []}
    answer = alice.post("/media/held", json=question)
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["nonce"] == "n-1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"nonce": "", "pictures": []}',
        b'{"nonce": "1", "pictures": ["x"]}',
        b'{"nonce": "1", "pictures": "x"}',
    ],
)
def test_a_damaged_question_is_told_so(alice: TestClient, body: bytes) -> None:
    assert refusal(alice.post("/media/held", content=body)) == (400, "damaged")


def test_too_many_at_once(alice: TestClient) -> None:
    names = [f"{number:064x}" for number in range(MAX_ASKED + 1)]
    assert held(alice, *names[1:]) == {"held": [], "complete": []}
    question = {"nonce": "1", "pictures": names}
    assert refusal(alice.post("/media/held", json=question)) == (400, "damaged")
