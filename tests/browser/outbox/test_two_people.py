"""Two people on one phone: each has an outbox, and neither sends the other's."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.outbox import hand
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
