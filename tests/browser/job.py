"""The rep's job, step by step, as a thumb does it."""

from decimal import Decimal
from urllib.parse import urlsplit

from playwright.sync_api import expect

from app.core.geo import Point
from tests.browser.phone import Phone, amount
from tests.browser.server import Server

GOODS = (  # what is typed, what is picked, how many
    ("wtwl", "云雾里无糖乌龙茶", "3"),
    ("S302", "泡泡堂橘子汽水", "12"),
    ("zadnt", "早安豆拿铁", "2"),
    ("薯片", "脆脆社青瓜味薯片", "5"),
    ("jclg", "江潮拉格啤酒", "24"),
)


def sign_in(phone: Phone, username: str) -> None:
    phone.go("/")
    phone.type(phone.field("Username"), username)
    phone.type(phone.field("Password"), "roadbook")
    phone.tap(phone.button("Sign in"))
    expect(phone.page).to_have_url(f"{phone.server.url}/today")


def open_first_stop(phone: Phone) -> str:
    """To the visit of the next stop; the customer's id."""
    phone.tap(phone.page.locator(".stop.next").get_by_role("link", name=phone.words("Visit")))
    expect(phone.button("Check in")).to_be_visible()
    return urlsplit(phone.page.url).path.split("/")[2]


def pin_of(server: Server, customer_id: str) -> Point:
    ((lat, lon),) = server.rows(
        "SELECT lat, lon FROM customer WHERE id = ?", (customer_id.replace("-", ""),)
    )
    return Point(lat, lon)


def arrive(phone: Phone) -> str:
    """At the door of today's first stop, with the visit's page open."""
    phone.go("/today")
    customer_id = open_first_stop(phone)
    phone.is_at(pin_of(phone.server, customer_id))
    return customer_id


def check_in(phone: Phone) -> None:
    phone.tap(phone.button("Check in"))
    expect(phone.button("Check out")).to_be_visible()


def minute_of(time: str) -> int:
    """Of the day, of a time such as 09:30."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def all_sent(phone: Phone) -> None:
    """The server has taken everything, and the page is as new."""
    expect(phone.page.locator("[data-outbox-count=waiting]")).to_be_hidden()
    expect(phone.page.locator(".pending")).to_have_count(0)
    for drawn in ("Checked in, on this phone", "Checked out, on this phone"):
        expect(phone.page.get_by_text(phone.words(drawn))).to_have_count(0)


def write_note(phone: Phone, text: str) -> None:
    phone.type(phone.field("Note"), text)
    phone.tap(phone.button("Save note"))
    expect(phone.page.get_by_text(text)).to_be_visible()


def add_line(phone: Phone, typed: str, name: str, quantity: str) -> Decimal:
    """What the line costs, by the price that the suggestion showed."""
    lines = phone.page.locator("#order-lines .line")
    before = lines.count()
    phone.type(phone.field("Product"), typed)
    option = phone.page.get_by_role("option").filter(has_text=name).first
    price = amount(option.locator(".money").inner_text().split("/")[0])
    phone.tap(option)
    phone.type(phone.field("Quantity"), quantity)
    phone.tap(phone.button("Add line"))
    expect(lines).to_have_count(before + 1)
    expect(lines.nth(before)).to_contain_text(name)
    return price * Decimal(quantity)


def running_total(phone: Phone) -> Decimal:
    return amount(phone.page.locator("#order-lines .total .money").inner_text())


def take_order(phone: Phone) -> Decimal:
    """Five lines, the running total looked at after each; what the order costs."""
    total = Decimal(0)
    for typed, name, quantity in GOODS:
        total += add_line(phone, typed, name, quantity)
        assert running_total(phone) == total
    phone.tap(phone.button("Place order"))
    expect(phone.button("Place order")).to_have_count(0)
    return total


def sign(phone: Phone) -> None:
    """The customer does, with a finger."""
    phone.tap(phone.button("Let the customer sign"))
    sheet = phone.page.get_by_role("dialog").locator("svg")
    box = sheet.bounding_box()
    assert box
    mouse = phone.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 80)
    mouse.down()
    for step in range(10):
        mouse.move(box["x"] + 20 + 20 * step, box["y"] + 80 + 30 * (step % 2))
    mouse.up()
    phone.tap(phone.button("Done"))
    expect(phone.page.get_by_role("dialog")).to_have_count(0)


def make_promise(phone: Phone, what: str, due: str) -> None:
    phone.type(phone.field("Promise"), what)
    phone.type(phone.field("Due"), due)
    phone.tap(phone.button("Save promise"))
    expect(phone.page.locator("#followups-make_promise input[name=what]")).to_have_value("")
    expect(phone.page.get_by_text(what)).to_be_visible()


def check_out(phone: Phone, outcome: str, next_step: str = "", next_on: str = "") -> None:
    choose(phone, outcome)
    if next_step:
        phone.type(phone.field("Next step"), next_step)
    if next_on:
        phone.type(phone.field("Next visit"), next_on)
    phone.tap(phone.button("Check out"))
    expect(phone.page.get_by_text(phone.words("Visit recorded"))).to_be_visible()


def choose(phone: Phone, outcome: str) -> None:
    choices = phone.page.get_by_role("radiogroup", name=phone.words("Outcome"))
    choice = choices.get_by_text(phone.words(outcome), exact=True)
    if not choice.locator("xpath=..").get_by_role("radio").is_checked():
        phone.tap(choice)


def history(phone: Phone, customer_id: str) -> dict[str, int]:
    """How many of each kind of entry the customer's timeline shows."""
    phone.go(f"/customers/{customer_id}?shown=1000")
    kinds = ("visit", "note", "order", "promise")
    return {kind: phone.page.locator(f".timeline .entry.{kind}").count() for kind in kinds}
