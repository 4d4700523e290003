"""The phone's database closes, hangs or refuses: still nothing is lost, and nothing is doubled."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import BREAKS, REMEMBER
from tests.browser.outbox.door import Door

OUTBOX = Path(__file__).parents[3] / "static/js/outbox"

NO_JOURNAL = "Storage.prototype.setItem = () => { throw new DOMException('full'); };"


def only_while_broken(script: str) -> str:
    return f"if (sessionStorage.broken !== 'no') {{ {script} }}"


def mended(page: Page) -> None:
    page.evaluate("sessionStorage.broken = 'no'")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")


def test_closed_behind_our_back(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab(before=REMEMBER)
    hand.say(page, "one")
    page.evaluate("connections.forEach((db) => db.close())")
    hand.say(page, "two")
    page.evaluate("connections.forEach((db) => db.dispatchEvent(new Event('close')))")
    hand.say(page, "three")
    assert page.evaluate("told") == ["database"] * 3
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]


def test_closed_while_many_are_being_saved(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=REMEMBER)
    page.evaluate("setInterval(() => connections.forEach((db) => db.close()), 7)")
    texts = [f"text {number}" for number in range(30)]
    hand.say_many(page, texts)
    hand.drained(page)
    told = page.evaluate("told")
    assert "database" in told
    assert set(told) <= {"database", "journal"}  # where a busy machine makes it wait too long
    assert door.ledger.applied() == texts


def test_a_newer_page_is_let_in(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    hand.say(page, "one")
    hand.drained(page)
    name = page.evaluate("indexedDB.databases().then((all) => all[0].name)")
    opened = page.evaluate(
        """name => new Promise((done) => {
          const asked = indexedDB.open(name, 2);
          asked.onsuccess = () => done(true);
          asked.onblocked = () => done(false);
        })""",
        name,
    )
    assert opened
    hand.say(page, "two")
    assert page.evaluate("told.at(-1)") == "database"


@pytest.mark.parametrize("way", BREAKS)
def test_it_waits_in_the_journal(tab: Callable[..., Page], door: Door, way: str) -> None:
    page = tab(before=only_while_broken(BREAKS[way]))
    first = hand.say_many(page, ["one", "two"])
    assert set(page.evaluate("told")) == {"journal"}
    assert hand.situation(page)["waiting"] == 2
    assert page.get_attribute("html", "data-outbox") == "waiting"
    mended(page)
    hand.say(page, "three")
    hand.drained(page)
    page.reload()
    page.wait_for_timeout(200)
    assert door.ledger.applied() == ["one", "two", "three"]
    assert [*door.ledger.taken][:2] == first
    journal = "Object.keys(localStorage).filter((key) => key.includes('journal'))"
    assert page.evaluate(journal) == []


DIES = """{
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...how) {
    if (window.dead) throw new DOMException('lost', 'UnknownError');
    return open.apply(this, how);
  };
}"""
DIE = "() => { window.dead = true; for (const one of connections) one.close(); }"


def test_one_that_dies_is_not_taken_for_an_empty_one(tab: Callable[..., Page], door: Door) -> None:
    """What it held was read once: it still waits, and nothing says that it was received."""
    door.mode = "500"
    page = tab(before=REMEMBER + DIES)
    hand.say_many(page, ["one", "two"])
    hand.until(lambda: len(hand.entries(page)) == 2, "both to be read")
    assert hand.situation(page)["waiting"] == 2
    page.evaluate(DIE)
    now = hand.woken(page)
    assert (now["waiting"], now["closed"]) == (2, True)
    assert len(hand.entries(page)) == 2
    assert page.get_attribute("html", "data-outbox") == "waiting"


def test_the_journal_is_replayed_once(tab: Callable[..., Page], door: Door) -> None:
    """Killed between putting it into the database and taking it out of the journal."""
    page = tab(before=only_while_broken(BREAKS["fails"]))
    hand.say(page, "one")
    journal = page.evaluate("({...localStorage})")
    for _ in range(2):
        mended(page)
        hand.drained(page)
        page.evaluate("journal => Object.assign(localStorage, journal)", journal)
    mended(page)
    hand.drained(page)
    assert door.ledger.applied() == ["one"]
    assert sum(len(seen.ids) for seen in door.seen) == 1


def test_when_all_fails_it_is_posted_as_usual(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=BREAKS["fails"] + NO_JOURNAL)
    hand.say(page, "in sight")
    assert page.evaluate("told[0]") == "failed"
    hand.until(lambda: door.posted, "the post")
    assert "in+sight" in door.posted[0]
    assert hand.situation(page)["storage"] == "none"


def test_when_all_fails_the_text_stays_in_the_form(tab: Callable[..., Page], door: Door) -> None:
    page = tab(before=BREAKS["fails"] + NO_JOURNAL)
    page.route("**/posted", lambda route: route.abort())
    written = page.input_value("#say [name=id]")
    hand.say(page, "do not lose me")
    page.wait_for_timeout(200)
    assert page.evaluate("told") == ["failed"]
    assert page.input_value("#say [name=text]") == "do not lose me"
    assert page.input_value("#say [name=id]") == written


def test_few_files_name_the_databases_and_write_strictly() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in OUTBOX.glob("*.ts")}
    naming = {name for name, text in sources.items() if re.search(r'IDB|indexedDB|"idb"', text)}
    assert naming == {"store.ts", "drawer.ts", "databases.ts"}
    begun = [re.findall(r"\.transaction\((.*)\)", sources[name]) for name in sorted(naming)]
    strict = '{ durability: "strict" }'
    assert begun == [[], [f'COPIES, "readwrite", {strict}'], [f"STORES, mode, {strict}"]]
