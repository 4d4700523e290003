"""Power gone, browser killed: what was said to be saved is there afterwards, once."""

import random
import sys
from collections.abc import Callable
from time import sleep

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened

SUBMIT_FOR_EVER = """
  let count = 0;
  setInterval(() => {
    const form = document.querySelector('#say');
    form.elements.text.value = `text ${count++}`;
    form.requestSubmit();
  }, 20);
"""


@pytest.mark.parametrize("mode", ["slow", "ack_lost"])
def test_what_was_said_to_be_saved_is_there(mortal: Mortal, door: Door, mode: str) -> None:
    seed = random.randrange(10_000)
    sys.stdout.write(f"{mode}, seed {seed}\n")
    chance = random.Random(seed)
    for _ in range(2):
        door.mode = mode
        page = opened(mortal, door, ALICE)
        page.evaluate(SUBMIT_FOR_EVER)
        sleep(chance.uniform(0.4, 1.5))
        mortal.kill()
        sleep(0.1)
    said = list(door.said)
    door.mode = "up"
    page = opened(mortal, door, ALICE)
    hand.drained(page)
    taken = door.ledger.taken
    sys.stdout.write(f"{len(said)} said to be saved, {len(taken)} taken\n")
    assert said
    assert [one for one in said if one not in taken] == []
    numbers = [one.envelope["seq"] for one in taken.values()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert door.ledger.broken == []
    assert hand.entries(page) == []


JOT = """async (person) => {
  const at = new Date().toISOString();
  const authored = {person_id: person, at, tz: 'UTC', mono_ms: 1, boot_id: 'b'};
  const app = {build: 'b1', form: 'say'};
  const rest = {supersedes: null, authored, app, draft: null, page: '/', about: ''};
  const jot = {id: crypto.randomUUID(), name: 'tests.say.v1', fields: [['text', 'two']], ...rest};
  await outbox.store.write((tx) => tx.objectStore('meta').put(jot, 'jot-b-000001'));
}"""


def test_what_had_no_number_yet_gets_it_at_the_next_start(
    tab: Callable[..., Page], door: Door
) -> None:
    door.mode = "500"
    page = tab()
    hand.say(page, "one")
    page.evaluate(JOT, ALICE)
    page.close()

    page = tab()
    assert hand.situation(page)["waiting"] == 2
    hand.say(page, "three")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three"]


def test_a_draft_is_there_too(mortal: Mortal, door: Door) -> None:
    page = opened(mortal, door, ALICE)
    page.fill("#say [name=text]", "half a sen")
    page.fill("#say textarea", "more\nlines")
    page.check("#say [name=loud]")
    page.select_option("#say select", "angry")
    written = page.input_value("#say [name=id]")
    sleep(0.5)
    mortal.kill()

    page = opened(mortal, door, ALICE)
    page.wait_for_function("told.includes('restored')")
    assert page.input_value("#say [name=text]") == "half a sen"
    assert page.input_value("#say textarea") == "more\nlines"
    assert page.is_checked("#say [name=loud]")
    assert page.input_value("#say select") == "angry"
    assert page.input_value("#say [name=id]") == written
    hand.say(page, "half a sentence")
    mortal.kill()

    page = opened(mortal, door, ALICE)
    hand.drained(page)
    page.wait_for_timeout(300)
    assert page.input_value("#say [name=text]") == ""
    assert door.ledger.applied() == ["half a sentence"]
