"""Every page, in both languages and themes, narrow and wide: for thumbs, eyes, screen readers."""

import struct
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from app.core.geo import Point
from tests.browser import job
from tests.browser.looks import PAPER, look
from tests.browser.phone import Phone
from tests.browser.server import Server

LANGUAGES = ("en", "zh_CN")
PAGES = {
    "today": "/today",
    "customers": "/customers",
    "nothing-found": "/customers?q=zzz",
    "new-customer": "/customers/new",
    "orders": "/orders",
    "inbox": "/inbox",
    "more": "/more",
    "calls": "/calls",
    "free minutes": "/free",
    "running late": "/late",
    "coverage": "/coverage",
    "leave": "/leave",
    "policy": "/policy",
    "cadence": "/policy/cadence",
    "days": "/policy/days?year=2027",
    "devices": "/more/devices",
    "everybodys-devices": "/devices",
    "not-shut-out": "/shut-out",
    "no-such-page": "/nowhere",
    "not-yours": f"/customers/{uuid4()}",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages(phone_of: Callable[..., Phone], language: str, tmp_path: Path) -> None:
    nobody, alice = phone_of(language=language), phone_of("alice", language=language)
    nobody.go("/sign-in")
    wrong = look(nobody, "sign-in", tmp_path)
    for name, path in PAGES.items():
        alice.go(path)
        wrong += look(alice, name, tmp_path)
    alice.go("/today")
    handle = alice.page.locator(".stop .change").first
    alice.tap(handle)
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    wrong += look(alice, "today-sheet", tmp_path)
    alice.go(handle.get_attribute("href") or "")
    wrong += look(alice, "change", tmp_path)
    alice.go("/orders")
    alice.tap(alice.page.locator(".row a").first)
    alice.page.wait_for_url("**/orders/*")
    wrong += look(alice, "order", tmp_path)
    alice.tap(alice.page.locator("main h2 a"))
    alice.page.wait_for_url("**/customers/*")
    wrong += look(alice, "customer", tmp_path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_visit(phone_of: Callable[..., Phone], language: str, tmp_path: Path) -> None:
    alice = phone_of("alice", language=language)
    customer_id = job.arrive(alice)
    pin = job.pin_of(alice.server, customer_id)
    wrong = look(alice, "visit-before", tmp_path)
    alice.is_at(Point(pin.lat + 0.03, pin.lon))
    alice.tap(alice.button("Check in"))
    reason = alice.field("Why not at the pin?")
    expect(reason).to_be_visible()
    wrong += look(alice, "visit-far", tmp_path)
    reason.fill("约在隔壁")
    job.check_in(alice)
    job.write_note(alice, "一条备注" * 20)
    job.make_promise(alice, "送样品", "2099-12-31")
    job.add_line(alice, *job.GOODS[0])
    alice.field("Product").fill("汽水")
    expect(alice.page.get_by_role("option").first).to_be_visible()
    wrong += look(alice, "visit-open", tmp_path)
    alice.tap(alice.button("Let the customer sign"))
    wrong += look(alice, "visit-signing", tmp_path)
    alice.page.keyboard.press("Escape")
    job.sign(alice)
    wrong += look(alice, "visit-signed", tmp_path)
    alice.tap(alice.button("Place order"))
    expect(alice.button("Place order")).to_have_count(0)
    job.check_out(alice, "Ordered", "再谈堆头", "2099-12-31")
    wrong += look(alice, "visit-done", tmp_path)
    alice.go("/today")
    alice.type(alice.field("Key point"), "先去李记，问冷柜的位置" * 6)
    alice.tap(alice.button("Save key point"))
    expect(alice.page.locator(".later .row")).to_have_count(1)
    wrong += look(alice, "today-going", tmp_path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_pages(phone_of: Callable[..., Phone], language: str, tmp_path: Path) -> None:
    ada = phone_of("ada", language=language)
    wrong: list[str] = []
    for name in ("today", "customers", "orders", "inbox"):
        ada.go(f"/{name}")
        wrong += look(ada, f"{name}-empty", tmp_path)
    assert not wrong, "\n".join(wrong)


def test_a_chosen_look_stays(alice: Phone) -> None:
    alice.go("/more")
    light = alice.page.evaluate(PAPER)
    alice.tap(alice.page.get_by_text("Dark", exact=True))
    expect(alice.page.locator("html")).to_have_attribute("data-theme", "dark")
    alice.go("/today")
    assert alice.page.evaluate(PAPER) != light
    alice.go("/more")
    alice.tap(alice.page.get_by_text("中文", exact=True))
    expect(alice.page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_it_can_be_installed(phone_of: Callable[..., Phone], server: Server) -> None:
    phone = phone_of()
    phone.go("/sign-in")
    devtools = phone.context.new_cdp_session(phone.page)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    missing = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one for one in missing if one["errorId"] != "in-incognito"] == []
    manifest = phone.context.request.get(told["url"]).json()
    assert manifest["display"] == "standalone"
    kinds = {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= kinds
    for icon in manifest["icons"]:
        assert size_of(phone, icon["src"]) == icon["sizes"]
    touch = phone.page.locator("link[rel=apple-touch-icon]").get_attribute("href") or ""
    assert size_of(phone, touch) == "180x180"
    expect(phone.page.locator("meta[name=theme-color]")).to_have_count(2)
    assert phone.complaints == []


def size_of(phone: Phone, path: str) -> str:
    """The size that a PNG says it has."""
    answer = phone.context.request.get(urljoin(phone.server.url, path))
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/png"
    width, height = struct.unpack(">II", answer.body()[16:24])
    return f"{width}x{height}"
