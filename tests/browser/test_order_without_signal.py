"""An order put together with the server dead, by what the phone keeps of the catalogue."""

from decimal import Decimal
from uuid import UUID

from playwright.sync_api import Locator, expect

from app.core import clock
from tests.browser import job
from tests.browser.phone import Phone, amount
from tests.browser.server import Server

KNOWN_STOP = """
  SELECT c.name, c.id FROM planned_visit v JOIN customer c ON c.id = v.customer_id
  JOIN person p ON p.id = v.person_id AND p.username = 'alice'
  WHERE v.on_day = ? AND c.lat IS NOT NULL
    AND EXISTS (SELECT 1 FROM sales_order o WHERE o.customer_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM visit w WHERE w.customer_id = c.id
                    AND w.checked_in_at > date('now', '-1 day'))
  ORDER BY c.code LIMIT 1
"""
LATEST = """
  SELECT l.product_name, l.quantity, l.amount, o.total FROM sales_order o
  JOIN order_line l ON l.order_id = o.id
  WHERE o.id = (SELECT id FROM sales_order ORDER BY received_at DESC LIMIT 1) ORDER BY l.position
"""


def at_work(phone: Phone, server: Server) -> str:
    phone.go("/today")
    customer_id = job.open_first_stop(phone)
    phone.is_at(job.pin_of(server, customer_id))
    job.check_in(phone)
    return customer_id


def lines(phone: Phone) -> Locator:
    return phone.page.locator("#order-lines .line")


def all_received(phone: Phone, server: Server) -> None:
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden()


def orders(server: Server) -> int:
    ((count,),) = server.rows("SELECT count(*) FROM sales_order")
    return int(count)


def test_five_lines_are_reckoned_as_the_server_does(dead: Phone, server: Server) -> None:
    before = orders(server)
    at_work(dead, server)
    total = job.take_order(dead)
    expect(dead.page.get_by_text("On this phone").first).to_be_visible()
    all_received(dead, server)
    assert orders(server) == before + 1
    found = server.rows(LATEST)
    for (name, *_), (_typed, wanted, _many) in zip(found, job.GOODS, strict=True):
        assert str(name).startswith(wanted)
    assert Decimal(found[0][3]) / 100 == total


def test_an_unclear_word_gives_a_choice(dead: Phone, server: Server) -> None:
    at_work(dead, server)
    dead.type(dead.field("Product"), "茶")
    dead.tap(dead.button("Add line"))
    expect(dead.page.locator("#entry-error")).to_contain_text("Choose one.")
    options = dead.page.get_by_role("option")
    assert options.count() > 1
    dead.tap(options.first)
    dead.tap(dead.button("Add line"))
    expect(lines(dead)).to_have_count(1)
    expect(dead.page.locator("#entry-error")).to_have_count(0)
    dead.type(dead.field("Product"), "no such thing")
    dead.tap(dead.button("Add line"))
    expect(dead.page.locator("#entry-error")).to_contain_text("No product matches")
    expect(dead.field("Product")).to_have_value("no such thing")
    expect(lines(dead)).to_have_count(1)


def test_a_code_or_a_barcode_needs_no_choice(dead: Phone, server: Server) -> None:
    ((code, barcode, name),) = server.rows(
        "SELECT code, barcode, name FROM product WHERE barcode <> '' AND active LIMIT 1"
    )
    at_work(dead, server)
    for typed in (code, barcode, name):
        dead.type(dead.field("Product"), typed)
        dead.tap(dead.button("Add line"))
        expect(dead.field("Product")).to_have_value("")
    expect(lines(dead)).to_have_count(3)
    assert set(dead.page.locator("#order-lines .line .name").all_inner_texts()) == {name}


def test_quantities_change_what_it_costs(dead: Phone, server: Server) -> None:
    at_work(dead, server)
    first = job.add_line(dead, *job.GOODS[0]) / Decimal(job.GOODS[0][2])
    second = job.add_line(dead, *job.GOODS[1])
    many = dead.page.locator("#order-lines .stepper input").first
    dead.type(many, "2,5")
    many.blur()
    expect(many).to_have_value("2.5")
    assert job.running_total(dead) == (first * Decimal("2.5")).quantize(Decimal("0.01")) + second
    dead.type(many, "many")
    many.blur()
    expect(many).to_have_attribute("aria-invalid", "true")
    dead.tap(dead.button("Place order"))
    expect(lines(dead)).to_have_count(2)  # it was not placed
    dead.type(many, "4")
    many.blur()
    dead.tap(dead.page.get_by_role("button", name=f"Remove {job.GOODS[1][1]}"))
    expect(lines(dead)).to_have_count(1)
    expect(dead.page.locator("#order-lines .total")).to_contain_text("1 line")
    assert job.running_total(dead) == first * 4


def test_the_same_as_last_time_in_one_tap(dead: Phone, server: Server) -> None:
    """And it is still there when the phone was put away in the middle."""
    ((key, count, total),) = server.rows(
        "SELECT o.customer_id, o.line_count, o.total FROM sales_order o"
        " JOIN person p ON p.id = o.person_id AND p.username = 'alice'"
        " JOIN customer c ON c.id = o.customer_id AND c.lat IS NOT NULL WHERE c.id NOT IN"
        " (SELECT customer_id FROM visit WHERE checked_in_at > date('now', '-1 day'))"
        " AND o.line_count > 1 ORDER BY o.placed_at DESC, o.number DESC LIMIT 1"
    )
    customer_id = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"
    dead.go(f"/customers/{customer_id}/visit")
    dead.is_at(job.pin_of(server, customer_id))
    job.check_in(dead)
    again = dead.page.get_by_role("button", name="Same as last time")
    dead.tap(again)
    expect(lines(dead)).to_have_count(count)
    expect(again).to_be_hidden()
    assert job.running_total(dead) == Decimal(total) / 100
    dead.type(dead.field("Remark"), "送到后门")
    dead.page.wait_for_timeout(600)  # a draft is kept when the fingers rest
    dead.page.reload()
    expect(lines(dead)).to_have_count(count)
    expect(dead.field("Remark")).to_have_value("送到后门")
    dead.tap(dead.button("Place order"))
    expect(lines(dead)).to_have_count(0)
    before = orders(server)
    all_received(dead, server)
    assert orders(server) == before + 1
    assert (len(server.rows(LATEST)), server.rows(LATEST)[0][3]) == (count, total)


def test_the_main_job_in_few_taps(dead: Phone, server: Server) -> None:
    """From the icon: a stop that has ordered before, a note of one line, the same again, out."""
    ((name, key),) = server.rows(KNOWN_STOP, (clock.today(server.zone).isoformat(),))
    customer_id = str(UUID(key))
    dead.taps = 1  # the icon
    dead.go("/today")
    dead.tap(dead.page.locator(".stop").get_by_role("link", name=name, exact=True))
    dead.is_at(job.pin_of(server, customer_id))
    dead.tap(dead.link("Visit"))
    job.check_in(dead)
    job.write_note(dead, "还要两箱乌龙茶")
    dead.tap(dead.page.get_by_role("button", name="Same as last time"))
    expect(lines(dead).first).to_be_visible()
    dead.tap(dead.button("Place order"))
    expect(lines(dead)).to_have_count(0)
    job.choose(dead, "Ordered")
    dead.tap(dead.button("Check out"))
    expect(dead.page.get_by_text("Checked out, on this phone")).to_be_visible()
    assert dead.taps == 10


def test_the_outbox_says_how_many_lines(dead: Phone, server: Server) -> None:
    at_work(dead, server)
    for goods in job.GOODS[:2]:
        job.add_line(dead, *goods)
    dead.tap(dead.button("Place order"))
    expect(lines(dead)).to_have_count(0)
    dead.go("/outbox")
    expect(dead.page.locator("[data-hole=preview]").filter(has_text="2 lines")).to_be_visible()


def test_with_a_signal_it_is_the_same(ready: Phone, server: Server) -> None:
    """Nothing is asked of the server until the order is placed."""
    asked: list[str] = []
    ready.page.on("request", lambda request: asked.append(request.url))
    at_work(ready, server)
    assert job.add_line(ready, *job.GOODS[0]) == job.running_total(ready)
    assert amount(lines(ready).locator(".money").first.inner_text()) == job.running_total(ready)
    assert [url for url in asked if "/orders/draft" in url or "/products/options" in url] == []


def test_the_customer_signs_below_the_order(dead: Phone, server: Server) -> None:
    at_work(dead, server)
    job.add_line(dead, *job.GOODS[0])
    job.sign(dead)
    dead.type(dead.field("Signed by"), "王老板")
    drawn = dead.page.locator("#order-lines .signature path")
    written = drawn.get_attribute("d")
    assert written
    assert written.count("M") == 1
    dead.page.wait_for_timeout(500)
    dead.page.reload()
    expect(drawn).to_have_attribute("d", written)
    dead.tap(dead.button("Place order"))
    expect(lines(dead)).to_have_count(0)
    all_received(dead, server)
    ((strokes, name, order_id),) = server.rows(
        "SELECT signature, signed_by, id FROM sales_order ORDER BY received_at DESC LIMIT 1"
    )
    assert (strokes, name) == (written, "王老板")
    dead.go(f"/orders/{UUID(order_id)}")
    expect(dead.page.get_by_role("img", name="Signature")).to_be_visible()
    expect(dead.page.get_by_text("王老板")).to_be_visible()


def test_other_lines_are_to_be_signed_again(dead: Phone, server: Server) -> None:
    at_work(dead, server)
    job.add_line(dead, *job.GOODS[0])
    job.sign(dead)
    expect(dead.button("Sign again")).to_be_visible()
    dead.tap(lines(dead).first.get_by_role("button", name="More"))
    expect(dead.notice("To be signed again")).to_be_visible()
    expect(dead.button("Let the customer sign")).to_be_visible()
    assert dead.page.locator("[data-strokes]").input_value() == ""
