"""An appointment made with the server dead: shown at once, and in the plan afterwards."""

from playwright.sync_api import expect

from tests.browser.phone import Phone
from tests.browser.server import Server

DAY = "2099-12-01"


def test_an_appointment_is_made_and_cancelled(dead: Phone, server: Server) -> None:
    dead.go("/today")
    dead.tap(dead.page.locator(".stop.next h2 a"))
    card = dead.page.locator("section[aria-labelledby=plan]")
    dead.tap(card.locator("summary"))
    card.locator("[name=on_day]").fill(DAY)
    card.locator("[name=at_time]").fill("10:30")
    dead.tap(card.get_by_role("button", name=dead.words("Plan visit")))
    waits = card.locator(".row.pending")
    expect(waits).to_contain_text(dead.words("Planned, on this phone"))
    expect(waits).to_contain_text("10:30")
    server.start()
    dead.page.evaluate("dispatchEvent(new Event('online'))")
    row = card.locator(".row[data-id]", has_text="10:30")
    expect(row).to_be_visible()
    expect(waits).to_have_count(0)
    planned = f"SELECT at_minute FROM planned_visit WHERE on_day = '{DAY}'"
    assert server.rows(planned) == [(630,)]
    dead.tap(row.get_by_role("button", name=dead.words("Cancel")))
    expect(row).to_have_count(0)
    assert server.rows(f"{planned} AND cancelled_at IS NULL") == []
