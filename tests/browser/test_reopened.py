"""A page that has lost its database opens itself again, and nothing is lost with it."""

from playwright.sync_api import expect

from tests.browser import job
from tests.browser.phone import Phone

LOST_UNTIL_OPENED_AGAIN = """
  const [arrival] = performance.getEntriesByType('navigation');
  if (location.pathname.endsWith('/visit') && arrival.type !== 'reload') {
    IDBFactory.prototype.open = () => { throw new DOMException('lost', 'UnknownError'); };
  }
"""
PATIENCE_MS = 30_000


def test_it_works(alice: Phone) -> None:
    alice.page.add_init_script(LOST_UNTIL_OPENED_AGAIN)
    job.arrive(alice)
    alice.tap(alice.button("Check in"))
    expect(alice.page.get_by_text("Checked in, on this phone")).to_be_visible()
    expect(alice.page.locator("#warnings")).to_contain_text("The phone's storage does not answer")
    shown = alice.page.locator(".evidence.confirmed")
    expect(shown).to_be_visible(timeout=PATIENCE_MS)
    expect(alice.page.locator("#warnings .notice")).to_have_count(0)


def test_what_is_half_written_is_left_alone(alice: Phone) -> None:
    alice.page.add_init_script(LOST_UNTIL_OPENED_AGAIN)
    job.arrive(alice)
    alice.tap(alice.button("Check in"))
    alice.type(alice.field("Note"), "half a note")
    alice.page.wait_for_timeout(6_000)
    expect(alice.field("Note")).to_have_value("half a note")
    expect(alice.page.locator("#warnings")).to_contain_text("The phone's storage does not answer")
