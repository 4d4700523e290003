"""Who sees what: each of the cast on their own phone."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, expect

from app.core import clock
from tests.browser.phone import Phone
from tests.browser.server import Server

OWNERS = {  # whose customers each of them sees
    "alice": {"alice"},
    "bob": {"bob"},
    "charlie": {"charlie"},
    "mia": {"alice", "bob"},
    "sam": {"alice", "bob"},
    "diane": {"alice", "bob", "charlie"},
    "ada": set(),
}
CUSTOMERS = (
    "SELECT c.{} FROM customer c JOIN person p ON p.id = c.owner_id WHERE p.username IN ({})"
)


def of(server: Server, owners: set[str], column: str = "name") -> list[str]:
    marks = ", ".join("?" * len(owners))
    return [row[0] for row in server.rows(CUSTOMERS.format(column, marks), sorted(owners))]


def names(rows: Locator) -> list[str]:
    return [name.strip() for name in rows.locator(".name a").all_inner_texts()]


def whole_list(phone: Phone) -> list[str]:
    """The customers, with everything behind “Show more”."""
    phone.go("/customers")
    rows, more = phone.page.locator(".row"), phone.link("Show more")
    while more.count():
        before = rows.count()
        phone.tap(more)
        expect(rows.nth(before)).to_be_visible()
    return names(rows)


@pytest.mark.parametrize("who", OWNERS)
def test_what_each_sees(phone_of: Callable[..., Phone], server: Server, who: str) -> None:
    phone, owners = phone_of(who), OWNERS[who]
    assert sorted(whole_list(phone)) == sorted(of(server, owners))
    phone.go("/orders")
    assert set(names(phone.page.locator(".row"))) <= set(of(server, owners))
    assert (phone.page.locator(".row").count() > 0) == bool(owners)
    phone.go("/inbox")
    rows, waiting = phone.page.locator(".row"), open_promises(server, owners)
    expect(rows).to_have_count(min(30, waiting))
    if waiting > 30:
        phone.tap(phone.link("Show more"))
        expect(rows).to_have_count(min(90, waiting))
    phone.go("/today")
    assert phone.page.locator(".stop").count() == planned(server, who, clock.today(server.zone))
    assert phone.complaints == []


def open_promises(server: Server, owners: set[str]) -> int:
    ids = of(server, owners, "id")
    marks = ", ".join("?" * len(ids))
    asked = f"SELECT count(*) FROM promise WHERE done_at IS NULL AND customer_id IN ({marks})"
    return int(server.rows(asked, ids)[0][0])


def planned(server: Server, who: str, today: date) -> int:
    asked = (
        "SELECT count(*) FROM planned_visit v JOIN person p ON p.id = v.person_id"
        " WHERE p.username = ? AND v.on_day = ?"
    )
    return int(server.rows(asked, (who, today.isoformat()))[0][0])


def a_customer_of(server: Server, who: str) -> str:
    return f"/customers/{of(server, {who}, 'id')[0]}"


def test_charlie_cannot_look_at_alices_customer(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    charlie = phone_of("charlie")
    for path in (a_customer_of(server, "alice"), a_customer_of(server, "alice") + "/visit"):
        charlie.go(path)
        expect(charlie.page.get_by_role("alert")).to_have_text(
            "This customer is not among those you look after."
        )
        expect(charlie.link("Back to today")).to_be_visible()
    charlie.tap(charlie.link("Back to today"))
    expect(charlie.page.locator(".stop.next")).to_be_visible()


def test_bob_cannot_look_at_his_colleagues_customer_either(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    bob = phone_of("bob")
    bob.go(a_customer_of(server, "alice"))
    expect(bob.page.get_by_role("alert")).to_be_visible()


def test_sam_reads_and_does_not_visit(phone_of: Callable[..., Phone], server: Server) -> None:
    sam = phone_of("sam")
    sam.go(a_customer_of(server, "alice"))
    expect(sam.page.locator(".timeline, .card").first).to_be_visible()
    expect(sam.link("Visit")).to_have_count(0)
    sam.go(a_customer_of(server, "alice") + "/visit")
    expect(sam.page.get_by_role("alert")).to_have_text(
        "Visits are recorded by those who make them. Ask the customer's owner."
    )


def test_adas_empty_pages_say_what_will_be_there(phone_of: Callable[..., Phone]) -> None:
    ada = phone_of("ada")
    for path, sentence in {
        "/today": "Nothing planned for today",
        "/customers": "No customers yet",
        "/orders": "No orders yet",
        "/inbox": "All done",
    }.items():
        ada.go(path)
        expect(ada.page.get_by_role("heading", name=sentence)).to_be_visible()
        expect(ada.page.locator(".empty a.button")).to_be_visible()


def test_mia_sees_who_did_it(phone_of: Callable[..., Phone], server: Server) -> None:
    mia = phone_of("mia")
    mia.go("/orders")
    takers = " ".join(mia.page.locator(".row .meta").all_inner_texts())
    assert "Alice Lin" in takers
    assert "Bob Wang" in takers
    mia.go(a_customer_of(server, "bob"))
    expect(mia.page.locator(".timeline .entry").first).to_contain_text("Bob Wang")
    expect(mia.link("Visit")).to_be_visible()


def test_nobody_is_sent_to_sign_in_and_back(phone_of: Callable[..., Phone]) -> None:
    phone = phone_of()
    phone.go("/orders")
    phone.type(phone.field("Username"), "bob")
    phone.type(phone.field("Password"), "wrong")
    phone.tap(phone.button("Sign in"))
    expect(phone.page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    phone.type(phone.field("Password"), "roadbook")
    phone.tap(phone.button("Sign in"))
    expect(phone.page).to_have_url(f"{phone.server.url}/orders")
