"""The day by hand: with a signal and without, also after a reload; what was pinned stays pinned."""

import re

from playwright.sync_api import Locator, expect

from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.server import Server

DEEDS = """
  SELECT s.deed, s.reason, s.undone_at IS NOT NULL FROM stop_by_hand s
  JOIN person p ON p.id = s.person_id WHERE p.username = 'alice' ORDER BY s.number
"""

MINUTE = "new Date().getHours() * 60 + new Date().getMinutes()"

# Tapped the moment the deed before it is on the phone.
NEAREST_AT_ONCE = """() => document.addEventListener(
  "outbox:saved", () => document.querySelector("[data-nearest]").click(), {once: true})"""

# Where the thumb is; in one look, so that both are of the same moment.
AT_THE_LOWER_EDGE = "one => Math.round(one.getBoundingClientRect().bottom) === innerHeight"


def ahead(phone: Phone) -> Locator:
    return phone.page.locator(".stops > .stop[data-stop]:visible:not(.done, .now)")


def names(phone: Phone) -> list[str]:
    return [str(one) for one in ahead(phone).evaluate_all("all => all.map(o => o.dataset.name)")]


def times(phone: Phone) -> list[str]:
    return ahead(phone).locator(".at").all_inner_texts()


def change(phone: Phone, name: str, button: str) -> None:
    row = phone.page.locator(f".stop[data-name='{name}']")
    phone.tap(row.get_by_role("link", name=phone.words("Change %(name)s", name=name)))
    sheet = phone.page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", level=2)).to_have_text(name)
    phone.page.wait_for_function(AT_THE_LOWER_EDGE, arg=sheet.element_handle())
    phone.tap(sheet.get_by_role("button", name=phone.words(button), exact=True))
    expect(sheet).to_have_count(0)


def order_is(phone: Phone, wanted: list[str]) -> None:
    rows = ahead(phone)
    expect(rows).to_have_count(len(wanted))
    for at, name in enumerate(wanted):
        expect(rows.nth(at)).to_have_attribute("data-name", name)


def all_received(phone: Phone) -> None:
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden(timeout=30_000)
    expect(phone.page.locator(".by-hand .pending")).to_have_count(0, timeout=30_000)


def test_skip_move_and_pin_without_a_signal(ready: Phone, server: Server) -> None:
    ready.go("/today")
    first, second, third, *rest, last = names(ready)
    change(ready, last, "First")
    all_received(ready)
    order_is(ready, [last, first, second, third, *rest])
    expect(ready.button("Plan the rest again")).to_be_visible()
    server.kill()
    change(ready, third, "First")
    order_is(ready, [third, last, first, second, *rest])
    assert times(ready) == sorted(times(ready))
    change(ready, third, "Pin here")
    change(ready, second, "No time")
    put = [third, last, first, *rest]
    order_is(ready, put)
    ready.page.reload()
    order_is(ready, put)
    expect(ahead(ready).first.get_by_text("pinned")).to_be_visible()
    expect(ready.page.locator(".stop.next")).to_have_attribute("data-name", third)
    waiting = ready.page.locator(".by-hand .pending:visible")
    expect(waiting).to_have_count(3)
    expect(waiting.filter(has_text=f"Skipped {second}")).to_be_visible()
    server.start()
    all_received(ready)
    order_is(ready, put)
    expect(ahead(ready).first.get_by_text("pinned")).to_be_visible()
    done = [("order", None, 0), ("order", None, 0), ("pin", None, 0), ("skip", "no_time", 0)]
    assert server.rows(DEEDS) == done
    ready.tap(ready.button("Plan the rest again"))
    expect(ready.button("Plan the rest again")).to_have_count(0)
    expect(ahead(ready).first).to_have_attribute("data-name", third)
    assert names(ready) != put
    assert server.rows(DEEDS) == [*done, ("again", None, 0)]


def test_undo_what_waits(dead: Phone, server: Server) -> None:
    dead.go("/today")
    before, at = names(dead), times(dead)
    change(dead, before[0], "Closed")
    order_is(dead, before[1:])
    dead.tap(dead.page.locator(".by-hand .row:visible").get_by_role("button", name="Undo"))
    order_is(dead, before)
    assert times(dead) == at
    server.start()
    all_received(dead)
    order_is(dead, before)
    assert server.rows(DEEDS) == [("skip", "closed", 1)]


def test_what_stands_so_already_is_not_changed(dead: Phone) -> None:
    """The day would not be planned any more, and nobody would know why."""
    dead.go("/today")
    before = names(dead)
    change(dead, before[0], "First")
    change(dead, before[0], "Up")
    change(dead, before[-1], "Down")
    order_is(dead, before)
    assert dead.page.locator("[data-outbox-count=waiting]").inner_text() in ("", "0")
    expect(dead.page.locator(".by-hand .pending:visible")).to_have_count(0)


def test_add_who_was_not_planned(dead: Phone, server: Server) -> None:
    dead.go("/today")
    before = names(dead)
    add = dead.page.get_by_role("button", name=re.compile("^Add ")).first
    name = (add.get_attribute("aria-label") or "").removeprefix("Add ")
    dead.tap(add)
    order_is(dead, [*before, name])
    dead.page.reload()
    order_is(dead, [*before, name])
    server.start()
    all_received(dead)
    expect(ahead(dead)).to_have_count(len(before) + 1)
    assert name in names(dead)


def test_drag_by_the_handle(dead: Phone) -> None:
    dead.go("/today")
    first, second, third, *rest = names(dead)
    ahead(dead).nth(1).scroll_into_view_if_needed()
    dead.page.evaluate("scrollBy(0, 200)")
    handle = ahead(dead).nth(2).locator(".change").bounding_box()
    goal = ahead(dead).nth(1).bounding_box()
    assert handle
    assert goal
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    mouse = dead.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 20)
    mouse.move(x, goal["y"] + 5, steps=6)
    mouse.up()
    order_is(dead, [first, third, second, *rest])
    expect(dead.page.get_by_role("dialog")).to_have_count(0)
    expect(dead.page.locator(".by-hand .pending:visible")).to_have_count(1)
    assert times(dead) == sorted(times(dead))
    dead.page.reload()
    order_is(dead, [first, third, second, *rest])


def test_the_nearest_is_next(dead: Phone, server: Server) -> None:
    dead.go("/today")
    before = names(dead)
    open_already = """all => all.slice(2).find(
        (one) => parseInt(one.dataset.open) <= 540).dataset.stop"""
    near = ahead(dead).evaluate_all(open_already)
    dead.is_at(job.pin_of(server, near))
    dead.page.evaluate(NEAREST_AT_ONCE)
    change(dead, before[1], "Pin here")
    expect(ahead(dead).first).to_have_attribute("data-stop", near)
    assert names(dead)[1] == before[1]
    assert sorted(names(dead)) == sorted(before)


def test_after_a_check_out_without_a_signal_the_next_one_is_next(
    dead: Phone, server: Server
) -> None:
    dead.go("/today")
    first, second, *_rest = names(dead)
    dead.is_at(job.pin_of(server, job.open_first_stop(dead)))
    job.check_in(dead)
    dead.go("/today")
    expect(dead.page.locator(".stop.now")).to_have_attribute("data-name", first)
    expect(dead.page.locator(".stop.next")).to_have_count(0)
    dead.tap(dead.page.locator(".stop.now").get_by_role("link", name="Visit"))
    job.choose(dead, "Progress")
    dead.tap(dead.button("Check out"))
    expect(dead.notice("Checked out, on this phone")).to_be_visible()
    dead.go("/today")
    expect(dead.page.locator(".stop.next")).to_have_attribute("data-name", second)
    expect(dead.page.locator(".stop.done").filter(has_text="Done, on this phone")).to_be_visible()


def test_who_is_with_a_customer_comes_to_the_next_when_that_usually_ends(
    dead: Phone, server: Server
) -> None:
    dead.go("/today")
    dead.is_at(job.pin_of(server, job.open_first_stop(dead)))
    job.check_in(dead)
    dead.go("/today")
    here = dead.page.locator(".stop.now")
    takes, came = int(here.get_attribute("data-takes") or 0), dead.page.evaluate(MINUTE)
    assert takes >= 5
    for _ in range(2):
        first, *rest = [job.minute_of(time) for time in times(dead)]
        assert came + takes - 1 < first < came + takes + 120
        assert rest == sorted(rest)
        dead.page.reload()
        expect(here).to_have_count(1)


def test_what_was_done_is_said_with_its_undo(dead: Phone) -> None:
    dead.go("/today")
    before = names(dead)
    change(dead, before[0], "Met elsewhere")
    said = dead.page.locator("#messages")
    expect(said).to_contain_text(f"Skipped {before[0]}")
    dead.tap(said.get_by_role("button", name="Undo"))
    order_is(dead, before)
