"""The job when the road is rough: far from the pin, no position, no signal, hasty thumbs."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from app.core.geo import Point
from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.server import Server

REASON = "约在隔壁咖啡馆，店里在装修"
ONE = {"visit": 1, "note": 1, "order": 1, "promise": 1}
NEXT_WEEK = "2099-12-31"


def added(phone: Phone, customer_id: str, before: dict[str, int]) -> dict[str, int]:
    after = job.history(phone, customer_id)
    return {kind: after[kind] - before[kind] for kind in after}


@pytest.fixture
def at_the_door(alice: Phone) -> tuple[Phone, str, dict[str, int]]:
    """Alice with a visit's page open, the customer, and what their timeline showed before."""
    alice.go("/today")
    customer_id = job.open_first_stop(alice)
    before = job.history(alice, customer_id)
    job.arrive(alice)
    return alice, customer_id, before


def test_far_from_the_pin_a_reason_is_asked_and_kept(alice: Phone, server: Server) -> None:
    customer_id = job.arrive(alice)
    pin = job.pin_of(server, customer_id)
    alice.is_at(Point(pin.lat + 0.03, pin.lon))
    alice.tap(alice.button("Check in"))
    expect(alice.page.locator(".evidence.far")).to_contain_text("3.3 km away")
    alice.type(alice.field("Why not at the pin?"), REASON)
    job.check_in(alice)
    expect(alice.page.locator(".evidence.far")).to_contain_text(REASON)
    job.history(alice, customer_id)
    expect(alice.page.locator(".timeline .entry.visit").first).to_contain_text(REASON)


def test_without_a_position_it_goes_on(phone_of: Callable[..., Phone]) -> None:
    phone = phone_of("alice", located=False)
    job.arrive(phone)
    job.check_in(phone)
    expect(phone.page.locator(".evidence")).to_contain_text("no position from the phone")
    job.check_out(phone, "Progress")


def test_what_is_half_typed_elsewhere_stays(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.add_line(alice, *job.GOODS[0])
    alice.type(alice.field("Product"), "橙")
    alice.type(alice.field("Promise"), "half a promise")
    alice.type(alice.field("Next step"), "half a step")
    job.choose(alice, "Progress")
    job.write_note(alice, "first note")
    expect(alice.field("Note")).to_have_value("")
    half_typed_is_there(alice)
    alice.type(alice.field("Note"), "half a note")
    alice.tap(alice.button("Place order"))
    expect(alice.button("Place order")).to_have_count(0)
    expect(alice.field("Note")).to_have_value("half a note")
    expect(alice.field("Promise")).to_have_value("half a promise")


def half_typed_is_there(phone: Phone) -> None:
    expect(phone.page.locator("#order-lines .line")).to_have_count(1)
    expect(phone.field("Product")).to_have_value("橙")
    expect(phone.field("Promise")).to_have_value("half a promise")
    expect(phone.field("Next step")).to_have_value("half a step")
    chosen = phone.page.get_by_role("radio", name="Progress", exact=True)
    expect(chosen).to_be_checked()


def test_it_survives_a_cut_at_every_step(at_the_door: tuple[Phone, str, dict[str, int]]) -> None:
    """Each deed is kept on the phone, stands where it belongs, and goes by itself."""
    phone, customer_id, before = at_the_door
    job.check_in(phone)
    phone.type(phone.field("Note"), "写给信号不好的路")
    kept_here(phone, phone.button("Save note"))
    expect(phone.page.locator(".pending")).to_contain_text("写给信号不好的路")
    gone_by_itself(phone)
    expect(phone.page.get_by_text("写给信号不好的路")).to_have_count(1)
    job.add_line(phone, *job.GOODS[0])
    kept_here(phone, phone.button("Place order"))
    expect(phone.page.locator("#order-lines .line")).to_have_count(0)
    gone_by_itself(phone)
    phone.type(phone.field("Promise"), "样品")
    phone.type(phone.field("Due"), NEXT_WEEK)
    kept_here(phone, phone.button("Save promise"))
    expect(phone.page.locator(".pending")).to_contain_text("样品")
    gone_by_itself(phone)
    phone.type(phone.field("Next step"), "再来")
    job.choose(phone, "Ordered")
    kept_here(phone, phone.button("Check out"))
    expect(phone.page.get_by_text("Checked out, on this phone")).to_be_visible()
    gone_by_itself(phone)
    expect(phone.page.get_by_text("Visit recorded")).to_be_visible()
    assert added(phone, customer_id, before) == ONE


def test_a_whole_visit_without_signal(at_the_door: tuple[Phone, str, dict[str, int]]) -> None:
    phone, customer_id, before = at_the_door
    phone.context.set_offline(True)
    job.check_in(phone)
    expect(phone.page.get_by_text("Checked in, on this phone")).to_be_visible()
    for text in ("地下室里写的", "第二条"):
        phone.type(phone.field("Note"), text)
        phone.tap(phone.button("Save note"))
        expect(phone.page.locator(".pending").filter(has_text=text)).to_be_visible()
    phone.type(phone.field("Promise"), "送样品")
    phone.type(phone.field("Due"), NEXT_WEEK)
    phone.tap(phone.button("Save promise"))
    expect(phone.page.locator(".pending").filter(has_text="送样品")).to_be_visible()
    job.choose(phone, "Progress")
    phone.tap(phone.button("Check out"))
    expect(phone.page.get_by_text("Checked out, on this phone")).to_be_visible()
    expect(phone.page.get_by_role("link", name="On to the next stop")).to_be_visible()
    expect(phone.button("Check out")).to_be_hidden()
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_have_text("5")
    gone_by_itself(phone)
    expect(phone.page.get_by_text("Visit recorded")).to_be_visible()
    kept = {"visit": 1, "note": 2, "order": 0, "promise": 1}
    assert added(phone, customer_id, before) == kept


def test_nobody_signs_out_while_something_waits(
    at_the_door: tuple[Phone, str, dict[str, int]],
) -> None:
    phone, _customer_id, _before = at_the_door
    job.check_in(phone)
    job.all_sent(phone)
    phone.page.route("**/sync/commands", lambda route: route.abort())
    phone.type(phone.field("Note"), "noch nicht")
    phone.tap(phone.button("Save note"))
    expect(phone.notice("On this phone").first).to_be_visible()
    phone.go("/outbox")
    expect(phone.page.locator("#outbox-entries .row")).to_contain_text("noch nicht")
    phone.go("/more")
    phone.tap(phone.button("Sign out"))
    expect(phone.notice("Something here has not been sent.")).to_be_visible()
    phone.go("/outbox")
    phone.tap(phone.button("Send now"))
    expect(phone.page.locator("#outbox-entries .row")).to_contain_text("noch nicht")
    phone.page.unroute("**/sync/commands")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.get_by_text("Nothing waits here")).to_be_visible()
    phone.go("/more")
    phone.tap(phone.button("Sign out"))
    expect(phone.button("Sign in")).to_be_visible()


def test_a_page_of_a_hotel_is_no_answer(at_the_door: tuple[Phone, str, dict[str, int]]) -> None:
    phone, customer_id, before = at_the_door
    job.check_in(phone)
    hotel = "<!doctype html><html><body><h1>Welcome to the hotel</h1></body></html>"

    def hijack(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=200, content_type="text/html", body=hotel)
        else:
            route.continue_()

    phone.page.route("**/*", hijack)
    phone.type(phone.field("Note"), "在酒店大堂写的")
    phone.tap(phone.button("Save note"))
    counted(phone)
    expect(phone.page.get_by_text("Welcome to the hotel")).to_have_count(0)
    phone.page.unroute("**/*")
    gone_by_itself(phone)
    expect(phone.page.get_by_text("在酒店大堂写的")).to_have_count(1)
    assert added(phone, customer_id, before) == {"visit": 1, "note": 1, "order": 0, "promise": 0}


def test_what_the_server_refuses_is_told_and_kept(
    at_the_door: tuple[Phone, str, dict[str, int]], server: Server
) -> None:
    phone, customer_id, _before = at_the_door
    job.check_in(phone)
    phone.type(phone.field("Note"), "客户转给别人了")
    kept_here(phone, phone.button("Save note"))
    bob = "(SELECT id FROM person WHERE username = 'bob')"
    key = customer_id.replace("-", "")
    server.write(f"UPDATE customer SET owner_id = {bob} WHERE id = ?", (key,))
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.notice("This customer is not among those you look after.")).to_be_visible()
    expect(phone.field("Note")).to_have_value("客户转给别人了")
    phone.go("/outbox")
    waits = phone.page.locator("#outbox-entries .row")
    expect(waits).to_contain_text("客户转给别人了")
    expect(waits).to_contain_text("This customer is not among those you look after.")
    phone.tap(phone.button("Withdraw"))
    phone.tap(phone.button("Yes, withdraw it"))
    expect(phone.page.get_by_text("Nothing waits here")).to_be_visible()


def kept_here(phone: Phone, button: Locator) -> None:
    phone.context.set_offline(True)
    phone.tap(button)
    counted(phone)


def counted(phone: Phone) -> None:
    """On the phone, and the page knows that it waits."""
    expect(phone.notice("On this phone").first).to_be_visible()
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_visible()


def gone_by_itself(phone: Phone) -> None:
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    expect(phone.page.locator(".pending")).to_have_count(0)


def test_an_answer_that_was_lost_doubles_nothing(
    at_the_door: tuple[Phone, str, dict[str, int]],
) -> None:
    phone, customer_id, before = at_the_door
    lose_the_answer(phone, phone.button("Check in"))
    expect(phone.button("Check out")).to_be_visible()
    phone.type(phone.field("Note"), "只写一次")
    lose_the_answer(phone, phone.button("Save note"))
    expect(phone.page.get_by_text("只写一次")).to_have_count(1)
    job.add_line(phone, *job.GOODS[0])
    lose_the_answer(phone, phone.button("Place order"))
    expect(phone.button("Place order")).to_have_count(0)
    phone.type(phone.field("Promise"), "样品")
    phone.type(phone.field("Due"), NEXT_WEEK)
    lose_the_answer(phone, phone.button("Save promise"))
    job.choose(phone, "Ordered")
    lose_the_answer(phone, phone.button("Check out"))
    expect(phone.page.get_by_text("Visit recorded")).to_be_visible()
    assert added(phone, customer_id, before) == ONE


def lose_the_answer(phone: Phone, button: Locator) -> None:
    """The server does what it is asked; the phone never hears of it, and asks again."""
    lost: list[str] = []

    def deliver_and_fall_silent(route: Route) -> None:
        lost.append(str(route.fetch().status))
        route.abort()

    phone.page.route("**/sync/commands", deliver_and_fall_silent)
    phone.tap(button)
    counted(phone)
    for _try in range(100):
        if not lost:
            phone.page.wait_for_timeout(100)
    assert lost[:1] == ["200"]
    phone.page.unroute_all(behavior="wait")
    gone_by_itself(phone)


def test_hasty_thumbs_double_nothing(at_the_door: tuple[Phone, str, dict[str, int]]) -> None:
    phone, customer_id, before = at_the_door
    tap_twice(phone.button("Check in"))
    expect(phone.button("Check out")).to_be_visible()
    phone.type(phone.field("Note"), "只写一次")
    tap_twice(phone.button("Save note"))
    expect(phone.page.get_by_text("只写一次")).to_have_count(1)
    job.add_line(phone, *job.GOODS[0])
    tap_twice(phone.button("Place order"))
    expect(phone.button("Place order")).to_have_count(0)
    phone.type(phone.field("Promise"), "样品")
    phone.type(phone.field("Due"), NEXT_WEEK)
    tap_twice(phone.button("Save promise"))
    expect(phone.page.get_by_text("样品")).to_have_count(1)
    job.choose(phone, "Ordered")
    tap_twice(phone.button("Check out"))
    expect(phone.page.get_by_text("Visit recorded")).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    assert added(phone, customer_id, before) == ONE


def tap_twice(button: Locator) -> None:
    """At once, and again a little later, while the first is on its way."""
    button.evaluate(
        "b => { b.click(); b.click(); [30, 90].forEach(ms => setTimeout(() => b.click(), ms)) }"
    )


def test_back_forward_and_reload_lose_and_double_nothing(
    at_the_door: tuple[Phone, str, dict[str, int]],
) -> None:
    phone, customer_id, before = at_the_door
    job.check_in(phone)
    phone.page.reload()
    job.write_note(phone, "第一条")
    phone.page.reload()
    expect(phone.page.get_by_text("第一条")).to_have_count(1)
    phone.page.go_back()
    expect(phone.page.locator(".stop.now")).to_be_visible()
    phone.page.go_forward()
    expect(phone.button("Check out")).to_be_visible()
    expect(phone.page.get_by_text("第一条")).to_have_count(1)
    job.add_line(phone, *job.GOODS[0])
    phone.tap(phone.button("Place order"))
    expect(phone.button("Place order")).to_have_count(0)
    job.check_out(phone, "Ordered")
    phone.page.reload()
    expect(phone.page.get_by_text("Visit recorded")).to_be_visible()
    phone.page.go_back()
    expect(phone.page.locator(".stop.done")).to_have_count(1)
    assert added(phone, customer_id, before) == ONE | {"promise": 0}


def test_the_server_falls_over_between_two_steps(
    at_the_door: tuple[Phone, str, dict[str, int]], server: Server
) -> None:
    phone, customer_id, before = at_the_door
    job.check_in(phone)
    job.write_note(phone, "之前")
    server.kill()
    phone.type(phone.field("Note"), "之后")
    phone.tap(phone.button("Save note"))
    counted(phone)
    server.start()
    gone_by_itself(phone)
    expect(phone.page.get_by_text("之后")).to_have_count(1)
    job.check_out(phone, "Progress")
    assert added(phone, customer_id, before) == {"visit": 1, "note": 2, "order": 0, "promise": 0}


def test_a_session_that_ended_takes_nothing_with_it(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    alice.type(alice.field("Note"), "写了一半")
    signed_in: Any = alice.context.cookies()
    alice.context.clear_cookies()
    alice.tap(alice.button("Save note"))
    expect(alice.notice("You have been signed out.")).to_be_visible()
    expect(alice.page.locator(".pending")).to_contain_text("写了一半")
    alice.context.add_cookies(signed_in)
    alice.page.evaluate("dispatchEvent(new Event('focus'))")
    job.all_sent(alice)
    expect(alice.page.get_by_text("写了一半")).to_have_count(1)


def test_a_second_visit_on_the_same_day_is_measured_anew(alice: Phone, server: Server) -> None:
    customer_id = job.arrive(alice)
    pin = job.pin_of(server, customer_id)
    job.check_in(alice)
    job.check_out(alice, "Not met")
    alice.is_at(Point(pin.lat + 0.03, pin.lon))
    alice.tap(alice.page.get_by_text("Here a second time today?"))
    alice.tap(alice.button("Check in again"))
    expect(alice.field("Why not at the pin?")).to_be_visible()
