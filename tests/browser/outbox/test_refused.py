"""What the server refuses stays with its reason; it holds up nothing but what depends on it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door
from tests.browser.outbox.ledger import Taken


def states(page: Page) -> dict[str, str]:
    return {one["id"]: one["state"] for one in hand.entries(page)}


def add_about(page: Page, about: str, text: str) -> str:
    made = page.input_value("#about [name=id]")
    page.fill("#about [name=about]", about)
    page.fill("#about [name=text]", text)
    page.click("#about button")
    page.wait_for_function("id => said.includes(id)", arg=made)
    return made


@pytest.mark.parametrize("word", ["reject", "conflict"])
def test_it_needs_you_and_the_others_go_on(tab: Callable[..., Page], door: Door, word: str) -> None:
    page = tab()
    ids = hand.say_many(page, ["one", word, "three"])
    hand.drained(page)
    assert door.ledger.applied() == ["one", "three"]
    assert states(page) == {ids[1]: "needs_you"}
    (entry,) = hand.entries(page)
    assert entry["result"]["reason"]
    assert "text" in entry["body"]
    assert page.get_attribute("html", "data-outbox") == "needs_you"
    assert page.inner_text("[data-outbox-count=needs_you]") == "1"


def test_what_depends_on_it_waits_at_the_server(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    (refused,) = hand.say_many(page, ["reject"])
    child = add_about(page, refused, "about it")
    door.mode = "up"
    hand.drained(page)
    assert door.ledger.taken[child].envelope["deps"] == [refused]
    assert states(page) == {refused: "needs_you", child: "received"}

    page.evaluate("id => { document.querySelector('#say').dataset.supersedes = id }", refused)
    (mended,) = hand.say_many(page, ["mended"])
    hand.drained(page)
    assert door.ledger.taken[mended].envelope["supersedes"] == refused
    assert states(page) == {refused: "withdrawn", child: "received"}
    door.ledger.taken[child].status = "applied"
    page.reload()
    hand.until(lambda: states(page) == {refused: "withdrawn"}, "the last word")
    assert door.ledger.withdrawn == []


@pytest.mark.parametrize("word", ["ask", "later"])
def test_what_the_server_keeps_is_received_with_its_reason(
    tab: Callable[..., Page], door: Door, word: str
) -> None:
    page = tab()
    (one,) = hand.say_many(page, [word])
    hand.drained(page)
    assert states(page) == {one: "received"}
    assert hand.entries(page)[0]["result"]["reason"]


def test_only_what_was_refused_can_be_withdrawn(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    refused, waiting = hand.say_many(page, ["reject", "two"])
    assert not page.evaluate("id => outbox.withdraw(id)", waiting)
    door.mode = "up"
    hand.drained(page)
    assert page.evaluate("id => outbox.withdraw(id)", refused)
    assert states(page) == {refused: "withdrawn"}
    assert hand.situation(page)["needs_you"] == 0
    hand.until(lambda: door.ledger.withdrawn, "the office to hear of it")
    page.reload()
    hand.say(page, "three")
    hand.drained(page)
    assert set(door.ledger.withdrawn) == {refused}  # twice, where the answer was not heard


def test_a_known_id_with_other_contents_is_parked(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "500"
    page = tab()
    ids = hand.say_many(page, ["one", "two", "three", "four"])
    door.ledger.taken[ids[1]] = Taken({"name": "tests.say.v1", "fields": []}, "", "applied")
    door.mode = "up"
    hand.drained(page)
    assert states(page) == {ids[1]: "needs_you"}
    assert door.ledger.applied() == ["", "one", "three", "four"]
    assert [taken.envelope.get("seq") for taken in door.ledger.taken.values()] == [None, 1, 2, 3]
    assert door.ledger.broken == []
    hand.say(page, "five")
    hand.drained(page)
    assert door.ledger.applied()[-1] == "five"
    assert door.ledger.broken == []


def test_the_last_one_parked_gives_its_number_back(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    hand.say(page, "one")
    hand.drained(page)
    door.mode = "500"
    (twice,) = hand.say_many(page, ["two"])
    door.ledger.taken[twice] = Taken({"name": "tests.say.v1", "fields": []}, "", "applied")
    door.mode = "up"
    hand.drained(page)
    hand.say(page, "three")
    hand.drained(page)
    assert [*door.ledger.taken.values()][-1].envelope["seq"] == 2
    assert door.ledger.broken == []


def test_after_a_gap_it_is_numbered_anew(tab: Callable[..., Page], door: Door) -> None:
    """As when a phone's storage is older than what the server has."""
    page = tab()
    hand.say_many(page, ["one", "two"])
    hand.drained(page)
    (device,) = door.ledger.last
    door.ledger.last[device], door.ledger.chain[device] = 9, ""
    ids = hand.say_many(page, ["three", "four"])
    hand.drained(page)
    assert door.ledger.applied() == ["one", "two", "three", "four"]
    assert [door.ledger.taken[one].envelope["seq"] for one in ids] == [10, 11]
    hand.say(page, "five")
    hand.drained(page)
    assert [*door.ledger.taken.values()][-1].envelope["seq"] == 12
    assert door.ledger.broken == []
