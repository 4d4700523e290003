"""The next batch is made ready while one is under way, and leaves when all is well with that."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door
from tests.browser.outbox.ledger import Ledger

TEXTS = [f"text {number}" for number in range(150)]


def full(tab: Callable[..., Page], door: Door) -> Page:
    """A phone with much in its outbox, and a door that opens."""
    door.mode = "500"
    page = tab()
    hand.say_many(page, TEXTS)
    hand.until(lambda: hand.rested(page), "the first try")
    door.mode = "up"
    door.seen.clear()
    return page


def numbers(ledger: Ledger) -> list[int]:
    return [taken.envelope["seq"] for taken in ledger.taken.values()]


def test_one_after_the_other(tab: Callable[..., Page], door: Door) -> None:
    page = full(tab, door)
    hand.drained(page)
    assert door.ledger.applied() == TEXTS
    assert numbers(door.ledger) == list(range(1, 151))
    assert all(a.ended <= b.began for a, b in zip(door.seen, door.seen[1:], strict=False))
    waiting = [seen.waiting for seen in door.seen]
    done = [len(seen.ids) for seen in door.seen]
    assert waiting == [150 - sum(done[:place]) for place in range(len(done))]


def test_a_server_that_forgot_gets_all_that_was_made_ready(
    tab: Callable[..., Page], door: Door
) -> None:
    """Restored from a backup between two batches: what follows is numbered anew, in order."""
    page = full(tab, door)
    receive = door.ledger.receive
    forgotten: list[str] = []

    def forget_once(batch: dict[str, Any]) -> dict[str, Any]:
        if door.ledger.taken and not forgotten:
            forgotten.extend(door.ledger.applied())
            door.ledger.taken.clear()
            door.ledger.last.clear()
            door.ledger.chain.clear()
        return receive(batch)

    door.ledger.receive = forget_once  # type: ignore[method-assign] # the backup
    hand.drained(page)
    assert forgotten
    assert forgotten + door.ledger.applied() == TEXTS
    assert numbers(door.ledger) == list(range(1, len(TEXTS) - len(forgotten) + 1))
    assert hand.entries(page) == []


def test_refused_ones_hold_up_nothing_that_was_made_ready(
    tab: Callable[..., Page], door: Door
) -> None:
    door.mode = "500"
    page = tab()
    texts = ["reject" if number % 7 == 0 else f"text {number}" for number in range(100)]
    hand.say_many(page, texts)
    hand.until(lambda: hand.rested(page), "the first try")
    door.mode = "up"
    hand.until(lambda: not hand.woken(page)["waiting"], "all to go")
    assert numbers(door.ledger) == list(range(1, 101))
    assert door.ledger.broken == []
    assert hand.situation(page)["needs_you"] == texts.count("reject")
