"""Phone contacts on the phone: noted in one tap with the server dead, received afterwards."""

from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.server import Server


def test_one_tap_notes_a_call_with_the_server_dead(dead: Phone, server: Server) -> None:
    dead.go("/calls")
    row = dead.page.locator(".calls > .row").nth(1)
    expect(row.locator("a[href^='tel:']")).to_be_visible()
    customer_id = (row.get_attribute("id") or "").removeprefix("call-")
    dead.tap(row.locator("summary"))
    dead.tap(row.get_by_role("button", name=dead.words("No progress")))
    expect(row).to_contain_text(dead.words("Noted, on this phone"))
    expect(row.locator("summary")).to_be_hidden()
    dead.go(f"/customers/{customer_id}")
    expect(dead.page.locator(".timeline .pending.contact")).to_have_count(1)
    server.start()
    dead.page.evaluate("dispatchEvent(new Event('online'))")
    expect(dead.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    assert server.rows("SELECT kind, outcome FROM other_contact") == [("phone", "no_progress")]
    expect(dead.page.locator(".timeline .contact").first).to_contain_text(dead.words("No progress"))
    dead.go("/calls")
    expect(dead.page.locator(f"#call-{customer_id}").locator("summary")).to_have_count(0)
