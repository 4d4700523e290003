"""Phones as people have them: each with a cookie of its own, on which somebody has signed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.customers.models import Customer
from tests.accounts.conftest import CHEAP, PASSWORD
from tests.cast import Cast
from tests.sync.phone import Entry, Phone

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
NOTE = "visits.write_note.v1"


@dataclass
class Handset(Phone):
    """A phone with its sign-in; `secret` is in hex, as the server gave it."""

    secret: str = ""
    shop: UUID | None = field(default=None, kw_only=True)

    def note(self, text: str, **more: Any) -> Entry:
        return self.write(NOTE, [("customer_id", str(self.shop)), ("text", text)], **more)

    def said(self, *entries: Entry, **more: Any) -> dict[str, Any]:
        """What the server answers, which must be an answer."""
        answer = self.send(*entries, **more)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def signed_out(self) -> None:
        """Its session is gone; the cookie that tells the phone is not."""
        self.browser.cookies.delete("session")

    def prove(self) -> None:
        """From now on it says by its secret who it is."""
        self.browser.headers["authorization"] = f"Device {self.device} {self.secret}"

    def wiped(self) -> int:
        return int(self.browser.post(f"/sync/wiped?device={self.device}").status_code)

    def shows(self, path: str = "/more") -> bool:
        """Whether pages open; else it must say why."""
        answer = self.browser.get(path)
        if answer.status_code == 200:
            return True
        assert (answer.status_code, answer.headers["location"]) == (303, "/shut-out")
        return False


PickUp = Callable[..., Handset]


@pytest.fixture
def staff(db: Session, cast: Cast) -> Cast:
    for person in cast.people:
        person.password_hash = CHEAP
    db.add_all(cast.people)
    db.commit()
    return cast


@pytest.fixture
def shop(db: Session, staff: Cast) -> Customer:
    made = Customer(name="测试店", owner_id=staff.alice.id, team_id=staff.north.id)
    db.add(made)
    db.commit()
    return made


@pytest.fixture
def pick_up(browser_of: Callable[..., TestClient], shop: Customer) -> PickUp:
    """`pick_up(person)` has just been signed in to; `speaks=False`: and has said nothing since."""

    def picked_up(person: Person, agent: str = ANDROID, *, speaks: bool = True) -> Handset:
        browser = browser_of()
        browser.headers["user-agent"] = agent
        return hand_to(person, browser, shop, speaks=speaks)

    return picked_up


def hand_to(person: Person, browser: TestClient, shop: Customer, *, speaks: bool = True) -> Handset:
    said = {"username": person.username, "password": PASSWORD}
    assert browser.post("/sign-in", data=said).status_code == 303
    phone = Handset(person.id, browser, shop=shop.id)
    if speaks:
        phone.secret = phone.send(secret=False).json()["secret"]
    return phone
