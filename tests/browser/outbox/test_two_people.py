"""Two people on one phone: each has an outbox, and neither sends the other's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.broken import BREAKS
from tests.browser.outbox.conftest import ALICE, BOB
from tests.browser.outbox.door import Door


def test_anothers_work_stays_until_she_is_back(tab: Callable[..., Page], door: Door) -> None:
    door.mode = "401"
    page = tab(ALICE)
    hand.say_many(page, ["by Alice", "reject"])
    page.close()

    door.mode = "up"
    page = tab(BOB)
    assert hand.situation(page)["waiting"] == 0
    hand.say(page, "by Bob")
    hand.drained(page)
    page.wait_for_timeout(200)
    assert door.ledger.applied() == ["by Bob"]
    page.close()

    page = tab(ALICE)
    hand.drained(page)
    assert door.ledger.applied() == ["by Bob", "by Alice"]
    people = [taken.envelope["authored"]["person_id"] for taken in door.ledger.taken.values()]
    assert people == [BOB, ALICE, ALICE]
    assert len({taken.envelope["device_id"] for taken in door.ledger.taken.values()}) == 2


def test_nobody_signed_in_has_no_outbox(tab: Callable[..., Page], door: Door) -> None:
    page = tab("")
    assert page.evaluate("outbox") is None


@pytest.mark.parametrize("told", [True, False], ids=["databases told", "databases hidden"])
def test_anothers_are_counted_and_not_read(
    tab: Callable[..., Page], door: Door, *, told: bool
) -> None:
    before = "" if told else "delete IDBFactory.prototype.databases;"
    door.mode = "401"
    page = tab(ALICE, before=before)
    hand.say_many(page, ["by Alice", "by Alice again"])
    assert page.evaluate("outbox.others()") == 0
    hand.until(lambda: hand.situation(page)["waiting"] == 2, "both to be counted")
    page.close()
    page = tab(BOB, before=before)
    hand.say(page, "by Bob")
    assert page.evaluate("outbox.others()") == 2
    assert "by Alice" not in str(hand.entries(page))
    hand.until(lambda: hand.situation(page)["waiting"] == 1, "it to be counted")
    page.close()
    door.mode = "up"
    page = tab(ALICE, before=before)
    assert page.evaluate("outbox.others()") == 1
    hand.drained(page)
    page.close()
    page = tab(BOB, before=before)
    assert page.evaluate("outbox.others()") == 0


def test_what_waits_in_anothers_journal_counts_too(tab: Callable[..., Page], door: Door) -> None:
    page = tab(ALICE, before=BREAKS["fails"])
    hand.say_many(page, ["one", "two"])
    page.close()
    assert tab(BOB).evaluate("outbox.others()") == 2
