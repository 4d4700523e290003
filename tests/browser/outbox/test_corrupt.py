"""The database is damaged: another is begun, all is put into it again, and the server is told."""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import ONLY_THE_FIRST_FAILS
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened
from tests.browser.torn import half_a_record

EMPTY = """person => new Promise((done) => {
  const name = `roadbook-${person}`;
  indexedDB.deleteDatabase(name).onsuccess = () => {
    const asked = indexedDB.open(name, 1);
    asked.onsuccess = () => { asked.result.close(); done(); };
  };
})"""


def rubbish(folder: Path, chance: random.Random) -> None:
    for path in folder.iterdir():
        path.write_bytes(chance.randbytes(path.stat().st_size))
    (folder / "CURRENT").write_bytes(b"rubbish")  # as a line, it is another case: below


def torn(folder: Path, _chance: random.Random) -> None:
    """The last of what was written never reached the disk."""
    (log,) = folder.glob("*.log")
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) * 2 // 3])


@pytest.mark.parametrize("damage", [rubbish, torn])
def test_it_works(
    mortal: Mortal, door: Door, damage: Callable[[Path, random.Random], None]
) -> None:
    seed = random.randrange(10_000)
    sys.stdout.write(f"seed {seed}\n")
    door.mode = "500"
    page = opened(mortal, door, ALICE)
    texts = [f"text {number}" for number in range(12)]
    hand.say_many(page, texts)
    device = hand.sent_by(page)
    mortal.quit()
    damage(mortal.databases(), random.Random(seed))

    page = opened(mortal, door, ALICE)
    hand.until(lambda: hand.situation(page)["waiting"] == len(texts), "all to be there again")
    assert (hand.situation(page)["lost"], hand.situation(page)["gone"]) == ("corrupt", 0)
    hand.say(page, "afterwards")
    door.mode = "up"
    hand.drained(page)
    assert sorted(door.ledger.applied()) == sorted([*texts, "afterwards"])
    assert door.ledger.applied()[-1] == "afterwards"
    assert door.ledger.lost[0]["device"] == device
    assert door.ledger.lost[0]["why"] == "corrupt"
    assert len({taken.envelope["seq"] for taken in door.ledger.taken.values()}) == len(texts) + 1


def test_a_kill_while_the_browser_writes_costs_nothing(mortal: Mortal, door: Door) -> None:
    door.mode = "500"
    page = opened(mortal, door, ALICE)
    hand.say_many(page, ["one", "two", "three"])
    device = hand.sent_by(page)
    mortal.kill()
    assert half_a_record(mortal.databases())
    page = opened(mortal, door, ALICE)
    hand.say_many(page, ["four", "five"])
    assert hand.sent_by(page) == device
    mortal.kill()

    page = opened(mortal, door, ALICE)
    assert hand.sent_by(page) != device, "Chromium can read it now: this test shows nothing"
    hand.until(lambda: hand.situation(page)["waiting"] == 5, "all to be there again")
    assert (hand.situation(page)["lost"], hand.situation(page)["gone"]) == ("corrupt", 0)
    hand.say(page, "six")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three", "four", "five", "six"]
    assert door.ledger.lost[0]["device"] == device


def again(page: Page) -> None:
    page.reload()
    page.wait_for_function("window.outbox !== undefined")


def test_one_that_stays_damaged_is_left_alone(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab(before=ONLY_THE_FIRST_FAILS)
    hand.say(page, "before")
    device = hand.sent_by(page)
    hand.until(lambda: hand.entries(page)[0]["sha"], "its number")
    hand.situation(page)  # and what is remembered beside the database
    page.evaluate("sessionStorage.broken = 'yes'")
    for number in range(3):
        again(page)
        hand.say(page, f"note {number}")
        assert page.evaluate("told.at(-1)") == ("journal" if number < 2 else "database")
    hand.say(page, "in the next one")
    assert page.evaluate("told.at(-1)") == "database"
    door.mode = "up"
    hand.drained(page)
    texts = ["before", "note 0", "note 1", "note 2", "in the next one"]
    assert door.ledger.applied() == texts
    told = {"device": device, "last_seq": 1, "why": "corrupt"}
    assert door.ledger.lost[0] == told
    names = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert set(names) == {f"roadbook-{ALICE}", f"roadbook-{ALICE}-2"}

    page.evaluate("sessionStorage.broken = 'no'")
    for _ in range(2):
        again(page)
        page.wait_for_timeout(200)
        hand.drained(page)
    assert door.ledger.applied() == texts
    assert hand.sent_by(page) != device


def test_what_was_in_it_is_taken_over_when_it_opens_again(
    tab: Callable[..., Page], door: Door
) -> None:
    """Without copies: what only the old one holds."""
    door.mode = "500"
    page = tab(before=ONLY_THE_FIRST_FAILS)
    hand.say_many(page, ["one", "two"])
    copies = "Object.keys(localStorage).filter((key) => key.includes('copy')).length"
    hand.until(lambda: page.evaluate(copies) == 2, "the copies")
    page.evaluate(
        "for (const key of Object.keys(localStorage)) "
        "if (key.includes('copy')) localStorage.removeItem(key)"
    )
    page.fill("#say [name=text]", "half a")
    page.wait_for_timeout(500)
    page.evaluate("sessionStorage.broken = 'yes'")
    for _ in range(4):
        again(page)
        hand.situation(page)
    hand.until(lambda: hand.situation(page)["gone"] == 2, "the loss to be counted")
    page.evaluate("sessionStorage.broken = 'no'")
    again(page)
    hand.until(lambda: hand.situation(page)["waiting"] == 2, "what was in the old one")
    door.mode = "up"
    hand.drained(page)
    again(page)
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two"]
    assert (
        page.evaluate(
            "outbox.store.read((tx) => tx.objectStore('drafts').getAll())"
            ".then(([draft]) => draft.fields[0][1])"
        )
        == "half a"
    )


def test_what_is_not_an_outbox_is_not_written_to(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    hand.say_many(page, ["one", "two"])
    page.close()
    tab("").evaluate(EMPTY, ALICE)
    page = tab()
    hand.say(page, "three")
    assert page.evaluate("told.at(-1)") == "database"
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]
    assert [lost["why"] for lost in door.ledger.lost] == ["corrupt"]


def test_a_good_one_is_not_given_up_for_one_bad_page(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=ONLY_THE_FIRST_FAILS)
    hand.say(page, "one")
    for _ in range(3):
        page.evaluate("sessionStorage.broken = 'yes'")
        again(page)
        hand.situation(page)
        page.evaluate("sessionStorage.broken = 'no'")
        again(page)
        hand.situation(page)
    names = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert names == [f"roadbook-{ALICE}"]


def test_a_database_that_does_not_open_at_all(mortal: Mortal, door: Door) -> None:
    """Neither mended nor thrown away: what waits is told by its copies, and more is taken."""
    door.mode = "500"
    page = opened(mortal, door, ALICE)
    hand.say_many(page, [f"text {number}" for number in range(12)])
    mortal.quit()
    named = mortal.databases() / "CURRENT"
    right = named.read_bytes()
    named.write_text("MANIFEST-999999\n")

    page = opened(mortal, door, ALICE)
    hand.until(lambda: hand.situation(page)["waiting"] == 12, "to be told")
    assert hand.situation(page)["journal"] == 12
    hand.say(page, "meanwhile")
    hand.until(lambda: hand.situation(page)["waiting"] == 13, "that, too")
    mortal.quit()
    named.write_bytes(right)

    page = opened(mortal, door, ALICE)
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == [*(f"text {number}" for number in range(12)), "meanwhile"]
