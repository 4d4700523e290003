"""A lost phone shows nothing from now on; what it holds is taken in and waits for the office."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.models import SignIn
from app.core import clock
from app.core.commands import CommandLog
from app.customers.models import Customer
from app.main import create_app
from app.media.models import Sender
from app.sync.models import Device, Received
from app.visits.models import Note
from tests.accounts.conftest import PASSWORD
from tests.cast import Cast
from tests.devices.conftest import Handset, PickUp, hand_to
from tests.media.album import jpeg, name_of
from tests.media.sending import append
from tests.reading import HTMX, look, send
from tests.sync.phone import id_of

Open = Callable[..., TestClient]


def shut_out(browser: TestClient, phone: Handset, status: int = 303) -> None:
    answer = browser.post("/devices/shut-out", data={"device_id": str(phone.device)})
    assert answer.status_code == status, answer.text


def notes(db: Session) -> set[str]:
    db.rollback()
    return set(db.exec(select(Note.text)))


@pytest.fixture
def lost(staff: Cast, pick_up: PickUp) -> Handset:
    return pick_up(staff.alice)


@pytest.fixture
def other(staff: Cast, pick_up: PickUp) -> Handset:
    """Alice's second phone, in her hand."""
    return pick_up(staff.alice)


def test_it_works(db: Session, staff: Cast, lost: Handset, other: Handset) -> None:
    page = look(other.browser, "/more/devices")
    assert "Shut this device out" in page.text
    forms = [form for form in page.all("form") if "shut-out" in form.attributes["action"]]
    assert len(forms) == 2
    shut_out(other.browser, lost)
    assert not lost.shows()
    assert other.shows()
    row = look(other.browser, "/more/devices").one("li", id=f"device-{lost.device}")
    assert "shut out" in row.text
    assert "by Alice Lin." in row.text
    assert [button.text for button in row.all("button")] == ["Let in again"]
    said = db.exec(select(CommandLog).where(CommandLog.name == "sync.shut_out.v1")).one()
    assert said.person_id == staff.alice.id


def test_the_form_of_the_page(db: Session, staff: Cast, other: Handset) -> None:
    """With its own id, so that two taps are one deed."""
    page = look(other.browser, "/more/devices")
    (form,) = [one for one in page.all("form") if one.attributes["action"] == "/devices/shut-out"]
    form.attributes["id"] = "only"
    typed = {"id": str(uuid4())}
    assert send(other.browser, page, "only", typed).status_code == 303
    assert not other.shows()


def test_pictures_are_taken_in_and_none_is_shown(
    db: Session, lost: Handset, other: Handset
) -> None:
    file = jpeg()
    address = f"/media/{name_of(file)}"
    assert append(lost.browser, name_of(file), 0, file[:400]).status_code == 204
    shut_out(other.browser, lost)
    assert lost.browser.head(address).headers["upload-offset"] == "400"
    assert append(lost.browser, name_of(file), 400, file[400:], last=True).status_code == 204
    assert db.exec(select(Sender.person_id)).all()
    assert lost.browser.get(address).headers["location"] == "/shut-out"
    assert lost.browser.post("/media/held", json={}).status_code == 401


def test_every_page_and_every_form_is_closed_at_once(lost: Handset, other: Handset) -> None:
    shut_out(other.browser, lost)
    for path in ("/", "/today", "/customers", "/outbox", "/more/devices"):
        assert path == "/" or not lost.shows(path)
    fragment = lost.browser.get("/customers?q=x", headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/shut-out")
    posted = lost.browser.post("/visits/note", data={"text": "x", "customer_id": str(lost.shop)})
    assert posted.status_code == 401
    assert "This phone was shut out." in posted.text
    assert (
        lost.browser.get("/sync/receipt", params=DAY | {"device": str(lost.device)}).status_code
        != 200
    )


DAY = {"from": "2026-11-22T00:00:00Z", "to": "2026-11-23T00:00:00Z", "nonce": "n"}


def test_it_says_so_and_whose_it_is(staff: Cast, lost: Handset, other: Handset) -> None:
    """The scripts of that page need to know whose outbox is to be handed over."""
    assert "This phone is not shut out" in look(lost.browser, "/shut-out").text
    shut_out(other.browser, lost)
    page = look(lost.browser, "/shut-out")
    assert page.one("body").attributes["data-person"] == str(staff.alice.id)
    farewell = page.one("main")
    assert "data-own" in farewell.attributes
    assert "By you:" in farewell.text
    assert "By the office:" not in farewell.text
    assert page.all("nav") == []


def test_the_administrator_can(staff: Cast, lost: Handset, browser_of: Open) -> None:
    shut_out(browser_of(staff.ada), lost)
    assert not lost.shows()
    farewell = look(lost.browser, "/shut-out").one("main")
    assert "By the office:" in farewell.text
    assert lost.said()["shut_out"]["own"] is False


@pytest.mark.parametrize("who", ["bob", "charlie", "mia", "diane", "sam"])
def test_others_cannot(staff: Cast, lost: Handset, browser_of: Open, who: str) -> None:
    shut_out(browser_of(getattr(staff, who)), lost, status=404)
    assert lost.shows()


def test_a_phone_that_has_said_nothing_yet(
    db: Session, staff: Cast, pick_up: PickUp, other: Handset
) -> None:
    silent = pick_up(staff.alice, speaks=False)
    hers = select(Device.phone).where(Device.id == other.device)
    unheard = col(Device.phone).not_in(hers)
    silent.device = db.exec(select(Device.id).where(col(Device.secret).is_(None), unheard)).one()
    db.rollback()
    shut_out(other.browser, silent)
    assert not silent.shows()


def test_a_session_from_before_there_were_phones(
    db: Session, staff: Cast, browser_of: Open, other: Handset
) -> None:
    """Nothing tells which it was: all that cannot be told apart are ended."""
    old = Handset(staff.alice.id, browser_of(staff.alice))
    old.send(secret=False)
    device = db.get_one(Device, old.device)
    device.phone = ""
    for session in db.exec(select(SignIn).where(SignIn.browser == "a test")):
        session.phone = ""
    db.commit()
    shut_out(other.browser, old)
    assert not old.shows()
    assert other.shows()


def test_a_colleague_on_the_same_phone_notices_nothing(
    staff: Cast, lost: Handset, other: Handset, shop: Customer, browser_of: Open
) -> None:
    bobs = browser_of()
    bobs.cookies.set("dev", str(lost.browser.cookies["dev"]))
    bob = hand_to(staff.bob, bobs, shop)
    shut_out(other.browser, lost)
    assert bob.shows()
    assert "shut_out" not in bob.said()
    assert not lost.shows()


def test_what_it_holds_waits_for_the_office(db: Session, lost: Handset, other: Handset) -> None:
    assert lost.statuses(lost.note("一")) == ["applied"]
    before = lost.note("二")
    shut_out(other.browser, lost)
    since = lost.note("三", at=(clock.now() + timedelta(hours=1)).isoformat())
    said = lost.said(before, since, waiting=3)
    assert [one["status"] for one in said["results"]] == ["review", "review"]
    first, second = (one["reason"] for one in said["results"])
    assert first != second
    assert "after the phone was shut out" in second
    assert (said["shut_out"]["own"], said["shut_out"]["wipe"]) == (True, False)
    assert notes(db) == {"一"}


def test_without_a_session_its_secret_says_who_it_is(
    db: Session, lost: Handset, other: Handset
) -> None:
    shut_out(other.browser, lost)
    lost.signed_out()
    entry = lost.note("二")
    assert lost.send(entry).status_code == 401
    lost.prove()
    assert [one["status"] for one in lost.said(entry)["results"]] == ["review"]
    assert lost.browser.get("/today").status_code == 303


@pytest.mark.parametrize("spoil", ["", "00", "zz", "ab" * 32])
def test_a_wrong_secret_says_nothing(lost: Handset, other: Handset, spoil: str) -> None:
    shut_out(other.browser, lost)
    lost.signed_out()
    lost.secret = spoil
    lost.prove()
    assert lost.send(lost.note("二")).status_code == 401


def test_the_secret_of_a_phone_that_is_let_in_opens_nothing(lost: Handset) -> None:
    lost.signed_out()
    lost.prove()
    assert lost.send(lost.note("一")).status_code == 401


def test_the_secret_speaks_on_a_colleagues_session(
    db: Session, staff: Cast, lost: Handset, other: Handset, browser_of: Open
) -> None:
    """Bob has signed in on the lost phone: what Alice wrote goes as hers."""
    shut_out(other.browser, lost)
    entry = lost.note("二")
    lost.browser = browser_of(staff.bob)
    assert lost.send(entry).status_code == 403
    lost.prove()
    assert [one["status"] for one in lost.said(entry)["results"]] == ["review"]
    db.rollback()
    assert db.get_one(Received, id_of(entry)).person_id == staff.alice.id


def test_a_password_does_not_open_it(staff: Cast, lost: Handset, other: Handset) -> None:
    lost.browser.post("/sign-out")
    shut_out(other.browser, lost)
    answer = lost.browser.post("/sign-in", data={"username": "alice", "password": PASSWORD})
    assert answer.status_code == 303
    assert not lost.shows()
    assert lost.said()["shut_out"]["own"]


def test_a_new_database_has_not_escaped(lost: Handset, other: Handset) -> None:
    shut_out(other.browser, lost)
    reborn = Handset(lost.person_id, lost.browser, shop=lost.shop)
    assert reborn.said(reborn.note("二"))["results"][0]["status"] == "review"


def test_nor_has_one_whose_cookies_were_deleted(
    staff: Cast, lost: Handset, other: Handset, browser_of: Open, shop: Customer
) -> None:
    shut_out(other.browser, lost)
    again = hand_to(staff.alice, browser_of(), shop)
    again.device, again.seq, again.sha = lost.device, lost.seq, lost.sha
    assert again.shows()
    assert again.said()["shut_out"]
    assert not again.shows()


def test_nothing_makes_a_session_look_like_another_phones(lost: Handset, other: Handset) -> None:
    lost.browser.cookies.set("dev", str(other.browser.cookies["dev"]))
    lost.said()
    shut_out(other.browser, lost)
    assert not lost.shows()
    assert other.shows()


def test_twice_is_once(
    db: Session, lost: Handset, other: Handset, browser_of: Open, staff: Cast
) -> None:
    shut_out(other.browser, lost)
    since = db.get_one(Device, lost.device).revoked_at
    shut_out(browser_of(staff.ada), lost)
    db.expire_all()
    again = db.get_one(Device, lost.device)
    assert (again.revoked_at, again.revoked_by) == (since, staff.alice.id)


def test_it_works_offline(db: Session, lost: Handset, other: Handset) -> None:
    """Out of the outbox of the phone in her hand."""
    wish = [("device_id", str(lost.device))]
    assert other.statuses(other.write("sync.shut_out.v1", wish)) == ["applied"]
    assert not lost.shows()


def test_a_phone_shuts_itself_out_by_its_own_outbox(other: Handset) -> None:
    wish = [("device_id", str(other.device))]
    said = other.said(other.write("sync.shut_out.v1", wish), other.note("一"))
    assert said["shut_out"]["wipe"]
    assert not other.shows()


def test_a_shut_out_phone_cannot_let_itself_in(db: Session, lost: Handset, other: Handset) -> None:
    shut_out(other.browser, lost)
    wish = [("device_id", str(lost.device))]
    assert lost.statuses(lost.write("sync.let_in.v1", wish)) == ["review"]
    assert lost.browser.post("/devices/let-in", data=dict(wish)).status_code == 401
    assert not lost.shows()


def test_it_refuses_nonsense(other: Handset) -> None:
    assert other.browser.post("/devices/shut-out", data={}).status_code == 409
    nobodys = {"device_id": str(UUID(int=0))}
    assert other.browser.post("/devices/shut-out", data=nobodys).status_code == 404


def test_a_session_from_before_is_told_apart_by_its_first_word(
    db: Session, staff: Cast, browser_of: Open, other: Handset
) -> None:
    old, older = (Handset(staff.alice.id, browser_of(staff.alice)) for _ in range(2))
    old.said()
    older.said()
    shut_out(other.browser, old)
    assert not old.shows()
    assert older.shows()


def test_two_batches_at_once_of_a_phone_that_proves_itself(
    db: Session, engine: Engine, lost: Handset, other: Handset
) -> None:
    """Whoever waits for the device sees it as the other one has left it."""
    shut_out(other.browser, lost)
    lost.signed_out()
    lost.prove()
    copies = [lost.note(text) for text in "一二三"]

    def sent(_copy: int) -> set[str]:
        browser = TestClient(create_app(engine))  # as another process would
        browser.headers["authorization"] = f"Device {lost.device} {lost.secret}"
        copy = replace(lost, browser=browser)
        return {one["status"] for one in copy.said(*copies)["results"]}

    with ThreadPoolExecutor(2) as pool:
        assert set().union(*pool.map(sent, range(4))) == {"review", "dup"}
    db.rollback()
    assert db.get_one(Device, lost.device).last_seq == 3
