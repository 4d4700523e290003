"""A customer met on the road, with a thumb: with a signal, without, and with half of one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from app.core.geo import Point
from tests.browser import job
from tests.browser.looks import look
from tests.browser.phone import Phone
from tests.browser.server import Server

NAME = "阿拉丁烟酒"
OWN = (
    "SELECT c.name, c.lat, c.lon, replace(c.id, '-', '') FROM customer c"
    " JOIN person p ON p.id = c.owner_id"
    " WHERE p.username = ? AND c.lat IS NOT NULL ORDER BY c.sort_key LIMIT 1"
)
LONG = "上海市浦东新区陆家嘴环路阿拉丁神灯国际烟酒食品贸易" * 2 + "有限公司"


@pytest.fixture
def form(alice: Phone) -> Phone:
    alice.go("/customers/new")
    return alice


def made(server: Server, name: str = NAME) -> list[str]:
    return [key for (key,) in server.rows("SELECT id FROM customer WHERE name = ?", (name,))]


def add(phone: Phone, name: str = NAME) -> None:
    phone.type(phone.field("Name"), name)
    phone.tap(phone.button("Add customer"))
    expect(phone.notice("On this phone").or_(phone.notice("Received")).first).to_be_visible()


def sent(phone: Phone) -> None:
    phone.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator(".added:not(.pending)").first).to_be_visible()
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    expect(phone.page.locator(".pending")).to_have_count(0)


def use_where_i_am(phone: Phone) -> None:
    phone.tap(phone.field("Use where I am"))
    expect(phone.page.get_by_text("Position read, accuracy ±20 m")).to_be_visible()


def test_it_works(alice: Phone, server: Server) -> None:
    alice.go("/customers")
    alice.tap(alice.link("New customer"))
    alice.type(alice.field("Phone"), "13917880301")
    use_where_i_am(alice)
    add(alice)
    sent(alice)
    card = alice.page.locator(".added").filter(has_text=NAME)
    expect(card).to_have_count(1)
    expect(alice.field("Name")).to_have_value("")
    assert alice.taps <= 5  # the list's button, phone, position, name, add
    alice.tap(card.get_by_role("link", name="Visit"))
    job.check_in(alice)
    ((lat, source),) = server.rows("SELECT lat, pin_source FROM customer WHERE name = ?", (NAME,))
    assert (round(lat, 4), source) == (31.2305, "person")
    alice.go("/today")
    expect(alice.page.locator(".stop.now")).to_contain_text(NAME)


def test_the_search_that_finds_nothing_brings_the_name_along(alice: Phone, server: Server) -> None:
    alice.go("/customers")
    alice.type(alice.field("Find a customer"), NAME)
    alice.tap(alice.page.get_by_role("link", name=f"Add “{NAME}”"))
    expect(alice.field("Name")).to_have_value(NAME)
    alice.tap(alice.button("Add customer"))
    expect(alice.page.locator(".added").filter(has_text=NAME)).to_be_visible()
    sent(alice)
    assert len(made(server)) == 1


def test_without_the_tick_no_position_is_read(form: Phone, server: Server) -> None:
    form.page.evaluate(
        "() => { navigator.geolocation.getCurrentPosition = () => { window.asked = true } }"
    )
    add(form)
    sent(form)
    assert not form.page.evaluate("window.asked ?? false")
    assert server.rows("SELECT lat FROM customer WHERE name = ?", (NAME,)) == [(None,)]


def test_what_is_known_already_is_told_while_it_is_written(form: Phone, server: Server) -> None:
    ((name, lat, lon, _id),) = server.rows(OWN, ("alice",))
    form.is_at(Point(lat + 0.0005, lon))
    form.type(form.field("Name"), name)
    known = form.page.locator("#alike")
    expect(known).to_contain_text("same name")
    use_where_i_am(form)
    expect(known).to_contain_text("same name, 55 m away")
    form.tap(form.button("Add customer"))
    expect(known).to_be_empty()
    sent(form)
    ((theirs, _lat, _lon, _id),) = server.rows(OWN, ("bob",))
    form.type(form.field("Name"), theirs)
    expect(known).to_contain_text("A colleague looks after a customer like this")


def test_without_a_signal_it_waits_and_arrives_once(form: Phone, server: Server) -> None:
    form.type(form.field("Name"), "阿拉丁")
    form.context.set_offline(True)
    form.type(form.field("Name"), NAME)
    use_where_i_am(form)
    form.page.wait_for_timeout(700)  # the question what it may be already has failed by now
    expect(form.notice("No signal")).to_have_count(0)
    form.tap(form.button("Add customer"))
    waits = form.page.locator(".added.pending")
    expect(waits).to_contain_text(NAME)
    form.page.wait_for_timeout(700)
    expect(form.notice("On this phone").first).to_be_visible()
    expect(form.page.locator("[data-outbox-count=waiting]")).to_have_text("1")
    href = waits.get_by_role("link", name="Visit").get_attribute("href") or ""
    key = re.fullmatch(r"/customers/([0-9a-f-]{36})/visit", href)
    assert key, href
    assert not made(server)
    sent(form)
    assert made(server) == [key[1].replace("-", "")]
    expect(form.page.locator(".added")).to_have_count(1)
    form.page.reload()
    assert len(made(server)) == 1


def test_a_second_one_is_written_while_the_first_waits(form: Phone, server: Server) -> None:
    form.context.set_offline(True)
    for name in ("第一家", "第二家"):
        add(form, name)
        expect(form.page.locator(".added.pending").filter(has_text=name)).to_be_visible()
        expect(form.field("Name")).to_have_value("")
    sent(form)
    assert len(made(server, "第一家")) == len(made(server, "第二家")) == 1


def test_it_stands_in_the_list_before_it_is_sent(form: Phone) -> None:
    form.page.route("**/sync/commands", lambda route: route.abort())
    add(form)
    form.go("/customers")
    waits = form.page.locator(".row.pending")
    expect(waits).to_contain_text(NAME)
    expect(waits.get_by_role("link")).to_have_attribute(
        "href", re.compile("/customers/[0-9a-f-]{36}$")
    )


def test_what_is_half_written_is_there_again(form: Phone) -> None:
    form.type(form.field("Name"), NAME)
    form.tap(form.page.get_by_text("More about them"))
    form.type(form.field("Address"), "北京西路1320号")
    form.page.wait_for_timeout(500)
    form.page.reload()
    expect(form.field("Name")).to_have_value(NAME)
    form.tap(form.page.get_by_text("More about them"))
    expect(form.field("Address")).to_have_value("北京西路1320号")


def test_a_phone_that_says_no_position_goes_on(
    phone_of: Callable[..., Phone], server: Server
) -> None:
    phone = phone_of("alice", located=False)
    phone.go("/customers/new")
    phone.tap(phone.field("Use where I am"))
    expect(phone.page.get_by_text("The phone does not say where it is.")).to_be_visible()
    expect(phone.field("Use where I am")).not_to_be_checked()
    add(phone)
    sent(phone)
    assert len(made(server)) == 1


def test_a_visit_there_begins_before_the_server_knows_of_it(form: Phone, server: Server) -> None:
    """The page of a customer that waits is made here as the phone's worker makes it."""
    form.page.route("**/sync/commands", lambda route: route.abort())
    add(form)
    waits = form.page.locator(".added.pending")
    href = waits.get_by_role("link", name="Visit").get_attribute("href") or ""
    key = href.split("/")[2]

    def as_the_worker(route: Route) -> None:
        blank = form.context.request.get(f"{server.url}/customers/blank/visit").text()
        text = blank.replace("{id}", key).replace("{name}", NAME)
        text = re.sub(r"\{(address|phone|note)\}", "", text)
        route.fulfill(body=text, content_type="text/html", headers={"Roadbook": "1"})

    form.page.route(f"**/customers/{key}/visit", as_the_worker)
    form.tap(waits.get_by_role("link", name="Visit"))
    expect(form.page.locator("h1")).to_have_text(NAME)
    job.check_in(form)
    expect(form.page.get_by_text("Checked in, on this phone")).to_be_visible()
    form.type(form.field("Note"), "老许认人")
    form.tap(form.button("Save note"))
    expect(form.page.locator(".pending").filter(has_text="老许认人")).to_be_visible()
    job.choose(form, "Progress")
    form.tap(form.button("Check out"))
    expect(form.page.get_by_text("Checked out, on this phone")).to_be_visible()
    form.page.unroute_all(behavior="wait")
    form.page.evaluate("dispatchEvent(new Event('online'))")
    expect(form.page.get_by_text("Visit recorded")).to_be_visible()
    told = job.history(form, key)
    assert told == {"visit": 1, "note": 1, "order": 0, "promise": 0}
    assert len(made(server)) == 1


def test_the_manager_merges_and_undoes_it(
    alice: Phone, phone_of: Callable[..., Phone], server: Server
) -> None:
    ((name, _lat, _lon, _id),) = server.rows(OWN, ("bob",))
    alice.go("/customers/new")
    add(alice, name)
    sent(alice)
    mia = phone_of("mia")
    mia.go("/customers/alike")
    pair = mia.page.locator(".pair-of-cards")
    expect(pair).to_contain_text("same name")
    mia.tap(pair.get_by_role("button", name="The same: keep this card").first)
    expect(mia.page.get_by_text("Nothing is in doubt")).to_be_visible()
    ((kept,),) = server.rows("SELECT kept_id FROM merger")
    mia.go(f"/customers/{kept}")
    mia.tap(mia.button("They are two: undo"))
    expect(mia.page.get_by_text("Also known as")).to_have_count(0)
    assert server.rows("SELECT count(*) FROM merger WHERE undone_at IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_how_it_looks(
    phone_of: Callable[..., Phone], server: Server, language: str, tmp_path: Path
) -> None:
    phone = phone_of("alice", language=language)
    ((name, lat, lon, _id),) = server.rows(OWN, ("alice",))
    phone.is_at(Point(lat, lon))
    phone.go("/customers/new")
    wrong = look(phone, "new-customer", tmp_path)
    phone.tap(phone.page.get_by_text(phone.words("More about them")))
    phone.tap(phone.field("Use where I am"))
    phone.type(phone.field("Name"), name)
    expect(phone.page.locator("#alike a")).to_be_visible()
    wrong += look(phone, "new-customer-known", tmp_path)
    phone.tap(phone.button("Add customer"))
    expect(phone.page.locator(".added")).to_have_count(1)
    sent(phone)
    phone.type(phone.field("Name"), LONG)
    phone.context.set_offline(True)
    phone.tap(phone.button("Add customer"))
    expect(phone.page.locator(".added.pending")).to_be_visible()
    phone.page.wait_for_timeout(700)
    phone.complaints.clear()
    wrong += look(phone, "new-customer-waiting", tmp_path)
    sent(phone)
    for page in ("/customers/alike", "/customers/blank", "/customers/blank/visit"):
        phone.go(page)
        wrong += look(phone, page.replace("/", "-"), tmp_path)
    phone.tap(phone.page.locator("a.back"))
    assert not wrong, "\n".join(wrong)
