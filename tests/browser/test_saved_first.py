"""Whatever is sent is on the phone before anything else happens, and on the page at once."""

from playwright.sync_api import Route, expect

from app.core.geo import Point
from tests.browser import job
from tests.browser.phone import Phone
from tests.browser.server import Server
from tests.browser.test_on_the_road import gone_by_itself

REASON = "约在隔壁咖啡馆"


def hold_up(phone: Phone, what: str = "**/sync/commands") -> list[Route]:
    """The network takes what is sent and answers nothing, until the routes are let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route(what, hold)
    return held


def let_go(phone: Phone, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    phone.page.unroute("**/sync/commands")


def test_it_works(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.all_sent(alice)
    expect(alice.page.get_by_text("Checked in, on this phone")).to_have_count(0)
    held = hold_up(alice)
    alice.type(alice.field("Note"), "网络很慢")
    alice.tap(alice.button("Save note"))
    expect(alice.notice("On this phone")).to_be_visible()
    expect(alice.page.locator(".pending")).to_contain_text("网络很慢")
    expect(alice.page.get_by_text("0 written")).to_be_hidden()
    expect(alice.field("Note")).to_have_value("")
    let_go(alice, held)
    job.all_sent(alice)
    expect(alice.notice("Received")).to_be_visible()
    expect(alice.page.get_by_text("网络很慢")).to_have_count(1)
    expect(alice.page.get_by_text("1 written")).to_be_visible()


def test_what_is_sent_before_the_scripts_are_here_waits_for_them(alice: Phone) -> None:
    posted = []
    alice.page.on("request", lambda request: posted.append(request.url))
    job.arrive(alice)
    held = hold_up(alice, "**/app.js*")
    alice.page.reload(wait_until="commit")
    alice.tap(alice.button("Check in"))
    alice.page.wait_for_timeout(200)
    assert not any("check-in" in url for url in posted)
    held[-1].continue_()
    expect(alice.button("Check out")).to_be_visible()
    job.all_sent(alice)
    expect(alice.page.locator(".evidence.confirmed")).to_be_visible()


def test_the_work_goes_on_while_the_check_in_is_on_its_way(alice: Phone) -> None:
    """What is typed into the page that the phone drew stays when the server's page comes."""
    job.arrive(alice)
    held = hold_up(alice)
    job.check_in(alice)
    expect(alice.page.get_by_text("Checked in, on this phone")).to_be_visible()
    job.add_line(alice, *job.GOODS[0])
    alice.type(alice.field("Next step"), "下周再来")
    job.choose(alice, "Progress")
    alice.type(alice.field("Note"), "写到一半")
    let_go(alice, held)
    job.all_sent(alice)
    expect(alice.page.get_by_text("Checked in, on this phone")).to_have_count(0)
    expect(alice.page.locator(".evidence.confirmed")).to_be_visible()
    expect(alice.field("Note")).to_have_value("写到一半")
    expect(alice.field("Next step")).to_have_value("下周再来")
    expect(alice.page.get_by_role("radio", name="Progress", exact=True)).to_be_checked()
    expect(alice.page.locator("#order-lines .line")).to_have_count(1)
    alice.tap(alice.button("Save note"))
    alice.tap(alice.button("Place order"))
    job.all_sent(alice)
    alice.tap(alice.button("Check out"))
    expect(alice.page.get_by_text("Visit recorded")).to_be_visible()
    expect(alice.page.get_by_text("写到一半")).to_have_count(1)
    expect(alice.page.locator(".lines .line")).to_have_count(1)


def test_letters_are_not_moved_about_while_somebody_types(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.all_sent(alice)
    held = hold_up(alice)
    alice.type(alice.field("Note"), "第一条")
    alice.tap(alice.button("Save note"))
    expect(alice.page.locator(".pending")).to_be_visible()
    let_go(alice, held)
    alice.field("Note").press_sequentially("the second note, letter by letter", delay=60)
    expect(alice.field("Note")).to_be_focused()
    job.all_sent(alice)
    expect(alice.field("Note")).to_have_value("the second note, letter by letter")


def test_the_focus_stays_where_it_is_when_the_order_was_received(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.all_sent(alice)
    job.add_line(alice, *job.GOODS[0])
    held = hold_up(alice)
    alice.tap(alice.button("Place order"))
    expect(alice.button("Place order")).to_have_count(0)
    alice.tap(alice.field("Promise"))
    let_go(alice, held)
    expect(alice.page.get_by_role("heading", name="CN¥9.60")).to_be_visible()
    job.all_sent(alice)
    expect(alice.field("Promise")).to_be_focused()


def test_far_from_the_pin_the_phone_itself_asks_why(alice: Phone, server: Server) -> None:
    customer_id = job.arrive(alice)
    pin = job.pin_of(server, customer_id)
    alice.is_at(Point(pin.lat + 0.03, pin.lon))
    alice.context.set_offline(True)
    alice.tap(alice.button("Check in"))
    expect(alice.page.locator(".evidence.far")).to_contain_text("3.3 km away, accuracy ±20 m")
    expect(alice.page.get_by_text("On this phone")).to_have_count(0)
    alice.tap(alice.button("Check in"))
    expect(alice.page.get_by_text("Checked in, on this phone")).to_have_count(0)
    alice.type(alice.field("Why not at the pin?"), REASON)
    job.check_in(alice)
    gone_by_itself(alice)
    expect(alice.page.locator(".evidence.far")).to_contain_text(REASON)


def test_an_order_that_was_not_placed_is_there_after_a_reload(alice: Phone) -> None:
    job.arrive(alice)
    job.check_in(alice)
    job.all_sent(alice)
    job.add_line(alice, *job.GOODS[0])
    job.add_line(alice, *job.GOODS[1])
    alice.page.wait_for_timeout(500)
    alice.page.reload()
    lines = alice.page.locator("#order-lines .line")
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_contain_text(job.GOODS[1][1])
    alice.tap(alice.button("Place order"))
    job.all_sent(alice)
    alice.page.reload()
    expect(alice.page.locator(".lines .line")).to_have_count(2)
    expect(lines).to_have_count(0)


def test_an_order_that_was_refused_is_laid_out_again(alice: Phone, server: Server) -> None:
    customer_id = job.arrive(alice).replace("-", "")
    job.check_in(alice)
    job.all_sent(alice)
    job.add_line(alice, *job.GOODS[0])
    held = hold_up(alice)
    alice.tap(alice.button("Place order"))
    expect(alice.page.locator(".pending")).to_be_visible()
    ((owner,),) = server.rows("SELECT owner_id FROM customer WHERE id = ?", (customer_id,))
    bob = "(SELECT id FROM person WHERE username = 'bob')"
    server.write(f"UPDATE customer SET owner_id = {bob} WHERE id = ?", (customer_id,))
    let_go(alice, held)
    expect(alice.page.locator("[data-outbox-count=needs_you]")).to_have_text("1")
    server.write("UPDATE customer SET owner_id = ? WHERE id = ?", (owner, customer_id))
    alice.page.reload()
    alice.page.evaluate(
        """() => new Promise((found) => {
             const asked = indexedDB.open(`roadbook-${document.body.dataset.person}`);
             asked.onsuccess = () => {
               const all = asked.result.transaction('outbox').objectStore('outbox').getAllKeys();
               all.onsuccess = () => { location.hash = `mend=${all.result[0]}`; found(); };
             };
           })"""
    )
    expect(alice.page.locator("#order-lines .line")).to_have_count(1)
    expect(alice.notice("Nothing is lost: change it and send it again.")).to_be_visible()
    alice.type(alice.page.get_by_label(f"How many: {job.GOODS[0][1]}").last, "7")
    alice.page.keyboard.press("Tab")
    expect(alice.page.locator("#order-lines .total")).to_contain_text("22.40")
    alice.tap(alice.button("Place order"))
    job.all_sent(alice)
    expect(alice.page.locator("[data-outbox-count=needs_you]")).to_be_hidden()
    expect(alice.page.locator(".lines .line")).to_contain_text("7 瓶")


def test_a_promise_kept_is_crossed_off_without_a_signal(alice: Phone) -> None:
    alice.go("/inbox")
    rows = alice.page.locator(".row:visible")
    before = rows.count()
    alice.context.set_offline(True)
    alice.tap(alice.button("Done").first)
    expect(alice.page.get_by_text("Kept, on this phone")).to_be_visible()
    expect(rows).to_have_count(before)
    alice.context.set_offline(False)
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    job.all_sent(alice)
    expect(rows).to_have_count(before - 1)
