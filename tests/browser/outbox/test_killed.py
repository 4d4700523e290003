"""Power gone, browser killed: what was said to be saved is there afterwards, once."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import FLAGS, installed
from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door

MORE_FLAGS = ("--headless", "--remote-debugging-port=0", "about:blank")
SUBMIT_FOR_EVER = """
  let count = 0;
  setInterval(() => {
    const form = document.querySelector('#say');
    form.elements.text.value = `text ${count++}`;
    form.requestSubmit();
  }, 20);
"""


class Mortal:
    """A browser of its own that can be killed with all its processes, and started again."""

    def __init__(self, playwright_browser: Browser, profile: Path) -> None:
        self.type, self.profile = playwright_browser.browser_type, profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Page:
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [installed(), *FLAGS, *MORE_FLAGS, f"--user-data-dir={self.profile}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        hand.until(lambda: port.exists() and "\n" in port.read_text(), "the browser to start")
        number = port.read_text().splitlines()[0]
        self.browser = self.type.connect_over_cdp(f"http://127.0.0.1:{number}")
        return self.browser.contexts[0].new_page()

    def kill(self) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        hand.until(lambda: not self.browser.is_connected() or self.pump(), "the end")

    def pump(self) -> bool:
        """Lets Playwright notice that the browser has gone."""
        self.browser.close()
        return not self.browser.is_connected()


@pytest.fixture
def mortal(chromium: Browser, tmp_path: Path) -> Iterator[Mortal]:
    one = Mortal(chromium, tmp_path / "profile")
    yield one
    one.kill()
    shutil.rmtree(one.profile, ignore_errors=True)


def opened(mortal: Mortal, door: Door) -> Page:
    page = mortal.start()
    page.goto(f"{door.url}/?person={ALICE}")
    page.wait_for_function("window.outbox !== undefined")
    return page


@pytest.mark.parametrize("mode", ["slow", "ack_lost"])
def test_what_was_said_to_be_saved_is_there(mortal: Mortal, door: Door, mode: str) -> None:
    seed = random.randrange(10_000)
    sys.stdout.write(f"{mode}, seed {seed}\n")
    chance = random.Random(seed)
    for _ in range(2):
        door.mode = mode
        page = opened(mortal, door)
        page.evaluate(SUBMIT_FOR_EVER)
        sleep(chance.uniform(0.4, 1.5))
        mortal.kill()
        sleep(0.1)
    said = list(door.said)
    door.mode = "up"
    page = opened(mortal, door)
    hand.drained(page)
    taken = door.ledger.taken
    sys.stdout.write(f"{len(said)} said to be saved, {len(taken)} taken\n")
    assert said
    assert [one for one in said if one not in taken] == []
    numbers = [one.envelope["seq"] for one in taken.values()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert door.ledger.broken == []
    assert hand.entries(page) == []


def test_a_draft_is_there_too(mortal: Mortal, door: Door) -> None:
    page = opened(mortal, door)
    page.fill("#say [name=text]", "half a sen")
    page.fill("#say textarea", "more\nlines")
    page.check("#say [name=loud]")
    page.select_option("#say select", "angry")
    written = page.input_value("#say [name=id]")
    sleep(0.5)
    mortal.kill()

    page = opened(mortal, door)
    page.wait_for_function("told.includes('restored')")
    assert page.input_value("#say [name=text]") == "half a sen"
    assert page.input_value("#say textarea") == "more\nlines"
    assert page.is_checked("#say [name=loud]")
    assert page.input_value("#say select") == "angry"
    assert page.input_value("#say [name=id]") == written
    hand.say(page, "half a sentence")
    mortal.kill()

    page = opened(mortal, door)
    hand.drained(page)
    page.wait_for_timeout(300)
    assert page.input_value("#say [name=text]") == ""
    assert door.ledger.applied() == ["half a sentence"]
