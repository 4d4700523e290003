"""An order put together by a thumb that is faster than the network."""

from playwright.sync_api import Locator, expect

from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.test_on_the_road import lose_the_answer

SLOW_MS = 400
SLOW_DRAFTS = f"""
  const soon = window.fetch;
  window.fetch = async (address, how) => {{
    const answer = await soon(address, how);
    const late = String(address).endsWith("/orders/draft");
    if (late) await new Promise((on) => setTimeout(on, {SLOW_MS}));
    return answer;
  }};
"""


def test_an_order_whose_answer_was_lost_is_placed_once(alice: Phone) -> None:
    customer_id = job.arrive(alice)
    before = job.history(alice, customer_id)["order"]
    job.arrive(alice)
    job.check_in(alice)
    job.add_line(alice, *job.GOODS[0])
    lose_the_answer(alice, alice.button("Place order"))
    expect(alice.page.get_by_text("1 placed")).to_be_visible()
    expect(alice.page.locator("#order-lines .line")).to_have_count(0)
    assert job.history(alice, customer_id)["order"] == before + 1


def test_a_quantity_changed_just_before_the_order_is_placed_is_in_it(alice: Phone) -> None:
    customer_id = job.arrive(alice)
    before = job.history(alice, customer_id)["order"]
    job.arrive(alice)
    job.check_in(alice)
    job.add_line(alice, *job.GOODS[0])
    alice.type(quantity(alice, 0), "9")
    alice.tap(alice.button("Place order"))
    expect(alice.page.get_by_text("1 placed")).to_be_visible()
    expect(alice.button("Place order")).to_have_count(0)
    expect(alice.page.locator(".step .lines")).to_contain_text("9 ")
    assert job.history(alice, customer_id)["order"] == before + 1


def test_a_slow_answer_takes_nothing_that_was_typed_meanwhile(alice: Phone) -> None:
    alice.context.add_init_script(SLOW_DRAFTS)
    job.arrive(alice)
    job.check_in(alice)
    job.add_line(alice, *job.GOODS[0])
    job.add_line(alice, *job.GOODS[1])
    more = alice.page.get_by_role("button", name=f"More: {job.GOODS[0][1]}")
    for _tap in range(4):
        alice.tap(more)
    alice.type(quantity(alice, 1), "25")
    alice.page.wait_for_timeout(SLOW_MS * 2)
    alice.type(alice.field("Product"), "half a name")
    alice.tap(more)
    expect(quantity(alice, 0)).to_have_value("8")
    expect(quantity(alice, 1)).to_have_value("25")
    alice.page.wait_for_timeout(SLOW_MS * 2)
    expect(quantity(alice, 0)).to_have_value("8")
    expect(alice.field("Product")).to_have_value("half a name")


def quantity(phone: Phone, line: int) -> Locator:
    return phone.page.locator("#order-lines .stepper input").nth(line)
