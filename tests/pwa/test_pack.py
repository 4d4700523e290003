"""The pack: what a phone keeps for the day without a signal, and what of it comes again."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core import clock
from app.core.commands import Command
from app.customers.models import Customer
from app.followups.commands import MakePromise
from app.media.rules import Kind
from app.planning.commands import SkipStop, WriteKeyPoint
from app.planning.rules import SkipReason
from app.pwa.pages import PLACES
from app.visits.commands import TakePhoto, WriteNote
from tests import world
from tests.cast import Cast
from tests.media.album import jpeg, name_of
from tests.media.sending import send
from tests.pwa.packs import Pack, asked, whole

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai, a Monday
Browser = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice, "Lilac Café", opening_hours="Mo-Fr 09:00-18:00")


def pages_of(shop: Customer) -> set[str]:
    return {f"/customers/{shop.id}", f"/customers/{shop.id}/visit"}


def test_it_holds_what_a_rep_may_need(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    goods = world.order(db, cast.alice, shop)
    pack = whole(browser_of(cast.alice))
    lists = {
        "/today",
        "/today/map",
        "/calls",
        "/free",
        "/late",
        "/customers",
        "/orders",
        "/inbox",
        "/more",
        "/outbox",
        "/products",
        "part:words",
        *(f"part:nav-{place}" for place in PLACES),
        "part:work",
        "part:contact",
        "part:plan",
        "/customers/new",
        "/customers/{id}",
        "/customers/{id}/visit",
    }
    assert pack.urls == lists | pages_of(shop) | {f"/orders/{goods}"}
    days = {day for url, day in pack.pages if url == "/today"}
    assert days == {(NOW.date() + timedelta(days=ahead)).isoformat() for ahead in range(15)}
    for page in pack.pages.values():
        assert sha256(page["b"].encode()).hexdigest().startswith(page["h"])
        assert page["u"].startswith("part:") or page["b"].startswith("<!doctype html><html")


def test_what_is_needed_today_comes_first(db: Session, cast: Cast, browser_of: Browser) -> None:
    shops = [world.customer(db, cast.alice, f"Shop {n}") for n in range(3)]
    world.plan(db, cast.alice, shops[2], NOW.date())
    world.plan(db, cast.alice, shops[1], NOW.date() + timedelta(days=3))
    lines = whole(browser_of(cast.alice)).lines
    ready = next(at for at, line in enumerate(lines) if line.get("ready"))
    before = {line["u"] for line in lines[:ready] if "u" in line}
    assert pages_of(shops[2]) | {"/today", "/customers", "/outbox"} <= before
    assert not (pages_of(shops[0]) | pages_of(shops[1])) & before
    order = [line["u"] for line in lines if "u" in line]
    first = {url: order.index(url) for url in order}
    assert first[f"/customers/{shops[1].id}"] < first[f"/customers/{shops[0].id}"]


def test_nothing_changed_is_no_answer(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    pack = whole(browser)
    assert asked(browser, pack.version) is None
    world.customer(db, cast.bob, "Somebody else's")
    assert asked(browser, pack.version) is None


CHANGES: dict[str, Callable[[Customer], Command]] = {
    "note": lambda shop: WriteNote(customer_id=shop.id, text="They like the new tea."),
    "promise": lambda shop: MakePromise(
        customer_id=shop.id, what="Call.", due_on=NOW.date() + timedelta(days=2)
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_comes_again_and_nothing_else(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser, what: str
) -> None:
    other = world.customer(db, cast.alice, "Other")
    browser = browser_of(cast.alice)
    before = whole(browser)
    world.done(db, cast.alice, CHANGES[what](shop))
    delta = asked(browser, before.version)
    assert delta
    assert pages_of(shop) <= delta.urls
    assert not pages_of(other) & delta.urls
    assert (
        delta.hashes[(f"/customers/{shop.id}", "")] != before.hashes[(f"/customers/{shop.id}", "")]
    )
    assert "groups" not in delta.end
    assert asked(browser, delta.version) is None
    now = whole(browser).hashes
    assert {key: now[key] for key in now if key not in delta.hashes} == {
        key: before.hashes[key] for key in now if key not in delta.hashes
    }


def test_a_key_point_comes_on_its_day(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    day = NOW.date() + timedelta(days=4)
    world.done(db, cast.alice, WriteKeyPoint(for_day=day, text="Ask for the cooler."))
    delta = asked(browser, before.version)
    assert delta
    today = NOW.date().isoformat()
    assert {d for url, d in delta.hashes if url == "/today"} == {today, day.isoformat()}
    for told in (today, day.isoformat()):
        assert "Ask for the cooler." in delta.pages[("/today", told)]["b"]
    assert not pages_of(shop) & delta.urls
    assert asked(browser_of(cast.bob), whole(browser_of(cast.bob)).version) is None


def test_what_is_changed_by_hand_comes_with_its_day(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    day = NOW.date() + timedelta(days=3)
    world.plan(db, cast.alice, shop, day)
    browser = browser_of(cast.alice)
    before = whole(browser)
    skip = SkipStop(on_day=day, customer_id=shop.id, reason=SkipReason.CLOSED)
    world.done(db, cast.alice, skip)
    delta = asked(browser, before.version)
    assert delta
    assert "Skipped Lilac Café: Closed" in delta.pages[("/today", day.isoformat())]["b"]
    assert not pages_of(shop) & delta.urls


def test_a_picture_that_arrives_changes_the_page_that_expected_it(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    file = jpeg()
    photo = TakePhoto(customer_id=shop.id, sha256=name_of(file), size=len(file), type=Kind.JPEG)
    world.done(db, cast.alice, photo)
    browser = browser_of(cast.alice)
    before = whole(browser)
    send(browser, file)
    delta = asked(browser, before.version)
    assert delta
    assert f"/media/{name_of(file)}" in delta.pages[(f"/customers/{shop.id}", "")]["b"]


def test_a_customer_who_was_handed_over_goes(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    kept = world.customer(db, cast.alice, "Kept")
    browser = browser_of(cast.alice)
    before = whole(browser)
    assert before.pages[(f"/customers/{shop.id}", "")]["g"] == str(shop.id)
    shop.owner_id = cast.bob.id
    world.kept(db, shop)
    delta = asked(browser, before.version)
    assert delta
    assert delta.end["groups"] == [str(kept.id)]
    assert not pages_of(shop) & delta.urls
    got = asked(browser_of(cast.bob))
    assert got
    assert pages_of(shop) <= got.urls


def test_the_same_tomorrow_is_the_same(
    db: Session,
    cast: Cast,
    shop: Customer,
    browser_of: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No page but those of days knows what day it is."""
    shop.windows = [[day, 540, 1080] for day in range(5)]
    world.kept(db, shop)
    world.done(db, cast.alice, CHANGES["promise"](shop))
    world.visit(db, cast.alice, shop, NOW - timedelta(days=1), left=NOW - timedelta(hours=23))
    world.order(db, cast.alice, shop)
    browser = browser_of(cast.alice)
    before = whole(browser)
    world.the_clock_says(monkeypatch, NOW + timedelta(days=4, hours=3))
    later = whole(browser)
    general = {key for key in before.hashes if not key[1]}
    assert {key: later.hashes[key] for key in general} == {
        key: before.hashes[key] for key in general
    }
    delta = asked(browser, before.version)
    assert delta
    assert {url for url, _day in delta.pages} == {"/today", "/today/map"}
    today = (NOW + timedelta(days=4)).date()
    assert {day for _url, day in delta.pages} == {
        (today + timedelta(days=ahead)).isoformat() for ahead in (0, 11, 12, 13, 14)
    }


def test_a_visit_of_today_is_on_todays_page_only(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    world.visit(db, cast.alice, shop)
    pack = whole(browser_of(cast.alice))
    url, today = f"/customers/{shop.id}/visit", NOW.date().isoformat()
    assert "visits.check_out.v1" in pack.pages[(url, today)]["b"]
    general = pack.pages[(url, "")]["b"]
    assert 'id="visits-check_in"' in general
    assert "here since" not in general


def test_a_stream_that_was_cut_goes_on(db: Session, cast: Cast, browser_of: Browser) -> None:
    for number in range(120):
        world.customer(db, cast.alice, f"Shop {number}")
    browser = browser_of(cast.alice)
    pack = whole(browser)
    cursors = [at for at, line in enumerate(pack.lines) if "cursor" in line]
    for cut in cursors:
        before = Pack(pack.lines[: cut + 1]).hashes
        rest = asked(browser, cursor=pack.lines[cut]["cursor"])
        assert rest
        assert before | rest.hashes == pack.hashes
        assert not before.keys() & rest.hashes.keys()


@pytest.mark.parametrize(
    "has", ["x", "1.2.3.4", "0" * 30, "99999999999.0000000000.0000000000.2026-11-23", "%00", "١.a"]
)
def test_what_is_no_version_of_ours_gets_all(
    cast: Cast, shop: Customer, browser_of: Browser, has: str
) -> None:
    browser = browser_of(cast.alice)
    pack = asked(browser, has)
    assert pack
    assert pack.hashes == whole(browser).hashes


@pytest.mark.parametrize("cursor", ["x", "9.", "1.zz", "-1."])
def test_what_is_no_cursor_begins_at_the_beginning(
    cast: Cast, shop: Customer, browser_of: Browser, cursor: str
) -> None:
    browser = browser_of(cast.alice)
    pack = asked(browser, cursor=cursor)
    assert pack
    assert pack.hashes == whole(browser).hashes


def test_another_language_is_another_pack(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.alice)
    before = whole(browser)
    browser.post("/more/look", data={"id": str(UUID(int=7)), "language": "zh_CN", "theme": "dark"})
    after = asked(browser, before.version)
    assert after
    assert 'lang="zh-CN"' in after.pages[("/more", "")]["b"]
    assert after.urls == before.urls


def test_each_gets_their_own_and_what_they_planned_elsewhere(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    """Managers see their whole team, and carry what is theirs."""
    bobs = world.customer(db, cast.bob, "Bob's")
    world.plan(db, cast.mia, bobs, NOW.date() + timedelta(days=1))
    mias = whole(browser_of(cast.mia)).urls
    assert pages_of(bobs) <= mias
    assert not pages_of(shop) & mias
    world.plan(db, cast.charlie, shop, NOW.date())  # of another team: not for him to see
    assert not pages_of(shop) & whole(browser_of(cast.charlie)).urls
    assert whole(browser_of(cast.ada)).lines[0]["count"] == 0


def test_nobody_gets_the_pack_of_somebody_else(
    cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    browser = browser_of(cast.bob)
    answer = browser.get("/pack", headers={"Person": str(cast.alice.id)})
    assert answer.status_code == 403
    assert browser_of(None).get("/pack").status_code == 303


def test_what_a_search_looks_through_comes_with_it(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop = world.customer(db, cast.alice, "星巴克", code="C-7", phones=["+86 21 5555 0000"])
    shop.windows = [[0, 540, 1260]]
    db.commit()
    pack = whole(browser_of(cast.alice))
    row = pack.pages[(f"/customers/{shop.id}", "")]["r"]
    assert row["h"] == {
        "name": "星巴克",
        "code": "C-7",
        "address": "",
        "grade": "",
        "phones": "+86 21 5555 0000",
        "spelt": "xingbake",
        "open": "0-540-1260",
        "takes": "20",
        "due": "",
    }
    assert "xbk" in row["f"]
    assert row["p"] == [shop.lat, shop.lon]


def test_every_page_is_as_it_would_be_over_the_network(
    db: Session, cast: Cast, shop: Customer, browser_of: Browser
) -> None:
    """But for the clock and the build."""
    browser = browser_of(cast.alice)
    pack = whole(browser)
    for url in sorted(url for url in pack.urls if not url.startswith("part:")):
        answer = browser.get(url.replace("{id}", "blank"))
        packed = pack.pages.get((url, "")) or pack.pages[(url, NOW.date().isoformat())]
        assert links_of(put_in(pack, packed["b"])) == links_of(answer.text), url


def put_in(pack: Pack, html: str) -> str:
    """With what many pages have in common, as the worker puts it in."""

    def part(found: re.Match[str]) -> str:
        text = str(pack.pages[(f"part:{found[1]}", "")]["b"])
        for mark, said in json.loads(found[2] or "{}").items():
            text = text.replace(f"{{{mark}}}", said)
        return text

    return re.sub(r"<!--part:([\w-]+)(?: (\{.*?\}))?-->", part, html)


def links_of(html: str) -> list[str]:
    """The addresses that a page leads to, in order."""
    body = html.partition('<template id="no-signal">')[0]
    return [
        part.partition('"')[0] for part in body.split('href="/')[1:] if "static" not in part[:6]
    ]


def test_a_pack_knows_no_clock(cast: Cast, shop: Customer, browser_of: Browser) -> None:
    for page in whole(browser_of(cast.alice)).pages.values():
        assert ("?v=*" in page["b"]) is ("/static/" in page["b"])
        assert ">today</span>" not in page["b"].replace("hidden>today", "")
        assert clock.now().isoformat()[:16] not in page["b"]


def test_the_worker_and_the_way_out(browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = browser_of(None).get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "/static/build/app.js" in answer.text
    monkeypatch.setattr("app.pwa.pages.settings", Off)
    assert "unregister" in browser_of(None).get("/sw.js").text


@dataclass
class Off:
    worker: bool = False


def test_nothing_of_it_is_left_out_of_the_notes_on_what_was_touched(
    db: Session, cast: Cast, shop: Customer
) -> None:
    """Also what is written past the session."""
    from app.core.touches import mark, touched_since  # noqa: PLC0415 - beside what it tests

    before = mark(db)
    db.commit()
    world.done(db, cast.alice, CHANGES["note"](shop))
    found = touched_since(db, before, select(Customer.id))
    assert found == {(shop.id, "")}
    db.commit()
    day = NOW.date() + timedelta(days=1)
    before = mark(db)
    db.commit()
    world.plan(db, cast.alice, shop, day)
    assert (shop.id, day.isoformat()) in touched_since(db, before, select(Customer.id))
    db.commit()
    assert touched_since(db, mark(db), select(Customer.id)) == set()
