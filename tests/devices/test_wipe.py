"""The order to wipe: when nothing is left there, or when its time is over; and the receipt."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core import clock
from app.sync.models import Device
from app.sync.rules import farewell
from tests.accounts.conftest import Clock
from tests.cast import Cast
from tests.devices.conftest import Handset, PickUp
from tests.devices.test_shut_a_phone_out import shut_out
from tests.reading import look

Open = Callable[..., TestClient]
GRACE = timedelta(days=14)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Clock:
    own = Clock()
    monkeypatch.setattr(clock, "now", lambda: own.time)
    return own


@pytest.fixture
def lost(staff: Cast, pick_up: PickUp, browser_of: Open) -> Handset:
    """Shut out by the office, with three notes in its outbox."""
    phone = pick_up(staff.alice)
    shut_out(browser_of(staff.ada), phone)
    return phone


def test_it_works(db: Session, staff: Cast, lost: Handset, browser_of: Open) -> None:
    one, two, three = (lost.note(text) for text in "一二三")
    assert not lost.said(one, waiting=3)["shut_out"]["wipe"]
    assert lost.said(two, three, waiting=2)["shut_out"]["wipe"]
    assert lost.wiped() == 200
    db.expire_all()
    assert db.get_one(Device, lost.device).wiped_at
    for who, path in ((staff.ada, "/devices"), (staff.alice, "/more/devices")):
        row = look(browser_of(who), path).one("li", id=f"device-{lost.device}")
        assert "wiped today" in row.text


def test_nothing_is_ordered_while_something_waits(lost: Handset) -> None:
    entry = lost.note("一")
    assert not lost.said(waiting=1)["shut_out"]["wipe"]
    lost.note("never sent")
    gap = lost.note("三")
    assert not lost.said(gap, waiting=1)["shut_out"]["wipe"]  # its number was not used
    assert not lost.said(entry, waiting=3)["shut_out"]["wipe"]


def test_after_the_grace_it_is_wiped_all_the_same(turned: Clock, lost: Handset) -> None:
    assert not lost.said(waiting=3)["shut_out"]["wipe"]
    turned.forward(GRACE - timedelta(minutes=1))
    assert not lost.said(waiting=3)["shut_out"]["wipe"]
    turned.forward(timedelta(minutes=1))
    assert lost.said(waiting=3)["shut_out"]["wipe"]


def test_the_receipt_takes_the_session_back(lost: Handset) -> None:
    lost.said()
    answer = lost.browser.post(f"/sync/wiped?device={lost.device}")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "session" not in lost.browser.cookies
    assert "dev" in lost.browser.cookies  # or a password would open it
    assert lost.browser.get("/today").headers["location"] == "/sign-in?next=/today"


def test_it_is_given_by_the_secret_and_a_colleague_stays(
    db: Session, staff: Cast, lost: Handset, browser_of: Open
) -> None:
    lost.browser = bob = browser_of(staff.bob)
    assert lost.wiped() == 404  # not his to tell
    lost.prove()
    assert lost.wiped() == 200
    del bob.headers["authorization"]
    assert bob.get("/today").status_code == 200
    db.expire_all()
    assert db.get_one(Device, lost.device).wiped_at


def test_twice_is_once(lost: Handset) -> None:
    lost.prove()
    assert lost.wiped() == lost.wiped() == 200


def test_a_phone_that_is_not_shut_out_was_not_wiped(
    db: Session, staff: Cast, pick_up: PickUp
) -> None:
    phone = pick_up(staff.alice)
    assert phone.wiped() == 404
    assert phone.shows()


def test_a_closed_account_is_wiped_like_a_lost_phone(
    db: Session, staff: Cast, pick_up: PickUp
) -> None:
    phone = pick_up(staff.alice)
    staff.alice.active = False
    db.add(staff.alice)
    db.commit()
    assert not phone.shows()
    assert "By the office:" in look(phone.browser, "/shut-out").one("main").text
    entry = phone.note("一")
    phone.signed_out()
    phone.prove()
    said = phone.said(entry)
    assert said["results"][0]["status"] == "review"
    assert said["shut_out"]["wipe"]
    assert phone.wiped() == 200


def test_the_page_of_a_phone_that_was_wiped(lost: Handset, browser_of: Open) -> None:
    """Also before the receipt has arrived; no outbox is opened on it any more."""
    page = look(lost.browser, "/shut-out?wiped=1")
    assert "This phone has been wiped" in page.text
    assert "data-person" not in page.one("body").attributes
    nobody = browser_of()
    assert "This phone has been wiped" in look(nobody, "/shut-out?wiped=1").text
    assert "This phone is not shut out" in look(nobody, "/shut-out").text


def test_the_rule() -> None:
    since = clock.now()
    later = since + timedelta(days=1)
    order = farewell(since, later, own=True, left=1, grace=GRACE)
    assert (order.wipe, order.due - order.since) == (False, GRACE)
    assert farewell(since, later, own=True, left=0, grace=GRACE).wipe
    assert farewell(since, since + GRACE, own=True, left=9, grace=GRACE).wipe
    assert farewell(since, since, own=True, left=9, grace=timedelta()).wipe
