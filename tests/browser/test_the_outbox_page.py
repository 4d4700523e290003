"""The outbox's own page: what waits, what went, what differs, and what is carried by hand."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import job
from tests.browser.looks import look
from tests.browser.outbox.broken import NO_NUMBERS
from tests.browser.phone import Phone
from tests.browser.server import Server

LANGUAGES = ("en", "zh_CN")
MEND = re.compile(r"^/.+#mend=[0-9a-f-]{36}$")
LONG = "鑫源盛世连锁便利店（世纪公园地铁站三号口旗舰店）" * 2

# What has moved on the page since it was opened.
MOVED = """() => new Promise(told => {
  const all = [];
  new PerformanceObserver(list => all.push(...list.getEntries().flatMap(({sources}) =>
    sources.map(({node, previousRect, currentRect}) =>
      `${node?.id} ${previousRect.y} > ${currentRect.y}`)))
  ).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => told(all), 500);
})"""


@pytest.fixture
def visit(alice: Phone) -> str:
    """Alice is checked in, and the server knows it; the address of the visit's page."""
    return checked_in(alice)


def checked_in(phone: Phone) -> str:
    job.arrive(phone)
    job.check_in(phone)
    until(lambda: phone.server.rows("SELECT count(*) FROM received") == [(1,)])
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    return phone.page.url


def until(holds: Callable[[], bool], patience: float = 15) -> None:
    over = monotonic() + patience
    while not holds():
        assert monotonic() < over
        sleep(0.05)


def cut(phone: Phone) -> None:
    """Nothing reaches the door; pages still come."""
    phone.page.route("**/sync/**", lambda route: route.abort())


def mended(phone: Phone) -> None:
    phone.page.unroute("**/sync/**")
    phone.page.evaluate("dispatchEvent(new Event('online'))")


def write_notes(phone: Phone, *texts: str) -> None:
    for number, text in enumerate(texts, 1):
        phone.type(phone.field("Note"), text)
        phone.tap(phone.button("Save note"))
        expect(phone.page.locator("[data-outbox-count=waiting]")).to_have_text(str(number))


def rows(phone: Phone) -> Locator:
    return phone.page.locator("#outbox-entries .row")


def notes_of(server: Server, text: str) -> int:
    ((count,),) = server.rows("SELECT count(*) FROM note WHERE text = ?", (text,))
    return int(count)


def export(phone: Phone, folder: Path) -> Path:
    with phone.page.expect_download() as saving:
        phone.tap(phone.button("Export"))
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


def hand_in(phone: Phone, path: Path) -> Locator:
    phone.go("/outbox")
    with phone.page.expect_file_chooser() as choosing:
        phone.tap(phone.button("Hand in a colleague's file"))
    choosing.value.set_files(path)
    said = phone.page.locator("#outbox-file-said .notice")
    expect(said).not_to_contain_text(phone.words("Handing it in"))
    return said


def test_it_works(alice: Phone, visit: str) -> None:
    """What waits is named, can be sent, and is found again under what went today."""
    cut(alice)
    write_notes(alice, "写给信号不好的路")
    alice.page.clock.install()
    alice.go("/outbox")
    row = rows(alice).first
    expect(row.locator("h2")).to_have_text(re.compile(r"^Note for .+, \d\d:\d\d$"))
    expect(row).to_contain_text("写给信号不好的路")
    expect(row).to_contain_text("On this phone")
    expect(row).to_contain_text("kB")
    expect(alice.notice("No signal")).to_be_visible()  # it has tried by itself
    alice.page.clock.pause_at(alice.page.evaluate("Date.now()") / 1_000 + 0.1)
    with alice.page.expect_event("requestfailed", lambda one: "/sync/commands" in one.url):
        alice.tap(alice.button("Send now"))
    expect(alice.button("Send now")).to_have_attribute("aria-busy", "false")
    expect(alice.notice("No signal")).to_be_visible()
    alice.page.unroute("**/sync/**")
    alice.tap(alice.button("Send now"))
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    expect(alice.button("Send now")).to_be_hidden()
    alice.tap(alice.page.locator("#outbox-received summary"))
    expect(alice.page.locator("#outbox-received .row").first).to_contain_text("Note for ")


def test_it_says_who_has_to_sign_in(alice: Phone, visit: str, server: Server) -> None:
    cut(alice)
    write_notes(alice, "一", "二")
    alice.go("/outbox")
    alice.context.clear_cookies()
    alice.page.unroute("**/sync/**")
    alice.tap(alice.button("Send now"))
    waits = alice.page.locator("#outbox-progress")
    expect(waits).to_contain_text("Sign in to send 2")
    alice.tap(waits.get_by_role("link", name="Sign in"))
    alice.type(alice.field("Username"), "alice")
    alice.type(alice.field("Password"), "roadbook")
    alice.tap(alice.button("Sign in"))
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    assert (notes_of(server, "一"), notes_of(server, "二")) == (1, 1)


def test_it_says_that_the_server_is_busy(alice: Phone, visit: str) -> None:
    cut(alice)
    write_notes(alice, "一")
    alice.go("/outbox")
    busy = {"status": 503, "headers": {"Retry-After": "90"}, "body": "busy"}
    alice.page.route("**/sync/commands", lambda route: route.fulfill(**busy))
    alice.tap(alice.button("Send now"))
    expect(alice.notice("The server is busy")).to_contain_text("It is tried again by itself at ")


def test_the_day_is_checked_on_both_sides(alice: Phone, visit: str) -> None:
    cut(alice)
    write_notes(alice, "一", "二", "三")
    mended(alice)
    expect(alice.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    alice.go("/outbox")
    expect(alice.page.locator("#outbox-receipt.success")).to_contain_text(
        "4 of 4 received, checked"
    )


def test_one_id_flipped_on_the_server_is_told_and_sent_again(
    alice: Phone, visit: str, server: Server
) -> None:
    """A receipt never lies: neither about what is missing there nor about what nobody knows."""
    cut(alice)
    write_notes(alice, "一", "二")
    mended(alice)
    expect(alice.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    server.write("UPDATE received SET command_id = ? WHERE seq = 2", ("f" * 32,))
    alice.go("/outbox")
    receipt = alice.page.locator("#outbox-receipt.error")
    expect(receipt).to_contain_text("2 of 3 received")
    expect(receipt).to_contain_text("Missing on the server: Note for ")
    expect(receipt).to_contain_text("The server has 1 of today that this phone does not know.")
    row = rows(alice).first
    expect(row).to_contain_text("Needs you")
    expect(row).to_contain_text("The server no longer has this. Send it again.")
    alice.tap(alice.button("Send again"))
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    expect(alice.page.locator("#outbox-receipt")).to_contain_text("3 of 3 received")
    assert (notes_of(server, "一"), notes_of(server, "二")) == (1, 1)


def test_what_was_refused_is_withdrawn_by_a_second_tap(
    alice: Phone, visit: str, server: Server
) -> None:
    refused(alice, server)
    alice.go("/outbox")
    expect(rows(alice)).to_contain_text("This customer is not among those you look after.")
    expect(alice.link("Mend")).to_have_attribute("href", MEND)
    alice.tap(alice.button("Withdraw"))
    expect(rows(alice)).to_contain_text("“客户转给别人了” is given up: nobody receives it.")
    alice.tap(alice.button("Keep it"))
    expect(alice.button("Withdraw")).to_be_visible()
    alice.tap(alice.button("Withdraw"))
    alice.tap(alice.button("Yes, withdraw it"))
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()


def refused(phone: Phone, server: Server) -> None:
    """A note at a customer who was handed over meanwhile."""
    cut(phone)
    write_notes(phone, "客户转给别人了")
    bob = "(SELECT id FROM person WHERE username = 'bob')"
    server.write(f"UPDATE customer SET owner_id = {bob}")
    mended(phone)
    expect(phone.page.locator("[data-outbox-count=needs_you]")).to_be_visible()


def test_carried_by_a_colleague(
    alice: Phone, visit: str, phone_of: Callable[..., Phone], server: Server, tmp_path: Path
) -> None:
    """Without a signal all day; Bob hands it in; later Alice's phone sends the same: all once."""
    cut(alice)
    write_notes(alice, "一", "二", "三")
    alice.go("/outbox")
    alice.context.set_offline(True)
    path = export(alice, tmp_path)
    assert path.name.startswith("roadbook-alice-20")
    assert path.suffix == ".outbox"
    assert "一" not in path.read_text("utf-8")
    assert json.loads(path.read_text("utf-8"))["count"] == 3
    expect(rows(alice)).to_have_count(3)
    bob = phone_of("bob")
    said = hand_in(bob, path)
    expect(said).to_contain_text("3 of 3 received from")
    expect(said.locator(".row")).to_have_count(3)
    expect(said).not_to_contain_text("office looks at it")
    assert [notes_of(server, text) for text in "一二三"] == [1, 1, 1]
    carried = (
        "SELECT count(*) FROM received JOIN person ON person.id = carried_by WHERE username = 'bob'"
    )
    assert server.rows(carried) == [(3,)]
    expect(hand_in(bob, path)).to_contain_text("3 of 3 received from")
    alice.context.set_offline(False)
    mended(alice)
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    alice.page.goto(visit)
    alice.type(alice.field("Note"), "四")
    alice.tap(alice.button("Save note"))
    until(lambda: notes_of(server, "四") == 1)
    assert [notes_of(server, text) for text in "一二三"] == [1, 1, 1]
    assert server.rows("SELECT count(*) FROM received WHERE broken_chain") == [(0,)]
    alice.go("/outbox")
    expect(alice.page.locator("#outbox-receipt.success")).to_contain_text("5 of 5 received")


def test_a_file_of_a_phone_that_never_spoke_waits_for_that_phone(
    alice: Phone, phone_of: Callable[..., Phone], server: Server, tmp_path: Path
) -> None:
    cut(alice)
    job.arrive(alice)
    job.check_in(alice)
    alice.go("/outbox")
    bob = phone_of("bob")
    said = hand_in(bob, export(alice, tmp_path))
    expect(said).to_contain_text("Nothing shows which phone wrote this")
    assert server.rows("SELECT status FROM received") == [("review",)]
    mended(alice)
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    assert server.rows("SELECT status FROM received") == [("applied",)]


def test_what_has_no_number_yet_is_carried_too(
    alice: Phone, visit: str, phone_of: Callable[..., Phone], server: Server, tmp_path: Path
) -> None:
    alice.context.add_init_script(NO_NUMBERS)
    cut(alice)
    alice.page.goto(visit)
    write_notes(alice, "一", "二")
    alice.page.evaluate("sessionStorage.full = 'all'")
    alice.type(alice.field("Note"), "三")
    alice.tap(alice.button("Save note"))
    expect(alice.page.locator("[data-outbox-count=waiting]")).to_have_text("3")
    alice.go("/outbox")
    expect(rows(alice)).to_have_count(3)
    bob = phone_of("bob")
    expect(hand_in(bob, export(alice, tmp_path))).to_contain_text("3 of 3 received from")
    alice.page.evaluate("sessionStorage.full = 'no'")
    mended(alice)
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    assert [notes_of(server, text) for text in "一二三"] == [1, 1, 1]


def test_a_file_that_was_changed_is_refused(
    alice: Phone, visit: str, phone_of: Callable[..., Phone], server: Server, tmp_path: Path
) -> None:
    cut(alice)
    write_notes(alice, "一")
    alice.go("/outbox")
    path = export(alice, tmp_path)
    path.write_text(path.read_text("utf-8").replace('"count":1', '"count":2'), "utf-8")
    bob = phone_of("bob")
    expect(hand_in(bob, path)).to_contain_text("This file is damaged or was changed.")
    assert notes_of(server, "一") == 0


def test_its_buttons_stand_still_when_they_are_seen(alice: Phone, visit: str) -> None:
    """One that moved while a thumb came down was not the one that was tapped."""
    for _ in range(3):
        alice.go("/outbox")
        expect(alice.button("Hand in a colleague's file")).to_be_visible()
        expect(alice.page.locator("#outbox-receipt.success")).to_be_visible()
        assert alice.page.evaluate(MOVED) == []


def test_signing_out_gives_three_choices(alice: Phone, visit: str, server: Server) -> None:
    cut(alice)
    write_notes(alice, "noch nicht")
    alice.go("/more")
    alice.tap(alice.button("Sign out"))
    expect(alice.notice("Something here has not been sent.")).to_be_visible()
    alice.tap(alice.button("Stay signed in"))
    expect(alice.notice("Something here has not been sent.")).to_have_count(0)
    alice.tap(alice.button("Sign out"))
    alice.tap(alice.button("Send it now"))
    expect(alice.page.get_by_text("It could not be sent just now.")).to_be_visible()
    alice.page.unroute("**/sync/**")
    alice.tap(alice.button("Send it now"))
    expect(alice.button("Sign in")).to_be_visible()
    assert notes_of(server, "noch nicht") == 1


def test_exported_and_signed_out_it_goes_when_its_author_is_back(
    alice: Phone, visit: str, server: Server
) -> None:
    cut(alice)
    write_notes(alice, "noch nicht")
    alice.go("/more")
    alice.tap(alice.button("Sign out"))
    with alice.page.expect_download():
        alice.tap(alice.button("Export and sign out"))
    expect(alice.button("Sign in")).to_be_visible()
    alice.page.unroute("**/sync/**")
    alice.type(alice.field("Username"), "bob")
    alice.type(alice.field("Password"), "roadbook")
    alice.tap(alice.button("Sign in"))
    expect(alice.button("Sign in")).to_be_hidden()
    alice.go("/outbox")
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()
    expect(alice.page.locator("#outbox-others")).to_contain_text("1 of a colleague")
    assert notes_of(server, "noch nicht") == 0
    alice.go("/more")
    alice.tap(alice.button("Sign out"))
    alice.type(alice.field("Username"), "alice")
    alice.type(alice.field("Password"), "roadbook")
    alice.tap(alice.button("Sign in"))
    until(lambda: notes_of(server, "noch nicht") == 1)
    alice.go("/outbox")
    expect(alice.page.get_by_text("Nothing waits here")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_it_looks(
    phone_of: Callable[..., Phone], server: Server, language: str, tmp_path: Path
) -> None:
    alice = phone_of("alice", language=language)
    server.write("UPDATE customer SET name = ?, short_name = ''", (LONG,))
    alice.go("/outbox")
    wrong = look(alice, "outbox-empty", tmp_path)
    checked_in(alice)
    refused(alice, server)
    cut(alice)
    alice.type(alice.field("Promise"), "写给信号不好的路" * 9)
    alice.type(alice.field("Due"), "2099-12-31")
    alice.tap(alice.button("Save promise"))
    expect(alice.page.locator("[data-outbox-count=waiting]")).to_be_visible()
    alice.go("/outbox")
    expect(rows(alice)).to_have_count(2)
    wrong += look(alice, "outbox", tmp_path)
    alice.tap(alice.button("Withdraw"))
    alice.tap(alice.button("Send now"))
    expect(alice.notice("No signal")).to_be_visible()
    alice.page.unroute("**/sync/**")
    export(alice, tmp_path)
    alice.tap(alice.page.locator("#outbox-received summary"))
    wrong += look(alice, "outbox-open", tmp_path)
    alice.go("/more")
    cut(alice)
    alice.tap(alice.button("Sign out"))
    wrong += look(alice, "leaving", tmp_path)
    wrong = [one for one in wrong if "net::ERR_FAILED" not in one]  # we cut it ourselves
    assert not wrong, "\n".join(wrong)
