"""The phone's clock is set while something waits: it goes on, and nothing goes twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door

HOURS_9 = 9 * 3_600_000
SETTABLE = """
  const [Clock, stepped] = [Date, () => Number(localStorage.step ?? 0)];
  window.Date = class extends Clock {
    constructor(...what) { what.length ? super(...what) : super(Clock.now() + stepped()); }
    static now() { return Clock.now() + stepped(); }
  };
"""


def stepped(page: Page, by: int) -> None:
    page.evaluate("by => { localStorage.step = by }", by)


@pytest.mark.parametrize("by", [HOURS_9, -HOURS_9])
def test_it_works(tab: Callable[..., Page], door: Door, by: int) -> None:
    door.mode = "slow"
    page = tab(before=SETTABLE)
    hand.say_many(page, ["one", "two"])
    stepped(page, by)
    hand.say_many(page, ["three"])
    stepped(page, 0)
    hand.say_many(page, ["four"])
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three", "four"]
    assert hand.situation(page)["stuck"] is False


@pytest.mark.parametrize("by", [HOURS_9, -HOURS_9])
def test_the_other_tab_does_not_send_it_too(tab: Callable[..., Page], door: Door, by: int) -> None:
    """By its clock the first has been asleep for hours."""
    page, other = tab(before=SETTABLE), tab(before=SETTABLE)
    hand.drained(page)
    door.mode = "slow"
    for number in range(5):
        hand.say(page, f"text {number}")
        stepped(page, by if number % 2 else 0)
        hand.wake(other)
    hand.drained(other)
    hand.drained(page)
    sent = [one for seen in door.seen for one in seen.ids]
    assert len(sent) == len(set(sent)) == 5
    for earlier, later in zip(door.seen, door.seen[1:], strict=False):
        assert later.began >= earlier.ended


@pytest.mark.parametrize("by", [HOURS_9, -HOURS_9])
def test_a_rest_does_not_become_hours(tab: Callable[..., Page], door: Door, by: int) -> None:
    page, other = tab(before=SETTABLE), tab(before=SETTABLE)
    door.mode = "429"
    hand.say(page, "one")
    hand.met(door, 2)
    stepped(page, by)
    door.mode = "up"
    hand.until(lambda: door.ledger.taken, "the end of two seconds", 10)
    hand.say(other, "two")
    hand.drained(other)
    assert door.ledger.applied() == ["one", "two"]


@pytest.mark.parametrize("by", [HOURS_9, -HOURS_9])
def test_the_journal_keeps_its_order(tab: Callable[..., Page], door: Door, by: int) -> None:
    broken = (
        "if (localStorage.broken) IDBFactory.prototype.open = () => { throw new DOMException(); };"
    )
    door.mode = "500"
    page = tab(before=SETTABLE + broken)
    page.evaluate("localStorage.broken = 'yes'")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.say(page, "one")
    stepped(page, by)
    hand.say(page, "two")
    stepped(page, -by)
    hand.say(page, "three")
    assert set(page.evaluate("told")) == {"journal"}
    page.evaluate("localStorage.removeItem('broken')")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]
