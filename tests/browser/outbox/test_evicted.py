"""The browser throws the database away: it is noticed, told, and put back from the copies."""

import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened

NO_DRAWER = "Object.defineProperty(navigator, 'storageBuckets', { value: undefined });"
NO_COPIES = (
    NO_DRAWER
    + """
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    if (key.includes('-copy-')) throw new DOMException('full', 'QuotaExceededError');
    set.call(this, key, value);
  };
"""
)
ONLY_DRAWER = """
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    if (!key.includes('-copy-')) set.call(this, key, value);
  };
"""
IN_DRAWER = """
  const bucket = await navigator.storageBuckets.open('roadbook');
  const asked = bucket.indexedDB.open(`roadbook-${person}`);
  const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
"""
# Nobody else can change anything in it until `held` is false.
HOLD = f"""async (person) => {{
  {IN_DRAWER}
  window.held = true;
  const copies = db.transaction('copies', 'readwrite').objectStore('copies');
  const on = () => {{ if (window.held) copies.get(0).onsuccess = on; else db.close(); }};
  on();
}}"""
FILED = f"""async (person) => {{
  {IN_DRAWER}
  const all = db.transaction('copies').objectStore('copies').getAll();
  await new Promise((done) => {{ all.onsuccess = done; }});
  db.close();
  return all.result.map(({{written}}) => written.fields.find(([name]) => name === 'text')[1]);
}}"""
CLEAR = """person => new Promise((done) => {
  indexedDB.deleteDatabase(`roadbook-${person}`).onsuccess = () => done();
})"""


def filed(page: Page) -> list[str]:
    """What has a second copy, in its order."""
    return [str(text) for text in page.evaluate(FILED, ALICE)]


def thrown_away(page: Page) -> None:
    page.evaluate(CLEAR, ALICE)
    page.reload()
    page.wait_for_function("window.outbox !== undefined")


def test_it_works(mortal: Mortal, door: Door) -> None:
    """The folder is gone, cookies and the rest are there: as under a lack of room."""
    page = opened(mortal, door, ALICE)
    hand.say(page, "sent")
    hand.drained(page)
    door.mode = "500"
    hand.say_many(page, ["one", "two"])
    device = hand.sent_by(page)
    mortal.quit()
    shutil.rmtree(mortal.databases())

    door.mode = "up"
    page = opened(mortal, door, ALICE)
    hand.drained(page)
    hand.until(lambda: hand.situation(page)["lost"] is None, "the report to be heard")
    assert door.ledger.lost[0] == {"device": device, "last_seq": 3, "why": "evicted"}
    assert door.ledger.applied() == ["sent", "one", "two"]
    assert hand.sent_by(page) != device
    hand.say(page, "three")
    hand.drained(page)
    assert door.ledger.applied() == ["sent", "one", "two", "three"]
    assert door.ledger.broken == []


def test_second_copies_that_did_not_answer_for_a_while_catch_up(mortal: Mortal, door: Door) -> None:
    """A busy phone may need seconds for them: what was written meanwhile has its copy after all."""
    page = opened(mortal, door, ALICE)
    page.add_init_script(ONLY_DRAWER)
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.say(page, "sent")
    hand.drained(page)
    door.mode = "500"
    hand.say(page, "one")
    hand.until(lambda: filed(page) == ["one"], "the first one's copy")
    page.evaluate(HOLD, ALICE)
    hand.say_many(page, ["two", "three"])
    page.wait_for_timeout(1_500)  # longer than it waits for them
    hand.say(page, "four")
    page.evaluate("held = false")
    hand.until(lambda: filed(page) == ["one", "two", "three", "four"], "the copies")
    hand.say(page, "five")
    hand.until(lambda: filed(page)[4:] == ["five"], "the next one's copy")
    mortal.quit()
    shutil.rmtree(mortal.databases())

    door.mode = "up"
    page = opened(mortal, door, ALICE)
    hand.drained(page)
    assert door.ledger.applied() == ["sent", "one", "two", "three", "four", "five"]
    hand.until(lambda: filed(page) == [], "them to be dropped")


def test_what_had_no_copy_is_counted(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab(before=NO_COPIES)
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: hand.situation(page)["waiting"] == 2, "both to be counted")
    thrown_away(page)
    now = hand.situation(page)
    assert (now["lost"], now["gone"], now["waiting"]) == ("evicted", 2, 0)
    door.mode = "up"
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.until(lambda: door.ledger.lost, "the report")
    assert hand.situation(page)["gone"] == 2
    page.evaluate("outbox.wasRead()")
    hand.until(lambda: hand.situation(page)["lost"] is None, "it to be told no more")


def test_it_is_told_until_it_was_heard(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    hand.say(page, "one")
    thrown_away(page)
    hand.say(page, "two")
    hand.met(door, 3)
    door.mode = "up"
    hand.drained(page)
    hand.say(page, "three")
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]
    assert [lost["why"] for lost in door.ledger.lost] == ["evicted"]


def test_under_our_hands(tab: Callable[..., Page], door: Door) -> None:
    """While the page is open: what is saved next finds its place behind what was there."""
    door.mode = "500"
    page, other = tab(), tab("")
    hand.say_many(page, ["one", "two"])
    other.evaluate(CLEAR, ALICE)
    hand.say(page, "three")
    assert page.evaluate("told.at(-1)") == "database"
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]


def test_a_new_phone_has_lost_nothing(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    hand.say(page, "one")
    hand.drained(page)
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.say(page, "two")
    hand.drained(page)
    assert door.ledger.lost == []
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('copy'))") == []


@pytest.mark.parametrize("granted", [True, False])
def test_it_asks_to_be_kept_once(tab: Callable[..., Page], door: Door, *, granted: bool) -> None:
    answer = (
        f"navigator.storage.persist = async () => ({{}}, window.asked++, {str(granted).lower()});"
    )
    page = tab(before=f"window.asked = 0; {answer}")
    assert page.evaluate("asked") == 0
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: page.evaluate("asked") == 1, "the question")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.say(page, "three")
    assert page.evaluate("asked") == 0
