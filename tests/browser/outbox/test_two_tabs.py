"""Two tabs of one person: one drains, nothing twice, nothing between two stools."""

from collections.abc import Callable
from time import sleep

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door

SLEEP = """
  ([name, person]) => new Promise((done) => {
    navigator.locks.request(name, () => new Promise(() => {}));
    indexedDB.open(`roadbook-${person}`).onsuccess = ({ target }) => {
      const tx = target.result.transaction('meta', 'readwrite');
      tx.objectStore('meta').put({ owner: 'asleep', beat: 1 }, 'lease');
      tx.oncomplete = () => { target.result.close(); done(); };
    };
  })
"""
LOCK = f"outbox-{ALICE}"
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"


@pytest.mark.parametrize("before", ["", NO_LOCKS], ids=["locks", "no locks"])
def test_batches_do_not_overlap(tab: Callable[..., Page], door: Door, before: str) -> None:
    door.mode = "slow"
    pages = [tab(before=before), tab(before=before)]
    for number in range(6):
        hand.say_many(pages[number % 2], [f"text {number}"])
        for page in pages:
            hand.wake(page)
    for page in pages:
        hand.drained(page)
    assert door.ledger.applied() == [f"text {number}" for number in range(6)]
    assert door.ledger.broken == []
    for earlier, later in zip(door.seen, door.seen[1:], strict=False):
        assert later.began >= earlier.ended


def test_the_other_tab_shows_it_too(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page, other = tab(), tab()
    hand.say(page, "one")
    other.wait_for_selector("[data-outbox-count=waiting]:not([hidden])")
    door.mode = "up"
    hand.drained(page)
    other.wait_for_selector("html[data-outbox=clear]")


def test_a_tab_takes_over_when_the_other_is_closed_while_sending(
    tab: Callable[..., Page], door: Door
) -> None:
    door.mode = "hang"
    page, other = tab(), tab()
    hand.say(page, "one")
    hand.until(lambda: door.seen, "the batch to leave")
    door.mode = "up"
    page.close()
    hand.drained(other)
    assert door.ledger.applied() == ["one"]


@pytest.mark.parametrize(("asleep_s", "passed_over"), [(50, False), (70, True)])
def test_a_tab_that_fell_asleep_at_it_is_passed_over(
    context: BrowserContext,
    tab: Callable[..., Page],
    door: Door,
    asleep_s: int,
    *,
    passed_over: bool,
) -> None:
    context.clock.install()
    page, asleep = tab(), tab("")
    hand.drained(page)
    asleep.evaluate(SLEEP, [LOCK, ALICE])
    hand.say(page, "one")
    sleep(0.3)
    page.clock.fast_forward(asleep_s * 1_000)
    sleep(0.3)
    assert door.ledger.applied() == (["one"] if passed_over else [])


def test_one_that_fell_asleep_before_it_began_is_passed_over_too(
    context: BrowserContext, tab: Callable[..., Page], door: Door
) -> None:
    context.clock.install()
    page, asleep = tab(), tab("")
    hand.drained(page)
    asleep.evaluate("name => void navigator.locks.request(name, () => new Promise(() => {}))", LOCK)
    hand.say(page, "one")
    sleep(0.3)
    assert door.ledger.applied() == []
    page.clock.fast_forward(61_000)
    hand.until(lambda: door.ledger.applied() == ["one"], "the lock to be taken away")
