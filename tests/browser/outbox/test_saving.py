"""Writing something down: it is on the phone's disk before the page says so."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door

WATCH = """
  window.order = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...how) {
    const tx = begin.apply(this, how);
    if (tx.mode === 'readwrite') {
      tx.addEventListener('complete', () => order.push(`complete ${tx.durability}`));
    }
    return tx;
  };
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...what) {
    if (String(what[1]).startsWith('jot-')) order.push('written');
    return put.apply(this, what);
  };
  document.addEventListener('outbox:saved', () => order.push('saved'));
"""
TEXTS = ["", "abc", "a" * 55, "a" * 56, "a" * 64, "云雾里" * 500, "é\n\r\0\u2028 \U0001f600"]


@pytest.mark.parametrize("plain", [False, True])
def test_it_works(tab: Callable[..., Page], door: Door, *, plain: bool) -> None:
    page = tab(plain=plain)
    first_id = page.input_value("#say [name=id]")
    page.fill("#say textarea", "two\nlines")
    page.check("#say [name=loud]")
    hand.say(page, "店长说下周二盘点")
    hand.drained(page)
    (taken,) = door.ledger.taken.values()
    envelope = taken.envelope
    assert envelope["id"] == first_id
    assert envelope["name"] == "tests.say.v1"
    assert envelope["fields"] == [
        ["text", "店长说下周二盘点"],
        ["more", "two\nlines"],
        ["loud", "yes"],
        ["tone", "calm"],
    ]
    assert (envelope["seq"], envelope["prev"], envelope["deps"]) == (1, "", [])
    assert envelope["app"] == {"build": "b1", "form": "say"}
    assert envelope["authored"]["tz"]
    assert door.posted == []
    assert page.input_value("#say [name=text]") == ""
    assert not page.is_checked("#say [name=loud]")
    assert page.input_value("#say [name=id]") not in {"", first_id}
    assert page.evaluate("told") == ["database"]


def test_saved_is_said_when_it_is_on_the_disk(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "drop_before"
    page = tab(before=WATCH)
    hand.say(page, "one")
    order = page.evaluate("order")
    at = order.index("written")
    assert order[at : at + 3] == ["written", "complete strict", "saved"]
    assert {one for one in order if one.startswith("complete")} == {"complete strict"}


@pytest.mark.parametrize("plain", [False, True])
def test_two_taps_are_one_command(tab: Callable[..., Page], door: Door, *, plain: bool) -> None:
    page = tab(plain=plain)
    page.fill("#say [name=text]", "once")
    page.evaluate(
        "const b = document.querySelector('#say button'); b.click(); b.click(); b.click();"
    )
    hand.until(lambda: page.evaluate("told.length"), "an answer to the tap")
    page.fill("#say [name=text]", "the next one is begun already")
    hand.drained(page)
    page.wait_for_timeout(100)
    assert door.ledger.applied() == ["once"]
    assert page.input_value("#say [name=text]") == "the next one is begun already"


def test_other_contents_under_a_used_id_are_another_command(
    tab: Callable[..., Page], door: Door
) -> None:
    page = tab()
    used = page.input_value("#say [name=id]")
    hand.say(page, "first")
    hand.drained(page)
    for _ in range(2):
        page.evaluate("id => { document.querySelector('#say [name=id]').value = id }", used)
        hand.say(page, "second")
    hand.drained(page)
    assert door.ledger.applied() == ["first", "second"]


BUSY = """() => {
  void outbox.store.write(async (tx) => {
    const end = performance.now() + 1_000;
    while (performance.now() < end) await tx.objectStore('meta').get('device');
  });
}"""


def test_what_is_added_while_it_is_being_saved_stays(tab: Callable[..., Page], door: Door) -> None:
    """A slow phone: a word more after the tap."""
    page = tab()
    hand.say(page, "before")
    page.evaluate(BUSY)
    page.fill("#say [name=text]", "a note")
    page.click("#say button >> nth=0")
    page.fill("#say [name=text]", "a note and a word more")
    page.wait_for_function("told.length === 2")
    page.wait_for_timeout(100)
    assert page.input_value("#say [name=text]") == "a note and a word more"
    page.click("#say button >> nth=0")
    hand.drained(page)
    hand.until(
        lambda: door.ledger.applied() == ["before", "a note", "a note and a word more"], "both"
    )


def test_where_it_was_goes_with_it(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    page.click("#here button")
    hand.until(lambda: door.ledger.taken, "the position")
    (taken,) = door.ledger.taken.values()
    assert dict(taken.envelope["fields"])["position[lat]"] == "31.2"
    assert page.input_value("#here [data-position=lat]") == ""


def test_a_button_with_an_address_of_its_own_is_not_caught(
    tab: Callable[..., Page], door: Door
) -> None:
    page = tab()
    page.evaluate("document.querySelector('#say').removeAttribute('hx-post')")
    page.fill("#say [name=text]", "draft")
    page.click("#say [name=way]")
    hand.until(lambda: door.posted, "the ordinary post")
    assert door.ledger.taken == {}


@pytest.mark.parametrize("plain", [False, True])
def test_a_file_is_refused_aloud(tab: Callable[..., Page], door: Door, *, plain: bool) -> None:
    page = tab(plain=plain)
    page.fill("#photo [name=text]", "with a photo")
    page.set_input_files(
        "#photo [name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    )
    page.click("#photo button")
    hand.until(lambda: page.evaluate("told") == ["failed"], "the refusal")
    assert page.input_value("#photo [name=text]") == "with a photo"
    page.set_input_files("#photo [name=photo]", [])
    page.click("#photo button")
    hand.drained(page)
    (taken,) = door.ledger.taken.values()
    assert taken.envelope["fields"] == [["text", "with a photo"]]
    assert door.posted == []


def test_its_own_sha_256_is_the_usual_one(tab: Callable[..., Page]) -> None:
    page = tab()
    texts = TEXTS + [json.dumps(list(range(length))) for length in range(0, 200, 7)]
    made = page.evaluate("texts => texts.map(sha256)", texts)
    assert made == [sha256(text.encode()).hexdigest() for text in texts]
