"""The phone is full: the text goes before everything, and what was said to be saved is there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened

NO_JOURNAL = """
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    if (key.includes('journal')) throw new DOMException('full', 'QuotaExceededError');
    set.call(this, key, value);
  };
"""
BALLAST = """outbox.store.read(async (tx) =>
  (await tx.objectStore('meta').get('ballast'))?.byteLength ?? 0)"""
FILMS = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open('films', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('films', {autoIncrement: true});
    asked.onsuccess = () => done(asked.result);
  });
  for (let size = 128 * 1024; size >= 256; size /= 2) {
    const film = Uint8Array.from({length: size}, () => Math.random() * 256);
    while (await new Promise((done) => {
      const tx = db.transaction('films', 'readwrite');
      tx.objectStore('films').add(film);
      tx.oncomplete = () => done(true);
      tx.onabort = () => done(false);
    }));
  }
  db.close();
}"""
TWO_AT_ONCE = """async () => {
  const put = (key) => outbox.store.write((tx) =>
    tx.objectStore('meta').put(crypto.getRandomValues(new Uint8Array(30000)), key));
  const both = await Promise.allSettled([put('one'), put('two')]);
  return both.map(({ status }) => status);
}"""
NO_FILMS = """() => new Promise((done) => {
  indexedDB.deleteDatabase('films').onsuccess = () => done();
})"""
SMALL = 6_000_000


@pytest.fixture
def small(context: BrowserContext, tab: Callable[..., Page], door: Door) -> Callable[..., Page]:
    """A page for which the browser has six megabytes. It looks again only now and then."""

    def opened(before: str = "") -> Page:
        door.mode = "500"
        limit = {"origin": door.url, "quotaSize": SMALL}
        context.new_cdp_session(tab("")).send("Storage.overrideQuotaForOrigin", limit)
        return tab(before=before)

    return opened


def with_ballast(page: Page) -> None:
    """It is laid in when something was written here before."""
    hand.say(page, "the first")
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.until(lambda: page.evaluate(BALLAST) == 2 * 1024 * 1024, "the ballast")


def test_it_works(small: Callable[..., Page], door: Door) -> None:
    """What a person wrote gets the place of the ballast."""
    page = small()
    with_ballast(page)
    page.evaluate(FILMS)
    texts = [f"text {number} " + "x" * 2_000 for number in range(30)]
    hand.say_many(page, texts)
    assert set(page.evaluate("told")) == {"database"}
    assert page.evaluate(BALLAST) == 0
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["the first", *texts]


def test_all_that_find_it_full_at_once_get_the_place(small: Callable[..., Page]) -> None:
    """Only one of them can give the ballast up."""
    page = small()
    with_ballast(page)
    page.evaluate(FILMS)
    assert page.evaluate(TWO_AT_ONCE) == ["fulfilled", "fulfilled"]


def test_a_refused_one_is_still_in_the_form(small: Callable[..., Page], door: Door) -> None:
    page = small(NO_JOURNAL)
    page.route("**/posted", lambda route: route.abort())
    with_ballast(page)
    page.evaluate(FILMS)
    fits = 0
    while fits < 100:
        text = f"text {fits} {token_hex(50_000)}"  # what cannot be pressed
        hand.say(page, text)
        if page.evaluate("told.at(-1)") == "failed":
            break
        fits += 1
    assert 5 < fits < 100
    page.wait_for_timeout(100)
    assert page.input_value("#say [name=text]") == text
    assert hand.situation(page)["room"] == "none"
    assert hand.situation(page)["waiting"] == fits + 1

    page.evaluate(NO_FILMS)
    before = page.evaluate("told.length")
    page.click("#say button >> nth=0")
    hand.until(lambda: page.evaluate("told.length") > before, "the second try")
    assert page.evaluate("told.at(-1)") == "database"
    assert hand.situation(page)["room"] == "low"
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied()[-1] == text
    assert len(door.ledger.applied()) == fits + 2


def test_it_goes_into_the_journal_before_it_is_refused(
    small: Callable[..., Page], door: Door
) -> None:
    page = small()
    hand.say(page, "the first")
    page.evaluate(FILMS)
    hand.say(page, "x" * 10_000)
    assert page.evaluate("told.at(-1)") == "journal"
    assert hand.situation(page)["journal"] == 1
    page.evaluate(NO_FILMS)
    hand.until(lambda: hand.situation(page)["journal"] == 0, "the database to take it in")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["the first", "x" * 10_000]


def test_little_room_is_noticed_before_it_is_too_late(small: Callable[..., Page]) -> None:
    page = small()
    hand.say(page, "the first")
    page.evaluate(FILMS)
    page.reload()
    page.wait_for_function("window.outbox !== undefined")
    hand.until(lambda: hand.situation(page)["room"] == "low", "the warning")


@pytest.fixture
def small_phone(chromium: Browser, tmp_path: Path) -> Iterator[Mortal]:
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("A disk of 40 MB can only be mounted by root.")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("A disk of 40 MB cannot be mounted here.")
    phone = Mortal(chromium, disk / "profile")
    phone.profile.mkdir()
    yield phone
    phone.kill()
    subprocess.run(["umount", "-l", str(disk)], check=True)


def used_up(disk: Path, left: int = 0) -> None:
    """By somebody's films, up to the last block but `left` bytes."""
    with (disk / "films").open("wb", buffering=0) as films:
        try:
            while True:
                films.write(b"x" * 65_536)
        except OSError:
            films.truncate(max(0, films.tell() - left))


@pytest.mark.parametrize("left", [0, 300_000])
def test_a_disk_that_is_really_full(small_phone: Mortal, door: Door, left: int) -> None:
    """Chromium then throws the whole database away, even one that it promised to keep."""
    door.mode = "500"
    page = opened(small_phone, door, ALICE)
    with_ballast(page)
    hand.say_many(page, [f"before {number}" for number in range(10)])
    page.wait_for_timeout(6_000)  # as long as the browser takes to write the copies down
    used_up(small_phone.profile.parent, left)
    tried = [f"while full {number}" for number in range(40)]
    for text in tried:
        hand.say(page, text)
    said = page.evaluate("said")
    sys.stdout.write(f"{len(said)} said to be saved; {sorted(set(page.evaluate('told')))}\n")
    (small_phone.profile.parent / "films").unlink()
    page.wait_for_timeout(6_000)
    small_phone.kill()

    door.mode = "up"
    page = opened(small_phone, door, ALICE)
    hand.drained(page, 30)
    hand.say(page, "afterwards")
    hand.drained(page)
    assert [one for one in (*door.said, *said) if one not in door.ledger.taken] == []
    assert door.ledger.applied()[-1] == "afterwards"
    assert len(door.ledger.applied()) == len(set(door.ledger.applied()))
