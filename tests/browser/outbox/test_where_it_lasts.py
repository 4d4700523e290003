"""Where the phone will not keep what is written, it says so before anything is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.outbox import hand
from tests.browser.outbox.door import Door

PRIVATE = {
    "no worker": "delete Navigator.prototype.serviceWorker;",
    "no files": """StorageManager.prototype.getDirectory =
      async () => { throw new DOMException('private', 'SecurityError'); };""",
    "next to no room": """StorageManager.prototype.estimate =
      async () => ({quota: 2**25, usage: 0});""",
}
TAB_OF_A_PHONE = """
  navigator.standalone = false;
  Object.defineProperty(navigator, 'maxTouchPoints', {value: 5});
"""


def lasts(page: Page, how: str) -> bool:
    return bool(page.evaluate("outbox.health()")["storage"] == how)


def test_it_works(tab: Callable[..., Page], door: Door) -> None:
    page = tab()
    page.wait_for_timeout(300)
    assert lasts(page, "kept")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('try'))") == []


@pytest.mark.parametrize("how", PRIVATE)
def test_a_private_window_is_noticed(tab: Callable[..., Page], door: Door, how: str) -> None:
    page = tab(before=PRIVATE[how])
    hand.until(lambda: lasts(page, "private"), "the private window to be noticed")
    hand.say(page, "online it goes on")
    hand.drained(page)
    assert door.ledger.applied() == ["online it goes on"]


def test_a_tab_of_a_phone_forgets(tab: Callable[..., Page]) -> None:
    page = tab(before=TAB_OF_A_PHONE)
    hand.until(lambda: lasts(page, "may_go"), "the tab to be noticed")


def test_from_the_home_screen_it_stays(tab: Callable[..., Page]) -> None:
    page = tab(before=TAB_OF_A_PHONE.replace("false", "true"))
    page.wait_for_timeout(300)
    assert lasts(page, "kept")
