from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.models import Contact, Customer
from app.customers.rules import Attitude, BuyingPart
from app.followups.commands import KeepPromise, MakePromise
from app.visits.commands import CheckIn, WriteNote
from tests import world
from tests.cast import Cast
from tests.reading import Element, look, refused

Browser = Callable[..., TestClient]
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # Tuesday 12:00 in Shanghai


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOON)


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


def note(db: Session, cast: Cast, shop: Customer, text: str, at: datetime) -> None:
    world.done(db, cast.alice, WriteNote(customer_id=shop.id, at=at, text=text))


def entries(page: Element) -> list[str]:
    return [one.text for one in page.one(having="timeline").all("li", having="entry")]


def asked(page: Element) -> list[str]:
    return [one.text for one in page.all("div", having="ask")]


def test_it_works(db: Session, cast: Cast, browser_of: Browser, shop: Customer) -> None:
    begun = NOON - timedelta(hours=2)
    world.visit(db, cast.alice, shop, begun)
    note(db, cast, shop, "Wants a tasting", begun + timedelta(minutes=1))
    world.order(db, cast.alice, shop, at=begun + timedelta(minutes=2))
    due_on = date(2026, 11, 26)
    made = MakePromise(
        customer_id=shop.id, what="Samples", due_on=due_on, at=begun + timedelta(minutes=3)
    )
    world.done(db, cast.alice, made)
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    promise, order, written, visit = entries(page)
    assert promise == "We owe them: Samples today 10:03 due 26 Nov"
    assert order.startswith(
        "Order S20261124-0001 CN¥30.00 today 10:02 1 line Spring Water 12 bottle"
    )
    assert written == "Note today 10:01 Wants a tasting"
    assert visit == "Visit today 10:00 Confirmed: 0 m away, accuracy ±10 m"
    assert "Last visit today" in page.text
    assert "We owe them Samples due 26 Nov" in page.text


def test_nothing_yet_says_so(cast: Cast, browser_of: Browser, shop: Customer) -> None:
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    assert "Nothing yet. Visits, notes, orders and promises will be here" in page.text
    assert "Last visit never visited" in page.text
    assert page.one("a", href=f"/customers/{shop.id}/visit").text == "Visit"


def test_a_colleague_can_not_see_it_but_the_manager_and_the_assistant_can(
    cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    path = f"/customers/{shop.id}"
    assert "Visit" in [one.text for one in look(browser_of(cast.mia), path).all("a")]
    assert "Visit" not in [one.text for one in look(browser_of(cast.sam), path).all("a")]
    refused(browser_of(cast.bob).get(path), 404)
    refused(browser_of(cast.ada).get(path), 404)


def test_charlie_cannot(cast: Cast, browser_of: Browser, shop: Customer) -> None:
    sentence = refused(browser_of(cast.charlie).get(f"/customers/{shop.id}"), 404)
    assert sentence == "This customer is not among those you look after."
    assert refused(browser_of(cast.charlie).get(f"/customers/{world.new_id()}"), 404) == sentence
    assert refused(browser_of(cast.charlie).get("/customers/x"), 404) == "There is no such page."


def test_a_promise_that_was_kept_is_history(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    made = MakePromise(customer_id=shop.id, what="Samples", due_on=date(2026, 11, 20), at=NOON)
    world.done(db, cast.alice, made)
    alice = browser_of(cast.alice)
    assert "Samples 4 days late" in look(alice, f"/customers/{shop.id}").text
    world.done(db, cast.alice, KeepPromise(promise_id=made.id, at=NOON))
    page = look(alice, f"/customers/{shop.id}")
    assert entries(page) == ["We owe them: Samples today 12:00 kept today"]
    assert "late" not in page.text


def test_more_is_shown_on_demand(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    for number in range(95):
        note(db, cast, shop, f"Note {number:02}", NOON + timedelta(seconds=number))
    alice, path = browser_of(cast.alice), f"/customers/{shop.id}"
    page = look(alice, path)
    assert len(entries(page)) == 30
    assert "Note 94" in entries(page)[0]
    more = page.one(having="pager").one("a").attributes["href"]
    page = look(alice, path + more)
    assert len(entries(page)) == 90
    more = page.one(having="pager").one("a").attributes["href"]
    page = look(alice, path + more)
    assert len(entries(page)) == 95
    assert "Show earlier" not in page.text


def test_show_earlier_never_leads_nowhere(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    for number in range(1001):
        wish = WriteNote(customer_id=shop.id, at=NOON + timedelta(seconds=number), text="x")
        db.add(world.note_of(cast.alice, wish))
    db.commit()
    alice, path = browser_of(cast.alice), f"/customers/{shop.id}"
    page = look(alice, f"{path}?shown=810")
    page = look(alice, path + page.one(having="pager").one("a").attributes["href"])
    assert len(entries(page)) == 1000
    assert "Show earlier" not in page.text


def test_the_last_visit_is_known_however_much_was_written_since(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    world.visit(db, cast.alice, shop, NOON - timedelta(days=1))
    for number in range(31):
        note(db, cast, shop, "x", NOON + timedelta(seconds=number))
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    assert "Last visit yesterday" in page.text


def test_what_is_not_known_is_a_question(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    alice, path = browser_of(cast.alice), f"/customers/{shop.id}"
    questions = {
        "What do they buy?",
        "Who supplies them now?",
        "Who decides here?",
        "When are they open?",
    }
    assert questions <= set(asked(look(alice, path)))
    shop.buys, shop.current_supplier, shop.phones = "Water", "Somebody", ["021 6279 1234"]
    shop.windows = []
    world.kept(db, shop)
    page = look(alice, path)
    assert not questions & set(asked(page))
    assert "Buys Water" in page.text
    assert "Supplier now Somebody" in page.text
    assert page.one("a", href="tel:02162791234").text == "Call 021 6279 1234"


def test_the_people_and_the_part_they_play(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    world.kept(
        db,
        Contact(
            customer_id=shop.id,
            name="Ms Wu",
            title="Owner",
            phone="139 1788 0301",
            part=BuyingPart.ECONOMIC,
            attitude=Attitude.FOR_US,
        ),
    )
    world.kept(db, Contact(customer_id=shop.id, name="Mr Xu"))
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    xu, wu = [one.text for one in page.all("li", having="contact")]
    assert xu == "Mr Xu"
    assert wu.startswith("Ms Wu Owner · decides and signs · for us 139 1788 0301")
    assert page.one("a", href="tel:13917880301").text == "Call Ms Wu"


def test_opening_hours_past_midnight_and_round_the_clock(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    shop.windows = [[0, 1200, 1560], [1, 540, 720], [1, 780, 1080], [5, 0, 1440]]
    world.kept(db, shop)
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    rows = {one.one("th").text: one.one("td").text for one in page.one("table").all("tr")}
    assert rows["Mon"] == "20:00–02:00"
    assert rows["Tue"] == "09:00–12:00 13:00–18:00"
    assert rows["Wed"] == "closed"
    assert rows["Sat"] == "00:00–24:00"
    assert "today" in next(
        one.attributes["class"] for one in page.all("tr") if one.one("th").text == "Tue"
    )
    assert "Today open 00:00–02:00, 09:00–12:00, 13:00–18:00" in page.text


def test_a_long_name_and_html_in_it(db: Session, cast: Cast, browser_of: Browser) -> None:
    name = "<b>" + "上海南京西路超级旗舰店" * 20 + "</b>"
    shop = world.customer(db, cast.alice, name, address="<i>Here</i>", buys="<u>Tea</u>")
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    assert page.one("h1").text == name
    assert "<i>Here</i>" in page.text
    assert "<u>Tea</u>" in page.text


def test_a_visit_of_somebody_else_says_whose_it_was(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    world.done(db, cast.mia, CheckIn(customer_id=shop.id, at=NOON, reason="Ride-along"))
    (visit,) = entries(look(browser_of(cast.alice), f"/customers/{shop.id}"))
    assert "Mia Zhao" in visit
    assert "no position from the phone" in visit
    assert "Ride-along" in visit


def test_times_are_the_readers(
    db: Session, cast: Cast, browser_of: Browser, shop: Customer
) -> None:
    note(db, cast, shop, "Noon in Shanghai", NOON)
    cast.mia.time_zone = "America/New_York"
    world.kept(db, cast.mia)
    (entry,) = entries(look(browser_of(cast.mia), f"/customers/{shop.id}"))
    assert "23:00" in entry  # the evening before


def test_it_speaks_chinese(db: Session, cast: Cast, browser_of: Browser, shop: Customer) -> None:
    cast.alice.language = "zh_CN"
    world.kept(db, cast.alice)
    page = look(browser_of(cast.alice), f"/customers/{shop.id}")
    assert page.one("html").attributes["lang"] == "zh-CN"
    assert page.one("a", href=f"/customers/{shop.id}/visit").text == "拜访"
