"""A newer page finds an older database, with the older page still open: nothing is lost by it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE, ROOT
from tests.browser.outbox.door import Door

HERE = Path(__file__).parent
GOLDEN = sorted(HERE.glob("schema_*.json"))  # as they were written then; never edited
MAKE = """({person, golden}) => new Promise((done, fail) => {
  const asked = indexedDB.open(`roadbook-${person}`, golden.version);
  asked.onerror = () => fail(asked.error);
  asked.onupgradeneeded = () => {
    for (const [name, {keyPath, indexes, rows}] of Object.entries(golden.stores)) {
      const store = asked.result.createObjectStore(name, keyPath ? {keyPath} : {});
      for (const index of indexes) store.createIndex(index, index);
      for (const row of rows) keyPath ? store.put(row) : store.put(row[1], row[0]);
    }
  };
  asked.onsuccess = () => { asked.result.close(); done(); };
})"""
SHAPE = """person => new Promise((done) => {
  indexedDB.open(`roadbook-${person}`).onsuccess = ({target: {result}}) => {
    done([result.version, [...result.objectStoreNames]]);
    result.close();
  };
})"""


@pytest.fixture(scope="session")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next version: one number more, one store more."""
    copy = tmp_path_factory.mktemp("newer")
    shutil.copytree(ROOT / "static/js", copy / "static/js")
    page = copy / "tests/browser/outbox/page.ts"
    page.parent.mkdir(parents=True)
    shutil.copy(HERE / "page.ts", page)
    store = copy / "static/js/outbox/store.ts"
    now = store.read_text(encoding="utf-8")
    grown = now.replace("const SCHEMA = 1;", "const SCHEMA = 2;").replace(
        "  chunks: {},\n};", '  chunks: {},\n  later: { keyPath: "id" },\n};'
    )
    assert grown.count("later") == now.count("later") + 1
    assert "SCHEMA = 2" in grown
    store.write_text(grown, encoding="utf-8")
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    how = ("--bundle", "--format=esm", "--log-level=warning", f"--outfile={copy / 'page.js'}")
    paths = os.environ | {"NODE_PATH": str(ROOT / "node_modules")}
    subprocess.run([esbuild, page, *how], check=True, env=paths)
    return copy / "page.js"


def test_it_works(tab: Callable[..., Page], door: Door, newer: Path) -> None:
    door.mode = "500"
    page = tab()
    hand.say_many(page, ["one", "two"])
    page.fill("#say [name=text]", "half a")
    page.wait_for_timeout(500)
    page.close()

    door.script = newer
    page = tab()
    page.wait_for_function("told.includes('restored')")
    assert page.evaluate(SHAPE, ALICE)[0] == 2
    assert "later" in page.evaluate(SHAPE, ALICE)[1]
    assert hand.situation(page)["waiting"] == 2
    hand.say(page, "three")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]
    assert (door.ledger.broken, door.ledger.lost) == ([], [])


def test_the_older_page_goes_on(tab: Callable[..., Page], door: Door, newer: Path) -> None:
    door.mode = "500"
    old = tab()
    hand.say(old, "old")
    door.script = newer
    new = tab()
    hand.say(new, "new")
    hand.say(old, "old again")
    assert [old.evaluate("told"), new.evaluate("told")] == [["database"] * 2, ["database"]]
    assert hand.situation(old)["waiting"] == 3
    door.mode = "up"
    hand.drained(old)
    assert door.ledger.applied() == ["old", "new", "old again"]
    hand.say(old, "last")
    hand.drained(new)
    assert door.ledger.applied()[-1] == "last"


def test_an_older_page_comes_back_afterwards(
    tab: Callable[..., Page], door: Door, script: Path, newer: Path
) -> None:
    """As when the server goes back to the version before."""
    door.script = newer
    page = tab()
    hand.say(page, "one")
    page.close()
    door.script = script
    page = tab()
    hand.say(page, "two")
    hand.drained(page)
    assert page.evaluate("told") == ["database"]
    assert page.evaluate(SHAPE, ALICE)[0] == 2
    assert door.ledger.applied() == ["one", "two"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_schema_that_was_ever_shipped(
    tab: Callable[..., Page], door: Door, path: Path
) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    rows = dict(golden["stores"]["meta"]["rows"])
    device, acked = rows["device"]["id"], rows["device"]["acked"]
    door.ledger.last[device], door.ledger.chain[device] = acked["seq"], acked["sha"]
    tab("").evaluate(MAKE, {"person": ALICE, "golden": golden})
    door.mode = "500"
    page = tab()
    now = hand.situation(page)
    assert (now["waiting"], now["needs_you"], now["received"]) == (2, 1, 1)
    page.wait_for_function("told.includes('restored')")
    assert page.input_value("#say [name=text]") == "half a sen"
    hand.say(page, "half a sentence")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["下周三送货", "twolines", "half a sentence"]
    assert (door.ledger.broken, door.ledger.lost) == ([], [])
    assert hand.sent_by(page) == device
