"""The day by hand: skip with a reason, reorder, pin, add, plan again, undo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from app.customers.models import Customer
from app.planning.commands import AddStop, OrderStops, PinStop, PlanAgain, SkipStop, UndoByHand
from app.planning.models import StopByHand
from app.planning.rules import SkipReason
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, read, refused
from tests.today.a_day import MORNING, OPEN, TODAY, on_a_line, stops

Browser = Callable[..., TestClient]


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def ids(shops: list[Customer]) -> list[UUID]:
    return [shop.id for shop in shops]


def named(*kilometres: int) -> list[str]:
    return [f"Kilometre {km}" for km in kilometres]


def change(browser: TestClient, shop: Customer) -> Element:
    return look(browser, f"/today/change/{shop.id}")


def tapped(browser: TestClient, page: Element, label: str) -> Element:
    """The page after the button was tapped, without script."""
    (button,) = [one for one in page.all("button") if one.text == label]
    form: Element | None = button.parent
    while form and form.tag != "form":
        form = form.parent
    assert form
    fields = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in form.all("input")
        if "data-mint" not in one.attributes and "data-now" not in one.attributes
    }
    if "name" in button.attributes:
        fields[button.attributes["name"]] = button.attributes["value"]
    return arrive(browser, browser.post(form.attributes["action"], data=fields))


def deeds(db: Session) -> list[StopByHand]:
    return world.seen(db, select(StopByHand).order_by(col(StopByHand.number)))


def by_hand(page: Element) -> list[str]:
    """What the list of changes says."""
    return [row.one("p").text for row in page.one("section", having="by-hand").all("li")]


def test_skip_with_a_reason_and_undo(db: Session, cast: Cast, alice: TestClient) -> None:
    _two, four, _six = on_a_line(db, cast, 2, 4, 6)
    page = tapped(alice, change(alice, four), "No time")
    assert sorted(stops(page)) == named(2, 6)
    assert by_hand(page) == ["Skipped Kilometre 4: No time"]
    assert "2 stops" in page.text
    (deed,) = deeds(db)
    assert (deed.reason, deed.customer_id, deed.on_day) == (SkipReason.NO_TIME, four.id, TODAY)
    assert "Undo" in change(alice, four).text
    back = tapped(alice, page, "Undo")
    assert sorted(stops(back)) == named(2, 4, 6)
    assert by_hand(back) == []
    first = deeds(db)[0].undone_at
    world.done(db, cast.alice, UndoByHand(deed_id=deed.id))
    assert deeds(db)[0].undone_at == first is not None


def test_the_order_stays_as_it_was_put(db: Session, cast: Cast, alice: TestClient) -> None:
    shops = on_a_line(db, cast, 2, 4, 6, 8)
    world.done(db, cast.alice, OrderStops(on_day=TODAY, customer_ids=ids(shops)))
    page = tapped(alice, change(alice, shops[3]), "First")
    assert stops(page) == named(8, 2, 4, 6)
    assert "This is your order. Planned again: " in page.text
    page = tapped(alice, change(alice, shops[2]), "Up")
    assert stops(page) == named(8, 2, 6, 4)
    page = tapped(alice, change(alice, shops[0]), "Down")
    assert stops(page) == named(8, 6, 2, 4)
    assert by_hand(page) == ["Put in another order"]
    page = tapped(alice, page, "Plan the rest again")
    assert stops(page) in (named(2, 4, 6, 8), named(8, 6, 4, 2))
    assert "This is your order" not in page.text


def test_km_and_times_of_both_orders_are_told(db: Session, cast: Cast, alice: TestClient) -> None:
    shops = on_a_line(db, cast, 4, 2, 10)
    world.done(db, cast.alice, OrderStops(on_day=TODAY, customer_ids=ids(shops)))
    page = look(alice, "/today")
    assert page.one(having="sum").text.startswith("3 stops · 31.2 km · back at 10:21")
    assert "Planned again: 26 km, " in page.one(having="yours").text


def test_what_is_pinned_keeps_its_place(db: Session, cast: Cast, alice: TestClient) -> None:
    shops = on_a_line(db, cast, 2, 4, 6, 8)
    world.done(db, cast.alice, OrderStops(on_day=TODAY, customer_ids=ids(shops)))
    tapped(alice, change(alice, shops[1]), "First")
    page = tapped(alice, change(alice, shops[1]), "Pin here")
    assert "pinned" in page.one("li", having="next").text
    page = tapped(alice, look(alice, "/today"), "Plan the rest again")
    assert stops(page)[0] == "Kilometre 4"
    wish = SkipStop(on_day=TODAY, customer_id=shops[0].id, reason=SkipReason.CLOSED)
    world.done(db, cast.alice, wish)
    assert stops(look(alice, "/today"))[0] == "Kilometre 4"
    page = tapped(alice, change(alice, shops[1]), "Unpin")
    assert "pinned" not in page.text.replace("Unpinned", "")


def test_pinned_in_the_plan_it_moves_up_as_the_day_goes_on(
    db: Session, cast: Cast, alice: TestClient
) -> None:
    shops = on_a_line(db, cast, 2, 4, 6)
    third, seen = shops[0], ids([shops[1], shops[2], shops[0]])
    world.done(db, cast.alice, PinStop(on_day=TODAY, customer_id=third.id, customer_ids=seen))
    assert stops(look(alice, "/today"))[2] == "Kilometre 2"
    world.visit(db, cast.alice, shops[2], left=MORNING)
    assert stops(look(alice, "/today"))[1:] == named(4, 2)


def test_add_who_is_not_planned(db: Session, cast: Cast, alice: TestClient) -> None:
    on_a_line(db, cast, 2, 6)
    world.customer(db, cast.alice, "Kilometre 4", at=world.away(4000), windows=OPEN)
    page = look(alice, "/today")
    add = page.one("button", aria_label="Add Kilometre 4")
    form = {"on_day": str(TODAY), "customer_id": add.attributes["value"]}
    page = arrive(alice, alice.post("/today/add", data=form))
    assert "Kilometre 4" in stops(page)
    assert by_hand(page) == ["Added Kilometre 4"]
    assert not page.all("button", aria_label="Add Kilometre 4")


def test_who_comes_in_later_goes_where_it_costs_least(
    db: Session, cast: Cast, alice: TestClient
) -> None:
    shops = on_a_line(db, cast, 8, 2, 20)
    world.done(db, cast.alice, OrderStops(on_day=TODAY, customer_ids=ids(shops)))
    late = world.customer(db, cast.alice, "Kilometre 19", at=world.away(19_000), windows=OPEN)
    world.done(db, cast.alice, AddStop(on_day=TODAY, customer_id=late.id))
    along = stops(look(alice, "/today"))
    assert along in (named(8, 2, 19, 20), named(8, 2, 20, 19))


def test_an_order_that_breaks_opening_hours_is_shown_with_the_words_why(
    db: Session, cast: Cast, alice: TestClient
) -> None:
    shops = on_a_line(db, cast, 2, 4)
    early = world.customer(
        db, cast.alice, "Early", at=world.away(1000), windows=[[1, 480, 540], [1, 840, 900]]
    )
    world.plan(db, cast.alice, early, TODAY)
    world.done(db, cast.alice, OrderStops(on_day=TODAY, customer_ids=ids([*shops, early])))
    page = look(alice, "/today")
    assert stops(page) == ["Kilometre 2", "Kilometre 4", "Early"]
    assert "pinned" not in page.text
    early.windows = [[1, 480, 540]]
    world.kept(db, early)
    assert "closed when you arrive, from 09:00" in look(alice, "/today").text


def test_it_says_how_little_time_there_is(db: Session, cast: Cast, alice: TestClient) -> None:
    lean = world.customer(db, cast.alice, "Lean", at=world.PIN, windows=[[1, 480, 535]])
    world.plan(db, cast.alice, lean, TODAY)
    page = look(alice, "/today")
    assert "5 min to spare" in page.one("li", having="next").text


def test_a_colleague_cannot(
    db: Session, cast: Cast, alice: TestClient, browser_of: Browser
) -> None:
    shops = on_a_line(db, cast, 2, 4)
    tapped(alice, change(alice, shops[0]), "Closed")
    (deed,) = deeds(db)
    bob = browser_of(cast.bob)
    answer = bob.post("/today/undo", data={"deed_id": str(deed.id)})
    assert refused(answer, 404) == "This change is not one of yours."
    for path in ("skip", "pin", "unpin", "add"):
        form = {"on_day": str(TODAY), "customer_id": str(shops[1].id), "reason": "closed"}
        if path != "skip":
            del form["reason"]
        assert bob.post(f"/today/{path}", data=form).status_code == 404
    order = {"on_day": str(TODAY), "customer_ids[0]": str(shops[1].id)}
    said = refused(bob.post("/today/order", data=order), 404)
    assert said == "These customers are not among those you look after."
    assert bob.get(f"/today/change/{shops[1].id}").status_code == 404
    assert len(deeds(db)) == 1


def test_who_was_handed_over_is_left_out_of_the_order(
    db: Session, cast: Cast, alice: TestClient
) -> None:
    shops = on_a_line(db, cast, 2, 4)
    wish = OrderStops(on_day=TODAY, customer_ids=[shops[1].id, uuid4(), shops[0].id])
    world.done(db, cast.alice, wish)
    assert stops(look(alice, "/today")) == named(4, 2)
    assert deeds(db)[0].order == ids([shops[1], shops[0]])


def test_what_was_done_with_somebody_handed_over_since_is_not_said_without_a_name(
    db: Session, cast: Cast, alice: TestClient
) -> None:
    near, far = on_a_line(db, cast, 2, 4)
    world.done(db, cast.alice, PinStop(on_day=TODAY, customer_id=near.id, customer_ids=[near.id]))
    assert by_hand(look(alice, "/today")) == [f"Pinned {near.called}"]
    near.owner_id = cast.bob.id
    db.add(near)
    db.commit()
    page = look(alice, "/today")
    assert stops(page) == [far.called]
    assert not by_hand(page)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("skip", {"reason": "bored"}),
        ("skip", {}),
        ("skip", {"reason": "closed", "on_day": "soon"}),
        ("order", {}),
    ],
)
def test_it_refuses_what_is_no_change(
    db: Session, cast: Cast, alice: TestClient, path: str, form: dict[str, str]
) -> None:
    (shop,) = on_a_line(db, cast, 2)
    said: dict[str, Any] = {"on_day": str(TODAY)} | form
    if path == "skip":
        said["customer_id"] = str(shop.id)
    answer = alice.post(f"/today/{path}", data=said)
    assert answer.status_code == 422
    assert "This form is broken" in read(answer).text
    assert deeds(db) == []


def test_the_same_deed_twice_is_done_once(db: Session, cast: Cast, alice: TestClient) -> None:
    (shop,) = on_a_line(db, cast, 2)
    wish = SkipStop(on_day=TODAY, customer_id=shop.id, reason=SkipReason.LATER)
    world.done(db, cast.alice, wish)
    world.done(db, cast.alice, wish)
    world.done(db, cast.alice, PlanAgain(on_day=TODAY))
    assert [one.number for one in deeds(db)] == [1, 2]


def test_who_was_visited_or_is_not_on_the_list(db: Session, cast: Cast, alice: TestClient) -> None:
    (shop,) = on_a_line(db, cast, 2)
    other = world.customer(db, cast.alice, "Other")
    assert "Add to today" in change(alice, other).text
    world.visit(db, cast.alice, shop, left=MORNING)
    assert "Visited today" in change(alice, shop).text
