"""Alice's phone is gone: shut out, it shows nothing, hands over what it holds, and is wiped."""

import gzip
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import APIResponse, Error, Locator, Page, Route, expect

from tests.browser import job
from tests.browser.looks import look
from tests.browser.pack import loaded
from tests.browser.phone import Phone
from tests.browser.server import Server
from tests.browser.test_photos import picture

PickUp = Callable[..., Phone]
DOOR = "**/sync/commands"
ASK_ANEW = """
  for (const key of Object.keys(localStorage)) if (/asked/.test(key)) localStorage.removeItem(key);
"""
FOREVER = "() => Object.assign(new EventTarget(), {result: 0})"
ALL_OF_IT = """async (person) => {
  const bucket = await navigator.storageBuckets?.open('roadbook');
  const databases = [...await indexedDB.databases(), ...await bucket?.indexedDB.databases() ?? []];
  const beside = Object.keys(localStorage);
  const named = [...databases.map(({name}) => name), ...beside, ...await caches.keys()];
  return named.filter((name) => name.includes(person));
}"""


@pytest.fixture
def lost(phone_of: PickUp) -> Phone:
    """At a door, with the visit's page open."""
    phone = phone_of()
    job.sign_in(phone, "alice")
    job.arrive(phone)
    job.check_in(phone)
    job.all_sent(phone)
    return phone


@pytest.fixture
def other(phone_of: PickUp) -> Phone:
    phone = phone_of()
    job.sign_in(phone, "alice")
    return phone


def device_of(server: Server, who: str = "alice") -> str:
    """Of the phone that was at a customer's."""
    ((device,),) = server.rows(
        "SELECT DISTINCT d.id FROM device d JOIN received r ON r.device_id = d.id"
        " JOIN person p ON p.id = d.person_id WHERE p.username = ? AND r.name LIKE 'visits.%'",
        (who,),
    )
    return str(device)


def shut_out(phone: Phone, server: Server) -> None:
    phone.go("/more/devices")
    row = row_of(phone, server)
    phone.tap(row.locator("summary"))
    phone.tap(row.get_by_role("button", name=phone.words("Yes, shut it out")))
    expect(row.get_by_text(phone.words("shut out"), exact=True)).to_be_visible()


def row_of(phone: Phone, server: Server) -> Locator:
    key = device_of(server)
    return phone.page.locator(f"#device-{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}")


def shut_out_by_the_office(server: Server) -> None:
    """In the middle of something else, so by no browser."""
    form = urlencode({"device_id": device_of(server)}).encode()
    headers = {"Cookie": f"session={server.tokens['ada']}"}
    with urlopen(Request(f"{server.url}/devices/shut-out", form, headers)) as answer:
        assert answer.status == 200


def write_notes(phone: Phone, *texts: str) -> None:
    """Faster than a thumb."""
    phone.page.evaluate(
        """async (texts) => {
          const form = document.querySelector('form[data-command="visits.write_note.v1"]');
          for (const text of texts) {
            const saved = new Promise((done) =>
              document.addEventListener('outbox:saved', done, {once: true}));
            form.querySelector('textarea').value = text;
            form.requestSubmit();
            await saved;
            await null; // until the form is empty
          }
        }""",
        texts,
    )


def cut(phone: Phone) -> None:
    phone.page.route(DOOR, lambda route: route.abort())


def mended(phone: Phone) -> None:
    phone.page.unroute(DOOR)
    with suppress(Error):  # it may be on its way to another page already
        phone.page.evaluate("dispatchEvent(new Event('online'))")


def fates(server: Server) -> list[str]:
    rows = server.rows(
        "SELECT status FROM received WHERE name LIKE 'visits.write_note%' ORDER BY seq"
    )
    return [str(status) for (status,) in rows]


def wiped(phone: Phone) -> None:
    expect(phone.page).to_have_url(re.compile(r"/shut-out\?wiped"))
    expect(phone.page.get_by_role("heading")).to_have_text(phone.words("This phone has been wiped"))


def receipts(server: Server) -> int:
    ((count,),) = server.rows("SELECT count(*) FROM device WHERE wiped_at IS NOT NULL")
    return int(count)


def told(phone: Phone, server: Server) -> None:
    until(phone, lambda: receipts(server))


def until(phone: Phone, holds: Callable[[], Any]) -> None:
    for _try in range(150):
        if holds():
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("It did not come to pass.")


def nothing_left(phone: Phone, server: Server, who: str = "alice") -> bool:
    ((key,),) = server.rows("SELECT id FROM person WHERE username = ?", (who,))
    person = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
    return bool(phone.page.evaluate(ALL_OF_IT, person) == [])


def farewell(page: Page) -> Locator:
    return page.locator("main[data-shut-out]")


def test_it_works(lost: Phone, other: Phone, server: Server) -> None:
    assert not nothing_left(lost, server)
    shut_out(other, server)
    lost.go("/customers")
    wiped(lost)
    told(lost, server)
    assert nothing_left(lost, server)
    cookies = {cookie["name"] for cookie in lost.context.cookies()}
    assert "session" not in cookies
    other.go("/more/devices")
    expect(row_of(other, server)).to_contain_text("wiped today")
    lost.go("/today")
    expect(lost.button("Sign in")).to_be_visible()


def test_what_it_kept_of_the_pages_goes_too(phone_of: PickUp, server: Server) -> None:
    """Nothing waits there: it hears of it by asking what is new."""
    phone = phone_of(worker=True)
    job.sign_in(phone, "alice")
    job.arrive(phone)
    job.check_in(phone)
    job.all_sent(phone)
    loaded(phone)
    shut_out_by_the_office(server)
    phone.go("/customers")
    wiped(phone)
    assert nothing_left(phone, server)
    server.kill()
    try:
        phone.go("/today")
        expect(
            phone.page.get_by_role("heading", name="Not on this phone", exact=True)
        ).to_be_visible()
    finally:
        server.start()


def test_its_photos_are_handed_over_before_it_is_wiped(lost: Phone, server: Server) -> None:
    lost.page.route("**/media/*", lambda route: route.abort())
    lost.page.locator("input[data-takes][capture]").set_input_files(picture(800, 600))
    until(lost, lambda: server.rows("SELECT 1 FROM photo"))
    assert server.rows("SELECT 1 FROM blob") == []
    shut_out_by_the_office(server)
    lost.go("/customers")
    expect(farewell(lost.page).locator("[data-hole=left]")).to_have_text("1")
    assert not receipts(server)
    lost.page.unroute("**/media/*")
    lost.page.reload()
    wiped(lost)
    ((named,),) = server.rows("SELECT sha256 FROM photo")
    assert server.rows("SELECT sha256 FROM blob") == [(named,)]
    told(lost, server)
    assert nothing_left(lost, server)


def test_shut_out_in_the_middle_of_a_full_outbox(lost: Phone, server: Server) -> None:
    """What was sent before is done, the rest waits for the office, and nothing is lost."""
    cut(lost)
    write_notes(lost, *(f"note {number}" for number in range(60)))
    lost.page.unroute(DOOR)
    batches = []

    def meet(route: Route) -> None:
        batches.append(route.request.url)
        if len(batches) == 2:
            shut_out_by_the_office(server)
        route.continue_()

    lost.page.route(DOOR, meet)
    lost.page.evaluate("dispatchEvent(new Event('online'))")
    wiped(lost)
    told(lost, server)
    found = fates(server)
    assert len(found) == 60
    assert found == sorted(found)  # applied, then review
    assert 1 <= found.count("applied") < 60
    assert nothing_left(lost, server)


def test_an_open_page_shows_nothing_any_more(lost: Phone, other: Phone, server: Server) -> None:
    """In every tab of hers, at the first word from the server."""
    tab = lost.context.new_page()
    tab.goto(f"{server.url}/today")
    expect(tab.locator(".stop").first).to_be_visible()
    shut_out(other, server)
    lost.page.route(DOOR, hold_the_wipe)
    tab.route(DOOR, hold_the_wipe)
    write_notes(lost, "地下室里写的")
    for page in (lost.page, tab):
        expect(farewell(page)).to_contain_text("This phone was shut out")
        expect(farewell(page)).to_contain_text("By you:")
        expect(page.locator(".stop, .timeline, form")).to_have_count(0)
        assert page.title() == "This phone was shut out"
    lost.go("/customers")
    expect(farewell(lost.page)).to_be_visible()
    assert fates(server) == ["review"]
    for page in (lost.page, tab):
        page.unroute_all(behavior="ignoreErrors")


def hold_the_wipe(route: Route) -> None:
    answer = route.fetch()
    said = answer.json()
    if order := said.get("shut_out"):
        order["wipe"] = False
    route.fulfill(response=answer, json=said, content_type="application/vnd.roadbook.sync+json")


def test_shut_out_while_it_has_no_signal(lost: Phone, other: Phone, server: Server) -> None:
    lost.context.set_offline(True)
    write_notes(lost, "一", "二")
    shut_out(other, server)
    expect(lost.field("Note")).to_be_visible()  # nobody can have told it
    lost.context.set_offline(False)
    lost.page.evaluate("dispatchEvent(new Event('online'))")
    wiped(lost)
    assert fates(server) == ["review", "review"]
    assert nothing_left(lost, server)


def test_nothing_is_deleted_before_it_was_handed_over(
    lost: Phone, other: Phone, server: Server
) -> None:
    cut(lost)
    write_notes(lost, "一", "二")
    shut_out(other, server)
    opened: list[str] = []
    lost.page.on("framenavigated", lambda frame: opened.append(frame.url))
    lost.go("/today")
    expect(farewell(lost.page)).to_contain_text("is being handed over")
    expect(farewell(lost.page)).to_contain_text("Still here: 2")
    assert opened == [f"{server.url}/shut-out"]  # and it stays there

    def hasty(route: Route) -> None:
        """An answer that takes nothing in and orders the wipe all the same."""
        answer = emptied(route)
        said = answer.json()
        said["shut_out"]["wipe"] = True
        route.fulfill(response=answer, json=said, content_type=MEDIA)

    lost.page.route(DOOR, hasty)  # over the cut one: no try in between meets an honest door
    with lost.page.expect_response(DOOR):
        lost.page.evaluate("dispatchEvent(new Event('online'))")
    lost.page.wait_for_timeout(500)
    expect(farewell(lost.page)).to_contain_text("Still here: 2")
    assert not nothing_left(lost, server)
    mended(lost)
    wiped(lost)
    assert fates(server) == ["review", "review"]


MEDIA = "application/vnd.roadbook.sync+json"


def emptied(route: Route) -> APIResponse:
    """What the server says to the batch without its entries."""
    raw = route.request.post_data_buffer or b"{}"
    headers = route.request.headers
    if headers.pop("content-encoding", "") == "gzip":
        raw = gzip.decompress(raw)
    batch: dict[str, Any] = json.loads(raw)
    return route.fetch(post_data=json.dumps(batch | {"entries": []}), headers=headers)


def test_after_the_grace_it_is_wiped_all_the_same(
    lost: Phone, other: Phone, server: Server
) -> None:
    cut(lost)
    write_notes(lost, "一")
    shut_out(other, server)
    server.write(
        "UPDATE device SET revoked_at = '2026-01-01 00:00:00' WHERE revoked_at IS NOT NULL"
    )
    lost.page.unroute(DOOR)

    def deaf(route: Route) -> None:
        route.fulfill(response=emptied(route))

    lost.page.route(DOOR, deaf)
    lost.go("/today")
    wiped(lost)
    assert nothing_left(lost, server)


def test_a_colleague_on_the_same_phone_notices_nothing(
    lost: Phone, other: Phone, server: Server
) -> None:
    """Alice's outbox is seen off behind Bob's pages, by her device's secret."""
    cut(lost)
    write_notes(lost, "一", "二")
    lost.context.clear_cookies(name="session")
    job.sign_in(lost, "bob")
    mended(lost)
    shut_out(other, server)
    assert fates(server) == []
    lost.page.evaluate(ASK_ANEW)
    lost.go("/today")
    expect(lost.page.locator(".stop").first).to_be_visible()
    told(lost, server)
    assert fates(server) == ["review", "review"]
    assert nothing_left(lost, server)
    assert not nothing_left(lost, server, "bob")
    lost.go("/customers")
    expect(lost.page.locator(".row").first).to_be_visible()
    expect(farewell(lost.page)).to_have_count(0)


def test_a_phone_on_which_nobody_is_signed_in(lost: Phone, other: Phone, server: Server) -> None:
    lost.context.clear_cookies(name="session")
    shut_out(other, server)
    lost.go("/sign-in")
    told(lost, server)
    assert nothing_left(lost, server)


def test_let_in_again(lost: Phone, other: Phone, server: Server) -> None:
    cut(lost)
    write_notes(lost, "一")
    shut_out(other, server)
    lost.go("/today")
    expect(farewell(lost.page)).to_be_visible()
    other.tap(row_of(other, server).get_by_role("button"))
    expect(row_of(other, server).locator("summary")).to_be_visible()
    mended(lost)
    expect(lost.button("Sign in")).to_be_visible()
    job.sign_in(lost, "alice")
    expect(lost.page.locator(".stop").first).to_be_visible()
    until(lost, lambda: fates(server) == ["applied"])
    expect(farewell(lost.page)).to_have_count(0)


@pytest.mark.parametrize("path", ["/sign-in", "/today"], ids=["nobody", "herself"])
def test_the_wipe_goes_on_after_a_kill(
    lost: Phone, other: Phone, server: Server, path: str
) -> None:
    lost.context.add_init_script(
        f"if (!sessionStorage.alive) IDBFactory.prototype.deleteDatabase = {FOREVER};"
    )
    shut_out(other, server)
    lost.go("/today")
    expect(lost.page).to_have_url(re.compile(r"/shut-out\?wiped"))
    assert not nothing_left(lost, server)
    assert not receipts(server)
    lost.page.evaluate("sessionStorage.alive = 'yes'")
    lost.go(path)
    told(lost, server)
    if path == "/today":
        wiped(lost)
    assert nothing_left(lost, server)


def test_a_receipt_that_does_not_arrive_is_given_by_the_next_page(
    lost: Phone, other: Phone, server: Server
) -> None:
    lost.page.route("**/sync/wiped*", lambda route: route.abort())
    shut_out(other, server)
    lost.go("/today")
    wiped(lost)
    assert not receipts(server)
    lost.page.unroute("**/sync/wiped*")
    lost.go("/sign-in")
    told(lost, server)
    assert lost.page.evaluate("Object.keys(localStorage).filter((key) => /wiping/.test(key))") == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_how_it_looks(phone_of: PickUp, server: Server, language: str, tmp_path: Any) -> None:
    alice, ada = phone_of("alice", language=language), phone_of("ada", language=language)
    for name, phone, path in (("own", alice, "/more/devices"), ("all", ada, "/devices")):
        phone.go(path)
        for fold in phone.page.locator(".device summary").all()[:2]:
            phone.tap(fold)
        assert look(phone, name, tmp_path) == []
    job.arrive(alice)
    job.check_in(alice)
    job.all_sent(alice)
    cut(alice)
    write_notes(alice, "一")
    shut_out_by_the_office(server)
    alice.go("/today")
    expect(farewell(alice.page).locator("[data-hole=left]")).to_have_text("1")
    wrong = look(alice, "farewell", tmp_path)
    assert [one for one in wrong if "/sync/commands" not in one] == []  # that was cut
