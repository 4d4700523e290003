"""Back brings a page out of the browser's memory: its database opens anew, its badge is right."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import REMEMBER
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened

PUT_BY = "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"
BROUGHT_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
# The driver does not know a page that came back this way.
TELL_OF_BACK = """() => addEventListener('pageshow', ({persisted}) => {
  if (!persisted) return;
  const form = document.querySelector('#say');
  setInterval(() => {
    const badge = document.querySelector('[data-outbox-count=waiting]').textContent;
    void fetch('/said', {method: 'POST', body: `back: ${badge}`});
  }, 200);
  setTimeout(() => { form.elements.text.value = 'three'; form.requestSubmit(); }, 1_000);
})"""


def badge(page: Page) -> str:
    return page.text_content("[data-outbox-count=waiting]") or ""


def test_it_works(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab(before=REMEMBER)
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: badge(page) == "2", "the badge")
    page.evaluate(PUT_BY)
    opened = page.evaluate("connections.length")
    door.mode = "up"
    other = tab()
    hand.drained(other)
    door.mode = "500"
    hand.say(other, "three")
    other.close()
    page.evaluate("document.querySelector('[data-outbox-count=waiting]').textContent = '2'")
    page.evaluate(BROUGHT_BACK)
    hand.until(lambda: badge(page) == "1", "the badge to be right")
    assert page.evaluate("connections.length") == opened + 1
    door.mode = "up"
    hand.drained(page)
    hand.say(page, "four")
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three", "four"]
    assert hand.situation(page)["waiting"] == 0


def test_out_of_the_memory_of_a_real_browser(mortal: Mortal, door: Door) -> None:
    door.mode, door.cache = "500", "no-cache"  # nobody keeps in memory what must not be stored
    page = opened(mortal, door, ALICE)
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: badge(page) == "2", "the badge")
    page.evaluate(TELL_OF_BACK)
    page.goto(f"{door.url}/?person=")
    door.mode = "up"
    page.evaluate("setTimeout(() => history.back(), 100)")
    hand.until(lambda: "back: 0" in door.said, "the badge to be right")
    hand.until(lambda: door.ledger.applied() == ["one", "two", "three"], "what it saves then")


def test_its_connection_was_closed_meanwhile(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=REMEMBER)
    hand.say(page, "one")
    page.evaluate(PUT_BY)
    page.evaluate("connections.forEach((db) => db.close())")
    page.evaluate(BROUGHT_BACK)
    hand.say(page, "two")
    hand.drained(page)
    assert page.evaluate("told") == ["database"] * 2
    assert door.ledger.applied() == ["one", "two"]
