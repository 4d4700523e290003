"""It lay under the seat: after signing in it is as any other, and what was written on it counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core import clock
from app.sync.models import Device, Received
from app.sync.rules import Status
from tests.accounts.conftest import PASSWORD
from tests.cast import Cast
from tests.devices.conftest import Handset, PickUp
from tests.devices.test_shut_a_phone_out import notes, shut_out
from tests.reading import look
from tests.sync.phone import id_of

Open = Callable[..., TestClient]


def let_in(browser: TestClient, phone: Handset, status: int = 303) -> None:
    answer = browser.post("/devices/let-in", data={"device_id": str(phone.device)})
    assert answer.status_code == status, answer.text


def sign_in(phone: Handset) -> None:
    said = {"username": "alice", "password": PASSWORD}
    assert phone.browser.post("/sign-in", data=said).status_code == 303


@pytest.fixture
def lost(staff: Cast, pick_up: PickUp) -> Handset:
    return pick_up(staff.alice)


@pytest.fixture
def other(staff: Cast, pick_up: PickUp) -> Handset:
    return pick_up(staff.alice)


def test_it_works(db: Session, lost: Handset, other: Handset) -> None:
    shut_out(other.browser, lost)
    let_in(other.browser, lost)
    assert lost.send().status_code == 401
    assert lost.browser.get("/today").headers["location"] == "/sign-in?next=/today"
    sign_in(lost)
    assert lost.shows()
    said = lost.said(lost.note("一"))
    assert said["results"][0]["status"] == "applied"
    assert "shut_out" not in said
    row = look(other.browser, "/more/devices").one("li", id=f"device-{lost.device}")
    assert "shut out" not in row.text


def test_what_was_written_before_the_loss_is_done(
    db: Session, lost: Handset, other: Handset
) -> None:
    before = lost.note("二")
    shut_out(other.browser, lost)
    since = lost.note("三", at=(clock.now() + timedelta(hours=1)).isoformat())
    assert lost.statuses(before, since) == ["review", "review"]
    let_in(other.browser, lost)
    sign_in(lost)
    said = lost.said(held=[str(id_of(before)), str(id_of(since))])
    told = {one["id"]: one["status"] for one in said["updates"]}
    assert told == {str(id_of(before)): "applied", str(id_of(since)): "review"}
    assert notes(db) == {"二"}


def test_it_is_done_with_the_next_word_from_any_phone(
    db: Session, lost: Handset, other: Handset
) -> None:
    """Also when the lost one has been wiped since."""
    before = lost.note("二")
    shut_out(other.browser, lost)
    lost.statuses(before)
    assert lost.wiped() == 200
    let_in(other.browser, lost)
    assert other.statuses(other.note("三")) == ["applied"]
    assert notes(db) == {"二", "三"}


def test_what_could_not_be_done_anyhow_stays_with_the_office(
    db: Session, lost: Handset, other: Handset
) -> None:
    entry = lost.note("二")
    lost.statuses(entry)
    row = db.get_one(Received, id_of(entry))
    row.status, row.detail = Status.REVIEW, {"message": "Something else.", "params": {}}
    db.commit()
    shut_out(other.browser, lost)
    let_in(other.browser, lost)
    db.expire_all()
    assert db.get_one(Received, id_of(entry)).status is Status.REVIEW


def test_the_administrator_can(staff: Cast, lost: Handset, browser_of: Open) -> None:
    ada = browser_of(staff.ada)
    shut_out(ada, lost)
    let_in(ada, lost)
    sign_in(lost)
    assert lost.shows()


@pytest.mark.parametrize("who", ["bob", "mia", "diane", "sam"])
def test_others_cannot(
    staff: Cast, lost: Handset, other: Handset, browser_of: Open, who: str
) -> None:
    shut_out(other.browser, lost)
    let_in(browser_of(getattr(staff, who)), lost, status=404)
    assert not lost.shows()


def test_lost_again_it_is_shut_out_again(db: Session, lost: Handset, other: Handset) -> None:
    shut_out(other.browser, lost)
    lost.said()
    lost.wiped()
    let_in(other.browser, lost)
    sign_in(lost)
    shut_out(other.browser, lost)
    assert not lost.shows()
    db.expire_all()
    assert db.get_one(Device, lost.device).wiped_at is None
