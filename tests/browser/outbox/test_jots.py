"""What was written down and cannot get its number yet, as on a disk that is full to the brim."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import NO_NUMBERS
from tests.browser.outbox.door import Door
from tests.browser.outbox.test_evicted import NO_DRAWER, thrown_away

OLD_ENOUGH = "(() => { const now = Date.now; Date.now = () => now() + 120_000; })()"


def test_it_works(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=NO_NUMBERS)
    assert len(hand.say_many(page, ["one", "two"])) == 2
    assert set(page.evaluate("told")) == {"database"}
    hand.until(lambda: hand.situation(page)["waiting"] == 2, "both to be counted")
    assert [entry["state"] for entry in hand.entries(page)] == ["waiting", "waiting"]
    assert page.get_attribute("html", "data-outbox") == "waiting"
    page.evaluate(OLD_ENOUGH)
    assert page.evaluate("outbox.situation().then(({ oldest }) => oldest)") is not None
    assert door.ledger.applied() == []
    page.evaluate("sessionStorage.full = 'no'")
    hand.say(page, "three")
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]


def test_the_database_opens_and_sends_the_rest(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab(before=NO_NUMBERS.replace("?? 'yes'", "?? 'no'"))
    hand.say(page, "one")
    hand.until(lambda: hand.entries(page)[0]["sha"], "its number")
    page.evaluate("sessionStorage.full = 'yes'")
    hand.say(page, "two")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    door.mode = "up"
    hand.until(lambda: hand.woken(page) and door.ledger.applied() == ["one"], "the first one")
    page.evaluate("sessionStorage.full = 'no'")
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two"]


def test_they_stand_in_the_order_of_their_pages(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=NO_NUMBERS)
    texts = [f"note {number}" for number in range(5)]
    for text in texts:
        hand.say(page, text)
        page.reload()
        page.wait_for_function("window.outbox !== undefined")
    page.evaluate("sessionStorage.full = 'no'")
    hand.drained(page)
    assert door.ledger.applied() == texts


def test_its_copy_stays(tab: Callable[..., Page], door: Door) -> None:
    """It is put back though it never had a number."""
    door.mode = "500"
    page = tab(before=NO_NUMBERS + NO_DRAWER)
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: hand.situation(page)["waiting"] == 2, "both to be counted")
    page.evaluate("sessionStorage.full = 'no'")
    thrown_away(page)
    assert hand.situation(page)["waiting"] == 2
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two"]
