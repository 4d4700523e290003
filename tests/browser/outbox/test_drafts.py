"""Half a sentence is kept, too, and never stands in the way of a whole one."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import BREAKS, REMEMBER
from tests.browser.outbox.door import Door

PAUSE_MS = 500  # longer than typing has to rest before it is kept


def typed(page: Page, text: str) -> None:
    page.fill("#say [name=text]", text)
    page.wait_for_timeout(PAUSE_MS)


def text_of(page: Page) -> str:
    return page.input_value("#say [name=text]")


def test_it_works(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    typed(page, "half a sen")
    page.reload()
    page.wait_for_function("told.includes('restored')")
    assert text_of(page) == "half a sen"
    page.fill("#say [name=text]", "")
    page.wait_for_timeout(PAUSE_MS)
    page.reload()
    page.wait_for_timeout(PAUSE_MS)
    assert text_of(page) == ""


def test_leaving_the_page_keeps_the_last_letter(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    page.fill("#say [name=text]", "typed just now")
    page.evaluate(
        """() => {
          Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.wait_for_timeout(50)
    page.reload()
    page.wait_for_function("told.includes('restored')")
    assert text_of(page) == "typed just now"


def test_what_was_sent_is_no_draft(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    typed(page, "whole")
    hand.say(page, "whole sentence")
    page.reload()
    page.wait_for_timeout(PAUSE_MS)
    assert text_of(page) == ""
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["whole sentence"]


def test_two_tabs_do_not_overwrite_each_other(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    typed(page, "in the first tab")
    other = tab()
    other.fill("#say [name=text]", "in the second tab")
    other.wait_for_timeout(1_300)
    other.close()
    page.close()

    page = tab()
    page.wait_for_function("told.includes('restored')")
    assert text_of(page) == "in the first tab"
    hand.say(page, "first")
    page.reload()
    page.wait_for_function("told.includes('restored')")
    assert text_of(page) == "in the second tab"
    hand.say(page, "second")
    hand.drained(page)
    assert door.ledger.applied() == ["first", "second"]


def test_a_newer_draft_outlives_a_late_replay(tab: Callable[..., Page], door: Door) -> None:
    """One command waited in the journal while the next was being written."""
    page = tab(before=REMEMBER)
    typed(page, "in the jour")
    page.evaluate(BREAKS["fails"] + "connections.forEach((db) => db.close())")
    hand.say(page, "in the journal")
    journal = page.evaluate("({...localStorage})")
    page.evaluate("localStorage.clear()")
    page.reload()
    page.wait_for_function("told.includes('restored')")
    page.evaluate("document.querySelector('#say').reset()")
    page.evaluate("document.querySelector('#say [name=id]').value = crypto.randomUUID()")
    typed(page, "half a sen")
    page.evaluate("journal => Object.assign(localStorage, journal)", journal)
    page.reload()
    page.wait_for_function("told.includes('restored')")
    hand.drained(page)
    assert door.ledger.applied() == ["in the journal"]
    page.reload()
    page.wait_for_function("told.includes('restored')")
    assert text_of(page) == "half a sen"
