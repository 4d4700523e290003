"""Sending: nothing leaves the phone without an answer to it by name and hash."""

import random
from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door

FAULTS = ["drop_before", "ack_lost", "cut", "trunc", "500", "portal200", "stale", "wrong_sha"]


def is_in_order(door: Door, texts: list[str]) -> None:
    """Everything once, in the order in which it was written, no number and no hash missing."""
    assert door.ledger.applied() == texts
    numbers = [taken.envelope["seq"] for taken in door.ledger.taken.values()]
    assert numbers == list(range(1, len(texts) + 1))
    assert door.ledger.broken == []


FAILS_ONCE = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...what) {
    if (this.name === 'results' && window.failures) {
      window.failures--;
      throw new DOMException('busy', 'TimeoutError');
    }
    return put.apply(this, what);
  };
"""


def test_an_answer_that_cannot_be_put_away_holds_up_nothing(
    tab: Callable[..., Page], door: Door
) -> None:
    door.mode = "500"
    page = tab(before=FAILS_ONCE)
    texts = [f"note {number}" for number in range(100)]
    hand.say_many(page, texts)
    page.evaluate("window.failures = 1")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == texts


@pytest.mark.parametrize("fault", FAULTS)
def test_no_answer_deletes_nothing(tab: Callable[..., Page], door: Door, fault: str) -> None:
    door.mode = fault
    page = tab()
    texts = ["one", "two", "three"]
    hand.say_many(page, texts)
    hand.wake(page)
    hand.met(door, 2)
    hand.until(lambda: hand.rested(page), "the batch to end")
    assert hand.situation(page)["waiting"] == 3
    assert len(hand.entries(page)) == 3
    assert page.inner_text("[data-outbox-count=waiting]") == "3"
    door.mode = "up"
    hand.drained(page)
    is_in_order(door, texts)
    assert hand.entries(page) == []
    assert page.get_attribute("html", "data-outbox") == "clear"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_bad_day(tab: Callable[..., Page], door: Door, seed: int) -> None:
    door.dice = random.Random(seed)
    door.chances = {
        "drop_before": 0.15,
        "ack_lost": 0.2,
        "cut": 0.1,
        "trunc": 0.1,
        "500": 0.1,
        "portal200": 0.1,
    }
    page = tab()
    texts = [f"text {number}" for number in range(60)]
    for start in range(0, 60, 10):
        hand.say_many(page, texts[start : start + 10])
        hand.wake(page)
    hand.drained(page)
    is_in_order(door, texts)
    assert [taken.envelope["id"] for taken in door.ledger.taken.values()] == page.evaluate("said")


def test_a_late_answer_is_an_answer(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "ack_late"
    page = tab()
    hand.say(page, "one")
    hand.say(page, "two")
    door.mode = "up"
    hand.drained(page)
    is_in_order(door, ["one", "two"])


def test_what_never_answers_is_given_up_after_20_seconds(
    tab: Callable[..., Page], door: Door
) -> None:
    door.mode = "hang"
    page = tab()
    page.clock.install()
    page.reload()
    before = page.evaluate("Date.now()")
    hand.say(page, "one")
    hand.until(lambda: door.seen, "the batch to leave")
    while not hand.rested(page):
        page.clock.fast_forward(1_000)
    assert 20_000 <= page.evaluate("Date.now()") - before < 60_000
    door.mode = "up"
    hand.drained(page)
    is_in_order(door, ["one"])


def test_it_waits_as_long_as_it_is_told(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "429"
    page, other = tab(), tab()
    hand.say(page, "one")
    hand.met(door, 1)
    door.mode = "up"
    refused = monotonic()
    while not door.ledger.taken and monotonic() < refused + 4:
        hand.wake(page)
        hand.wake(other)
        page.wait_for_timeout(50)
    assert door.ledger.applied() == ["one"]
    assert len(door.seen) == 2
    assert door.seen[1].began - door.seen[0].ended >= 1.95


def test_it_tries_again_by_itself(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    hand.say(page, "one")
    hand.met(door, 1)
    door.mode = "up"
    hand.until(lambda: door.ledger.taken, "the next try", patience=4)
    assert door.seen[1].began - door.seen[0].began >= 1


@pytest.mark.parametrize(("mode", "why"), [("401", "sign_in"), ("403", "other_person")])
def test_it_rests_until_the_right_person_signs_in(
    tab: Callable[..., Page], door: Door, mode: str, why: str
) -> None:
    door.mode = mode
    page = tab()
    hand.say(page, "one")
    hand.met(door, 1)
    hand.until(lambda: hand.rested(page), "the answer")
    assert hand.situation(page)["pause"] == why
    assert page.get_attribute("html", "data-outbox") == why
    hand.say(page, "two")
    page.wait_for_timeout(200)
    assert len(door.seen) == 1
    assert hand.situation(page)["waiting"] == 2
    door.mode = "up"
    page.reload()
    hand.drained(page)
    is_in_order(door, ["one", "two"])


def test_batches_grow_and_shrink(tab: Callable[..., Page], door: Door) -> None:
    door.mode, door.most = "500", 50
    page = tab()
    texts = [f"text {number}" for number in range(160)]
    hand.say_many(page, texts)
    hand.until(lambda: hand.rested(page), "the first try")
    page.reload()
    hand.until(lambda: hand.rested(page), "the second")
    door.mode = "up"
    hand.met(door, 2)
    door.seen.clear()
    hand.drained(page)
    is_in_order(door, texts)
    sizes = [len(seen.ids) for seen in door.seen]
    assert sizes == [10, 20, 40, 80, 40, 40, 10]
    assert door.seen[0].waiting == 160
    assert all(seen.packed for seen in door.seen)


def test_a_batch_is_not_much_larger_than_256_kb(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    texts = [str(number) * 100_000 for number in range(4)]
    hand.say_many(page, texts)
    door.mode = "up"
    hand.drained(page)
    is_in_order(door, texts)
    assert max(len(seen.ids) for seen in door.seen) <= 2


def test_one_that_is_too_large_holds_up_nothing(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    hand.say_many(page, ["one", "two"])
    door.mode, door.most = "up", 0
    hand.until(lambda: hand.woken(page)["needs_you"], "one to be parked")
    door.most = 500
    hand.until(lambda: not hand.woken(page)["waiting"], "the rest to go")
    hand.say(page, "three")
    hand.drained(page)
    parked = hand.entries(page)
    assert {one["result"]["status"] for one in parked} == {"too_large"}
    assert len(parked) + len(door.ledger.taken) == 3
    assert door.ledger.applied()[-1] == "three"
    assert door.ledger.broken == []
