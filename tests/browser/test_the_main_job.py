"""A rep's whole visit on one phone, from signing in to the next stop."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from app.core import clock
from tests.browser import job
from tests.browser.phone import Phone, amount
from tests.browser.server import Server

NOTE = "店长说下周二盘点，别上午来。"
PROMISE = "周五前送两箱新品试饮"
NEXT_STEP = "谈端午节堆头"


def days_on(server: Server, days: int) -> date:
    return clock.today(server.zone) + timedelta(days=days)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh_CN", "dark")])
def test_it_works(
    phone_of: Callable[..., Phone],
    server: Server,
    language: str,
    scheme: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    phone = phone_of(language=language, scheme=scheme)
    job.sign_in(phone, "alice")
    signed_in = phone.taps
    customer_id = job.open_first_stop(phone)
    name = phone.page.get_by_role("heading", level=1).inner_text()
    phone.is_at(job.pin_of(server, customer_id))
    before = dict(server.rows("SELECT 'orders', count(*) FROM sales_order"))

    job.check_in(phone)
    expect(phone.page.locator(".evidence")).to_contain_text(phone.words("Confirmed"))
    job.write_note(phone, NOTE)
    total = job.take_order(phone)
    job.make_promise(phone, PROMISE, days_on(server, 3).isoformat())
    next_visit = days_on(server, 14)
    job.check_out(phone, "Ordered", NEXT_STEP, next_visit.isoformat())
    with capsys.disabled():
        print(  # noqa: T201 - the figure of the whole test
            f"\n{language}: {signed_in} taps to sign in, {phone.taps - signed_in} for the job"
        )

    the_customers_page_shows_it_all(phone, customer_id)
    shown = phone.page.locator(".timeline .entry.order .money").first.inner_text()
    assert amount(shown) == total
    the_order_has_its_lines(phone)
    today_shows_it_done(phone, name)
    assert dict(server.rows("SELECT 'orders', count(*) FROM sales_order")) == {
        "orders": before["orders"] + 1
    }
    assert server.rows(
        "SELECT count(*) FROM planned_visit WHERE customer_id = ? AND on_day = ?",
        (customer_id.replace("-", ""), next_visit.isoformat()),
    ) == [(1,)]
    assert phone.complaints == []


def the_customers_page_shows_it_all(phone: Phone, customer_id: str) -> None:
    phone.tap(phone.link("See the whole history"))
    phone.page.wait_for_url(f"**/customers/{customer_id}")
    newest = phone.page.locator(".timeline .entry")
    kinds = ["promise", "order", "note", "visit"]
    for place, kind in enumerate(kinds):
        expect(newest.nth(place)).to_have_class(f"entry {kind}")
    expect(newest.nth(0)).to_contain_text(PROMISE)
    expect(newest.nth(2)).to_contain_text(NOTE)
    expect(newest.nth(3)).to_contain_text(phone.words("Ordered"))
    expect(newest.nth(3)).to_contain_text(NEXT_STEP)
    expect(newest.nth(3)).to_contain_text(phone.words("Confirmed"))


def the_order_has_its_lines(phone: Phone) -> None:
    phone.tap(phone.page.locator(".timeline .entry.order a").first)
    phone.page.wait_for_url("**/orders/*")
    lines = phone.page.locator(".lines .line")
    expect(lines).to_have_count(len(job.GOODS))
    for line, (_typed, name, quantity) in zip(lines.all(), job.GOODS, strict=True):
        expect(line).to_contain_text(name)
        expect(line).to_contain_text(quantity)


def today_shows_it_done(phone: Phone, name: str) -> None:
    phone.tap(phone.link("Today"))
    done = phone.page.locator(".stop.done").filter(has_text=name)
    expect(done).to_contain_text(phone.words("Ordered"))
    expect(phone.page.locator(".stop.next")).not_to_contain_text(name)
