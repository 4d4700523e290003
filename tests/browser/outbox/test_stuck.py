"""What waits for hours while the server answers is noticed; a phone's clock alone says nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door

FROZEN = "person => void navigator.locks.request(`outbox-${person}`, () => new Promise(() => {}))"
SERVER_ANSWERS = """hours => {
  const date = new Date(Date.now() + hours * 3_600_000).toUTCString();
  const raw = new Response('', {headers: {Roadbook: '1', Date: date}});
  document.dispatchEvent(
    new CustomEvent('htmx:after:request', {detail: {ctx: {response: {raw}}}}));
}"""


def is_stuck(page: Page) -> bool:
    return bool(hand.situation(page)["stuck"])


def test_it_works(tab: Callable[..., Page], door: Door) -> None:
    other, page = tab(""), tab()
    hand.drained(page)
    other.evaluate(FROZEN, ALICE)
    page.evaluate(SERVER_ANSWERS, 0)
    hand.say(page, "one")
    assert not is_stuck(page)
    page.evaluate(SERVER_ANSWERS, 3.9)
    assert not is_stuck(page)
    page.evaluate(SERVER_ANSWERS, 4.1)
    assert is_stuck(page)
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    assert is_stuck(page)
    other.close()
    hand.drained(page)
    assert not is_stuck(page)
    assert door.ledger.applied() == ["one"]


def test_the_journal_is_watched_too(tab: Callable[..., Page]) -> None:
    page = tab(before="IDBFactory.prototype.open = () => { throw new DOMException(); };")
    hand.say(page, "one")
    page.evaluate(SERVER_ANSWERS, 0)
    assert not is_stuck(page)
    page.evaluate(SERVER_ANSWERS, 5)
    assert is_stuck(page)


@pytest.mark.parametrize("hours", [-100, 100])
def test_without_a_server_nothing_is_stuck(
    tab: Callable[..., Page], door: Door, hours: int
) -> None:
    """A day in the mountains, or a clock that was set."""
    page = tab()
    hand.drained(page)
    door.mode = "drop_before"
    hand.say(page, "one")
    page.evaluate("by => { const now = Date.now; Date.now = () => now() + by }", hours * 3_600_000)
    hand.wake(page)
    assert not is_stuck(page)


def test_one_after_the_other_is_not_stuck(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    for number in range(3):
        door.mode = "500"
        page.evaluate(SERVER_ANSWERS, number * 3)
        hand.say(page, f"text {number}")
        assert not is_stuck(page)
        door.mode = "up"
        hand.drained(page)
    door.mode = "500"
    hand.say(page, "last")
    assert not is_stuck(page)
