"""Saved means saved, in every engine: through taps, kills and databases that go away."""

import random
import sys
from collections.abc import Callable
from time import sleep

import pytest

from tests.browser.engines import hand
from tests.browser.engines.browsers import Engine, end_one, members
from tests.browser.engines.handset import Handset
from tests.browser.engines.relay import Relay
from tests.browser.outbox.broken import BREAKS, REMEMBER
from tests.browser.server import Server

TYPE = """
  const form = document.querySelector('#note');
  form.elements.text.value = args[0];
  form.elements.text.dispatchEvent(new Event('input', { bubbles: true }));
  await robot.until(async () => (await robot.drafts()).includes(args[0]));
  return form.elements.id.value;
"""
ON_THE_PAGE = "document.querySelector('#note').elements.text.value"
STORAGE = {"chromium": "storage.mojom.StorageService", "webkit": "WebKitNetworkProcess"}


@pytest.fixture
def seed() -> int:
    seed = random.randrange(10_000)
    sys.stdout.write(f"seed {seed}\n")
    return seed


def test_what_was_said_to_be_saved_is_there(
    mortal: Handset, relay: Relay, server: Server, seed: int
) -> None:
    chance = random.Random(seed)
    for round_ in range(3):
        relay.mode = chance.choice(("drop_before", "ack_lost", "drip"))
        mortal.switch_on()
        texts = (f"{round_} {number}" for number in range(300))
        mortal.tell("return robot.work(...args)", hand.notes(mortal, *texts), hand.QUICKLY)
        sleep(chance.uniform(0.1, 1.2))
        mortal.kill()
    relay.mode = "up"
    mortal.switch_on()
    hand.drained(mortal)
    there = {line.id for line in hand.taken(server)}
    assert relay.said
    assert [one for one in relay.said if one not in there] == []
    assert len(hand.written(server)) == len(set(hand.written(server))) == len(there)


def test_a_kill_leaves_a_draft_or_a_command_and_never_both(
    mortal: Handset, relay: Relay, seed: int
) -> None:
    chance, relay.mode = random.Random(seed), "500"
    for round_ in range(3):
        mortal.switch_on()
        id = mortal.ask(TYPE, f"round {round_}")
        mortal.tell("document.querySelector('#note').requestSubmit()")
        sleep(chance.uniform(0, 0.06))
        mortal.kill()

        mortal.switch_on()
        sleep(1)
        drafted = mortal.ask(f"return {ON_THE_PAGE}") == f"round {round_}"
        commanded = id in [entry["id"] for entry in mortal.ask("return outbox.entries()")]
        assert drafted != commanded, f"draft {drafted}, command {commanded}"
        assert commanded or id not in relay.said
        mortal.ask("document.querySelector('#note').reset(); await robot.rest(300)")
        mortal.kill()


def test_what_was_being_typed_is_there_after_a_kill(mortal: Handset, server: Server) -> None:
    mortal.switch_on()
    id = mortal.ask(TYPE, "half a sen\n店长")
    mortal.kill()
    mortal.switch_on()
    mortal.until("robot.told.includes('restored')")
    assert mortal.ask(f"return {ON_THE_PAGE}") == "half a sen\n店长"
    mortal.ask("document.querySelector('#note').requestSubmit()")
    hand.drained(mortal)
    assert [line.id for line in hand.taken(server)] == [id]


def test_two_taps_are_one_command(phone: Handset, server: Server) -> None:
    phone.ask(TYPE, "once")
    phone.ask("const b = document.querySelector('#note button'); b.click(); b.click(); b.click()")
    phone.until("robot.said.length")
    hand.drained(phone)
    assert hand.written(server) == ["once"]
    assert len(hand.taken(server)) == 1


def test_closed_behind_our_back(
    phone: Handset, relay: Relay, server: Server, begun: Callable[[str], None]
) -> None:
    relay.mode = "500"
    begun(REMEMBER)
    hand.write(phone, "one")
    phone.ask("connections.forEach((db) => db.close())")
    hand.write(phone, "two")
    phone.ask("connections.forEach((db) => db.dispatchEvent(new Event('close')))")
    hand.write(phone, "three")
    assert phone.ask("return robot.told") == ["database"] * 3
    relay.mode = "up"
    hand.drained(phone)
    assert hand.written(server) == ["one", "two", "three"]


@pytest.mark.parametrize("way", BREAKS)
def test_it_waits_in_the_journal(
    phone: Handset, server: Server, begun: Callable[[str], None], way: str
) -> None:
    begun(BREAKS[way])
    first = hand.write(phone, "one", "two")
    assert set(phone.ask("return robot.told")) == {"journal"}
    assert hand.waiting(phone) == 2
    begun("")
    hand.write(phone, "three")
    hand.drained(phone)
    phone.reload()
    hand.drained(phone)
    assert hand.written(server) == ["one", "two", "three"]
    assert [line.id for line in hand.taken(server)][:2] == first
    assert (
        phone.ask("return Object.keys(localStorage).filter((key) => key.includes('journal'))") == []
    )


def test_what_is_in_the_journal_outlives_a_kill(
    mortal: Handset, relay: Relay, server: Server
) -> None:
    relay.before = BREAKS["fails"]
    mortal.switch_on()
    hand.write(mortal, "one", "two")
    sleep(8)  # engines write this store to the disk when they like: docs/proof.md
    mortal.kill()
    relay.before = ""
    mortal.switch_on()
    hand.drained(mortal)
    assert hand.written(server) == ["one", "two"]


def test_the_process_that_holds_the_databases_dies(
    mortal: Handset, engine: Engine, relay: Relay, server: Server
) -> None:
    """WebKit opens no database of that page again: the journal has it, until the next page."""
    if engine.name not in STORAGE:
        pytest.skip(f"{engine.name} keeps its databases in its main process")
    relay.mode = "500"
    mortal.switch_on()
    hand.write(mortal, "before")
    assert mortal.browser.process
    end_one(members(mortal.browser.process.pid), STORAGE[engine.name])
    hand.write(mortal, "after", "after, too")
    relay.mode = "up"
    mortal.reload()
    hand.drained(mortal)
    assert hand.written(server) == ["before", "after", "after, too"]
    assert [line.id for line in hand.taken(server)] == relay.said
