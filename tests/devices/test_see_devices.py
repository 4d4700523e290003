"""Whose phones there are, in plain words: one's own, the team's, everybody's."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.accounts.models import Person
from app.devices.rules import browser_in, system_in
from app.sync.models import Device
from tests.cast import Cast
from tests.devices.conftest import ANDROID, IPHONE, PickUp
from tests.reading import Element, look
from tests.sync.parcel import Parcel, key_in

Open = Callable[..., TestClient]


def rows(browser: TestClient, path: str = "/more/devices") -> list[Element]:
    return look(browser, path).all("li", having="device")


def owners(browser: TestClient, query: str = "") -> set[str]:
    return {row.one("h2").text.split()[0] for row in rows(browser, f"/devices{query}")}


@pytest.fixture
def everybodys(staff: Cast, pick_up: PickUp) -> Cast:
    for person in staff.people:
        pick_up(person)
    return staff


def test_it_works(db: Session, staff: Cast, pick_up: PickUp) -> None:
    old, new = pick_up(staff.alice, IPHONE), pick_up(staff.alice)
    old.said(old.note("一"), old.note("二"), waiting=5)
    here, there = sorted(rows(new.browser), key=lambda row: "iPhone" in row.text)
    assert here.one("h2").text == "Chrome on Android"
    assert [chip.text for chip in here.all("span", having="chip")] == ["this device"]
    assert there.one("h2").text == "Safari on iPhone"
    assert [chip.text for chip in there.all("span", having="chip")] == ["3 wait there"]
    assert "App version test" in there.text
    assert "Last contact today" in there.text


def test_a_phone_that_has_said_nothing_yet_is_there(staff: Cast, pick_up: PickUp) -> None:
    (row,) = rows(pick_up(staff.alice, speaks=False).browser)
    assert "Has sent nothing yet" in row.text
    assert "this device" in row.text


def test_one_row_a_phone_however_often_its_database_was_new(
    db: Session, staff: Cast, pick_up: PickUp
) -> None:
    phone = pick_up(staff.alice)
    again = pick_up(staff.alice)
    again.browser.cookies.update(phone.browser.cookies)
    again.said()
    assert len(db.exec(select(Device)).all()) > 2
    assert len(rows(phone.browser)) == 2  # the other phone said one word before it was this one


def test_a_colleague_on_the_same_phone_is_another_matter(staff: Cast, pick_up: PickUp) -> None:
    phone = pick_up(staff.alice)
    bob = pick_up(staff.bob)
    assert len(rows(phone.browser)) == len(rows(bob.browser)) == 1


def test_a_file_that_no_phone_proves_is_no_phone(staff: Cast, pick_up: PickUp) -> None:
    lost, phone = pick_up(staff.alice), pick_up(staff.alice)
    parcel = Parcel(lost, [lost.note("一")]).sealed(key_in(phone.browser))
    assert phone.browser.post("/sync/hand-in", json=parcel).json()["taken"] == 1
    assert len(rows(phone.browser)) == 2


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("alice", {"Alice"}),
        ("mia", {"Alice", "Bob", "Mia", "Sam"}),
        ("diane", {"Alice", "Bob", "Charlie", "Mia", "Sam", "Diane", "Ada"}),
        ("sam", {"Sam"}),
        ("ada", {"Alice", "Bob", "Charlie", "Mia", "Sam", "Diane", "Ada"}),
    ],
)
def test_who_sees_whose(everybodys: Cast, browser_of: Open, who: str, seen: set[str]) -> None:
    browser = browser_of(person(everybodys, who))
    assert owners(browser) == seen
    linked = "/devices" in {a.attributes["href"] for a in look(browser, "/more").all("a")}
    assert linked == (who not in {"alice", "sam"})


@pytest.mark.parametrize("who", ["mia", "diane"])
def test_a_manager_sees_and_does_not_shut_out(everybodys: Cast, browser_of: Open, who: str) -> None:
    page = look(browser_of(person(everybodys, who)), "/devices")
    for row in page.all("li", having="device"):
        own = row.one("h2").text.lower().startswith(who)
        assert bool(row.all("form")) == own


def test_found_by_the_name_of_its_owner(everybodys: Cast, browser_of: Open) -> None:
    ada = browser_of(everybodys.ada)
    assert owners(ada, "?q=charlie") == {"Charlie"}
    assert owners(ada, "?q=林") == {"Alice"}
    assert owners(ada, "?q=mia+zhao") == {"Mia"}
    assert owners(browser_of(everybodys.mia), "?q=charlie") == set()
    for nothing in ("%25", "_", "zebra"):
        page = look(ada, f"/devices?q={nothing}")
        assert "Nothing found for" in page.text


def test_many_come_in_screens(db: Session, staff: Cast, browser_of: Open) -> None:
    now = datetime.now(UTC)
    for number in range(55):
        row = Device(
            id=uuid4(), person_id=staff.bob.id, phone=f"p{number}", first_seen=now, last_seen=now
        )
        db.add(row)
    db.commit()
    ada = browser_of(staff.ada)
    assert len(rows(ada, "/devices")) == 50
    more = ada.get("/devices?q=&skip=50", headers={"HX-Request": "true"})
    assert more.text.count('<li class="row device"') == 5


def test_no_device_yet(staff: Cast, browser_of: Open) -> None:
    assert "No device yet" in look(browser_of(staff.alice), "/more/devices").text
    assert "No device yet" in look(browser_of(staff.ada), "/devices").text


def test_pages_name_how_long_they_may_be_kept(staff: Cast, browser_of: Open) -> None:
    page = look(browser_of(staff.alice), "/more")
    assert page.one("meta", name="pack-hours").attributes["content"] == "72"
    assert look(browser_of(), "/sign-in").all("meta", name="pack-hours") == []


EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14; 22081212C) Chrome/130.0 Mobile MicroMessenger/8.0.56"
HARMONY = "Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile HuaweiBrowser/5.0.4"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
CHROME_IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/150.0 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, ("Chrome", "Android")),
        (IPHONE, ("Safari", "iPhone")),
        (EDGE, ("Edge", "Windows")),
        (WECHAT, ("WeChat", "Android")),
        (HARMONY, ("Huawei Browser", "HarmonyOS")),
        (MAC, ("Safari", "Mac")),
        (FIREFOX, ("Firefox", "Linux")),
        (CHROME_IOS, ("Chrome", "iPhone")),
        ("curl/8.9", ("", "")),
        ("", ("", "")),
    ],
)
def test_what_a_browser_says_of_itself(agent: str, words: tuple[str, str]) -> None:
    assert (browser_in(agent), system_in(agent)) == words


def person(cast: Cast, name: str) -> Person:
    found: Person = getattr(cast, name)
    return found
