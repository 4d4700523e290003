"""The map of the day in a hand: drawn by us, there without a signal, put in another sequence."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.browser.phone import Phone, switched_on
from tests.browser.server import Server

TILES = "https://tiles.example"
SEQUENCE = """ids => document.dispatchEvent(
    new CustomEvent('sketch:sequence', {detail: {sequence: ids, been: []}}))"""
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99"
    b"=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def test_it_works(alice: Phone) -> None:
    """From the strip to the large map, and from a number to its customer."""
    alice.go("/today")
    alice.tap(alice.link("Map of the day"))
    alice.page.wait_for_url("**/today/map")
    names = alice.page.locator(".numbered .name a").all_inner_texts()
    assert len(names) > 3
    alice.tap(alice.page.get_by_role("link", name=f"2 {names[1]}"))
    alice.page.wait_for_url("**/customers/*")
    expect(alice.page.get_by_role("heading", level=1)).to_have_text(names[1])
    assert alice.complaints == []


def test_it_works_offline(dead: Phone) -> None:
    dead.go("/today")
    expect(dead.page.locator(".strip svg .mark").first).to_be_visible()
    dead.tap(dead.link("Map of the day"))
    marks = dead.page.locator(".chart > svg .mark")
    expect(marks.first).to_be_visible()
    name = dead.page.locator(".numbered .name a").first.inner_text()
    dead.page.evaluate("window.stays = true")
    dead.tap(dead.page.get_by_role("link", name=f"1 {name}"))
    expect(dead.page.get_by_role("heading", level=1)).to_have_text(name)
    assert dead.page.evaluate("window.stays") is True  # turned to in place


def test_stops_in_another_sequence_are_drawn_so_at_once(alice: Phone) -> None:
    alice.go("/today/map")
    ids, drawn = ids_of(alice), places_of(alice)
    wanted = ids[::-1]
    begins = alice.page.locator("[data-through]").get_attribute("data-through")
    alice.page.evaluate(SEQUENCE, wanted)
    assert ids_of(alice) == wanted
    assert places_of(alice) == drawn  # nobody has moved
    line = alice.page.locator("[data-through]").get_attribute("points")
    assert line == " ".join(filter(None, (begins, *(drawn[one] for one in wanted))))
    expect(alice.page.locator(".chart > svg .mark.next")).to_have_attribute("data-mark", wanted[0])
    first = alice.page.locator(f"[data-mark='{wanted[0]}']")
    expect(first.locator("text")).to_have_text("1")
    link = alice.page.locator("a").filter(has=first)
    assert (link.get_attribute("aria-label") or "").startswith("1 ")


def test_only_what_is_ahead_can_be_told_anew(alice: Phone) -> None:
    alice.go("/today/map")
    ids = ids_of(alice)
    alice.page.locator(f"[data-mark='{ids[0]}']").evaluate("mark => delete mark.dataset.ahead")
    alice.page.evaluate(SEQUENCE, ids[:0:-1])
    assert ids_of(alice) == [ids[0], *ids[:0:-1]]


def ids_of(phone: Phone) -> list[str]:
    """By their numbers."""
    marks = marks_of(phone)
    marks.sort(key=lambda mark: int(mark["number"]))
    return [mark["id"] for mark in marks]


def places_of(phone: Phone) -> dict[str, str]:
    return {mark["id"]: mark["at"] for mark in marks_of(phone)}


def marks_of(phone: Phone) -> list[dict[str, Any]]:
    found: Locator = phone.page.locator(".chart > svg [data-mark]")
    marks: list[dict[str, Any]] = found.evaluate_all("""marks => marks.map(mark => ({
        id: mark.dataset.mark, number: mark.dataset.number,
        at: mark.getAttribute('transform').replace(/[^-\\d ]/g, ''),
    }))""")
    return marks


def test_pictures_of_a_map_are_asked_of_their_own_server_and_no_other(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROADBOOK_TILES_URL", TILES + "/{z}/{x}/{y}.png")
    monkeypatch.setenv("ROADBOOK_TILES_CREDIT", "© Mapmakers")
    server = Server(tmp_path)
    server.start()
    phone = switched_on(chromium, server, "alice")
    asked: list[str] = []

    def picture(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    phone.context.route(f"{TILES}/**", picture)
    phone.go("/today")
    expect(phone.page.locator(".strip svg")).to_be_visible()
    assert asked == []
    phone.go("/today/map")
    expect(phone.page.get_by_text("© Mapmakers")).to_be_visible()
    expect(phone.page.locator("image").first).to_be_attached()
    phone.page.wait_for_load_state("load")
    assert asked
    others = [said for said in phone.complaints if not said.startswith(f"another origin: {TILES}/")]
    assert others == []
    phone.close()
    server.kill()
