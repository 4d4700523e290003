"""Sending, in every engine: nothing leaves the phone without an answer, nothing arrives twice."""

import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest

from tests.browser.engines import hand
from tests.browser.engines.books import broken_chains, gaps, ledger
from tests.browser.engines.handset import Handset
from tests.browser.engines.relay import Relay
from tests.browser.server import Server

NO_ANSWER = [
    "drop_before",
    "ack_lost",
    "arrive_late",
    "500",
    "502",
    "portal200",
    "truncate",
    "cut_answer",
    "stale",
]
OFFLINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_no_answer_deletes_nothing(
    phone: Handset, relay: Relay, server: Server, fault: str
) -> None:
    relay.mode = fault
    ids = hand.write(phone, "one", "two", "three")
    hand.wake(phone)
    phone.until("!(await outbox.situation()).sending")
    assert relay.met[fault]
    assert hand.waiting(phone) == 3
    relay.mode = "up"
    hand.drained(phone)
    relay.settled()
    assert [line.id for line in hand.taken(server)] == ids
    assert hand.written(server) == ["one", "two", "three"]
    assert phone.ask("return outbox.entries()") == []


@pytest.mark.parametrize("fault", ["ack_late", "drip", "arrive_twice"])
def test_a_late_answer_is_an_answer(
    phone: Handset, relay: Relay, server: Server, fault: str
) -> None:
    relay.mode = fault
    texts = [f"note {number}" for number in range(12)]
    hand.write(phone, *texts)
    hand.drained(phone)
    relay.settled()
    assert hand.written(server) == texts
    hand.taken(server)


@pytest.mark.parametrize("fault", ["ack_late", "drip", "hang"])
def test_killed_while_sending(mortal: Handset, relay: Relay, server: Server, fault: str) -> None:
    seed = random.randrange(10_000)
    sys.stdout.write(f"seed {seed}\n")
    relay.mode = fault
    mortal.switch_on()
    texts = [f"note {number}" for number in range(40)]
    hand.write(mortal, *texts)
    sleep(random.Random(seed).uniform(0, 1))
    mortal.kill()
    relay.mode = "up"
    mortal.switch_on()
    hand.drained(mortal)
    assert hand.written(server) == texts
    hand.taken(server)


def test_it_asks_no_browser_whether_there_is_a_network(
    phone: Handset, relay: Relay, server: Server, begun: Callable[[str], None]
) -> None:
    relay.mode = "drop_before"
    hand.write(phone, "nothing answers")
    assert phone.ask("return navigator.onLine") is True
    assert hand.waiting(phone) == 1
    relay.mode = "up"
    begun(OFFLINE)
    hand.write(phone, "the browser says that it is offline")
    assert phone.ask("return navigator.onLine") is False
    hand.drained(phone)
    assert len(hand.written(server)) == 2


def test_a_phone_restored_from_an_old_backup(
    mortal: Handset, server: Server, tmp_path: Path
) -> None:
    """What was sent since the backup is known by its id; what is written now is numbered anew."""
    mortal.switch_on()
    hand.write(mortal, *(f"early {number}" for number in range(4)))
    hand.drained(mortal)
    sleep(1)
    mortal.kill()
    shutil.copytree(mortal.browser.profile, tmp_path / "backup", symlinks=True)
    mortal.switch_on()
    hand.write(mortal, *(f"later {number}" for number in range(6)))
    hand.drained(mortal)
    mortal.kill()
    shutil.rmtree(mortal.browser.profile)
    shutil.copytree(tmp_path / "backup", mortal.browser.profile, symlinks=True)
    mortal.switch_on()
    hand.write(mortal, *(f"restored {number}" for number in range(5)))
    hand.drained(mortal)
    assert len(hand.written(server)) == len(set(hand.written(server))) == 15
    lines = ledger(server)
    assert {line.id for line in lines} == set(mortal.relay.said)
    assert gaps(lines) == []
    assert len({line.device for line in lines}) == 1
    assert len(broken_chains(lines)) <= 1, "only where the backup's chain meets the server's"


def test_a_second_storage_of_the_same_page_is_another_device(
    phone: Handset, relay: Relay, server: Server
) -> None:
    """As a browser does for frames of other sites, for thumbnails, for containers."""
    hand.write(phone, "in the window")
    frame = relay.url.replace("localhost", "127.0.0.1") + "/frame"
    hidden = phone.open_window(frame)
    for number in range(3):
        hand.write(phone, f"hidden {number}", tab=hidden)
        hand.write(phone, f"seen {number}")
    hand.drained(phone, hidden)
    hand.drained(phone)
    lines = hand.taken(server)
    assert len(lines) == len(hand.written(server)) == 7
    assert len({line.device for line in lines}) == 2
