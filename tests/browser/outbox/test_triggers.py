"""Whatever wakes the page sends what waits; none of the ways is needed for another."""

from collections.abc import Callable
from time import sleep

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door

VISIBLE = "document.dispatchEvent(new Event('visibilitychange'))"
WAKES = {
    "looked at again": VISIBLE,
    "focus": "dispatchEvent(new Event('focus'))",
    "network": "dispatchEvent(new Event('online'))",
    "the worker says so": """navigator.serviceWorker.dispatchEvent(
      new MessageEvent('message', {data: {kind: 'drain'}}))""",
    "another tab says so": f"""
      new BroadcastChannel('roadbook-{ALICE}').postMessage({{kind: 'drain'}})""",
    "Back": "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))",
    "woken by the phone": "document.dispatchEvent(new Event('resume'))",
}


@pytest.fixture
def waiting(context: BrowserContext, tab: Callable[..., Page], door: Door) -> Page:
    """One that could not be sent, on a page in which time stands still."""
    context.clock.install()
    page = tab()
    hand.drained(page)
    context.clock.pause_at(page.evaluate("Date.now()") / 1_000 + 1)
    door.mode = "500"
    hand.say(page, "one")
    hand.until(lambda: door.seen and door.seen[-1].ended and hand.rested(page), "the failure")
    door.mode = "up"
    return page


@pytest.mark.parametrize("how", WAKES)
def test_it_works(waiting: Page, door: Door, how: str) -> None:
    sleep(0.3)
    assert door.ledger.applied() == []
    waiting.evaluate(WAKES[how])
    hand.until(lambda: door.ledger.applied() == ["one"], how)


def test_a_sign_of_life_during_a_try_that_fails(waiting: Page, door: Door) -> None:
    """The network is back while the page still waits for an answer out of the hole before."""
    door.mode = "late_500"
    waiting.evaluate(WAKES["focus"])
    hand.until(lambda: len(door.seen) == 2, "the try")
    waiting.evaluate(WAKES["network"])
    door.mode = "up"
    hand.until(lambda: door.ledger.applied() == ["one"], "the next try")


def test_a_look_at_the_clock(waiting: Page, door: Door) -> None:
    for _second in range(61):
        waiting.clock.run_for(1_000)
        sleep(0.03)  # the disk and the network keep their own time
    hand.until(lambda: door.ledger.applied() == ["one"], "the timer")


def test_a_page_that_is_opened_after_all_else_gave_up(tab: Callable[..., Page], door: Door) -> None:
    """As when a worker's background sync has had its three tries."""
    door.mode = "500"
    page = tab()
    hand.say(page, "one")
    page.close()
    door.mode = "up"
    tab()
    hand.until(lambda: door.ledger.applied() == ["one"], "the page to send it")
