"""Appointments on today's list; times are Shanghai's."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.customers.commands import SetVisitMinutes
from app.customers.models import Customer
from app.planning.commands import OrderStops, PlanVisit, SkipStop
from app.planning.rules import SkipReason
from app.today.queries import day_list
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, TODAY, lives_at, on_a_line

Browser = Callable[..., TestClient]


def agreed(db: Session, person: Person, shop: Customer, at: str) -> None:
    wish = PlanVisit(customer_id=shop.id, on_day=TODAY, at_time=time.fromisoformat(at), at=MORNING)
    world.done(db, person, wish)


def it_is(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    """By the clock on the wall in Shanghai."""
    hour, minute = map(int, at.split(":"))
    moment = datetime(2026, 11, 24, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    world.the_clock_says(monkeypatch, moment)


def a_little_late(db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """Where alice should be now; it is some minutes away."""
    _near, far = on_a_line(db, cast, 2, 9)
    agreed(db, cast.alice, far, "10:30")
    it_is(monkeypatch, "10:30")
    return far


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    """The nearest one would come first; the appointment is kept to the minute all the same."""
    near, far = on_a_line(db, cast, 2, 9)
    agreed(db, cast.alice, far, "09:00")
    first, second = day_list(db, cast.alice, None).ahead
    assert [first.customer.id, second.customer.id] == [far.id, near.id]
    assert first.arrive
    assert first.arrive <= time(9)
    following = look(browser_of(cast.alice), "/today").one("li", having="next").text
    assert "appointment 09:00" in following
    assert "late" not in following


def test_between_two_visits(db: Session, cast: Cast) -> None:
    shops = on_a_line(db, cast, 1, 2, 3)
    agreed(db, cast.alice, shops[0], "11:15")
    ahead = day_list(db, cast.alice, None).ahead
    assert {stop.customer.id for stop in ahead} == {shop.id for shop in shops}
    after = [stop for stop in ahead if stop.arrive and stop.arrive > time(11, 15)]
    meeting = next(stop for stop in ahead if stop.customer.id == shops[0].id)
    assert meeting.arrive
    assert meeting.arrive <= time(11, 15)
    assert all(stop.arrive and stop.arrive >= time(11, 30) for stop in after)


def test_who_is_a_little_late_goes_there_at_once(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, browser_of: Browser
) -> None:
    far = a_little_late(db, cast, monkeypatch)
    first = day_list(db, cast.alice, None).ahead[0]
    assert first.customer.id == far.id
    assert first.course
    assert 0 < first.course.late < 60
    said = look(browser_of(cast.alice), "/today").one("li", having="next").text
    assert f"{first.course.late} minutes late" in said


def test_what_was_missed_is_still_a_visit(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, browser_of: Browser
) -> None:
    near, far = on_a_line(db, cast, 2, 9)
    agreed(db, cast.alice, far, "10:30")
    it_is(monkeypatch, "13:00")
    assert {stop.customer.id for stop in day_list(db, cast.alice, None).ahead} == {near.id, far.id}
    page = look(browser_of(cast.alice), "/today")
    assert "appointment 10:30 missed" in page.text
    assert "minutes late" not in " ".join(one.text for one in page.all("li", having="stop"))


def test_an_early_one_begins_the_day(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop,) = on_a_line(db, cast, 5)
    agreed(db, cast.alice, shop, "07:30")
    it_is(monkeypatch, "06:00")
    (stop,) = day_list(db, cast.alice, None).ahead
    assert stop.arrive
    assert time(7, 15) <= stop.arrive <= time(7, 30)


def test_an_early_one_that_was_missed_does_not_begin_it(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop,) = on_a_line(db, cast, 5)
    agreed(db, cast.alice, shop, "05:00")
    it_is(monkeypatch, "07:00")
    assert day_list(db, cast.alice, None).departs == 8.5 * 3600


def test_one_after_the_end_of_the_day_is_reached_from_now_on(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop,) = on_a_line(db, cast, 15)
    agreed(db, cast.alice, shop, "19:00")
    it_is(monkeypatch, "18:40")
    day = day_list(db, cast.alice, None)
    assert day.departs == (18 * 60 + 40) * 60
    (stop,) = day.ahead
    assert stop.course
    assert stop.course.late > 0


def test_while_one_is_still_somewhere_else_it_is_said_who_waits(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A visit takes as long as it usually does: the next one is not begun now."""
    near, far = on_a_line(db, cast, 2, 9)
    world.done(db, cast.alice, SetVisitMinutes(customer_id=near.id, minutes=60, at=MORNING))
    agreed(db, cast.alice, far, "09:45")
    it_is(monkeypatch, "09:05")
    world.visit(db, cast.alice, near)
    (stop,) = day_list(db, cast.alice, None).ahead
    assert stop.course
    assert stop.course.late > 20


def test_time_to_spare_before_it_is_that_between_arriving_and_beginning(
    db: Session, cast: Cast
) -> None:
    (shop,) = on_a_line(db, cast, 5)
    agreed(db, cast.alice, shop, "16:00")
    (stop,) = day_list(db, cast.alice, None).ahead
    assert stop.course
    assert stop.course.spare is None  # hours of it


def test_what_was_agreed_stands_beside_when_one_can_be_there(
    db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, browser_of: Browser
) -> None:
    """The phone reckons with the one and speaks of the other."""
    a_little_late(db, cast, monkeypatch)
    said = look(browser_of(cast.alice), "/today").one("li", having="next").attributes
    assert said["data-agreed"] == "630"
    assert int(said["data-fixed"]) > 630


def test_who_asked_to_come_later_is_a_stop_again_once_it_is_agreed_when(
    db: Session, cast: Cast
) -> None:
    shop, _other = on_a_line(db, cast, 2, 9)
    skip = SkipStop(customer_id=shop.id, on_day=TODAY, reason=SkipReason.LATER, at=MORNING)
    world.done(db, cast.alice, skip)
    agreed(db, cast.alice, shop, "16:00")
    day = day_list(db, cast.alice, None)
    assert [stop.customer.name for stop in day.skipped] == []
    assert [stop.fixed for stop in day.ahead if stop.customer.id == shop.id] == [16 * 60]


def test_one_in_the_evening_makes_the_day_longer(db: Session, cast: Cast) -> None:
    (shop,) = on_a_line(db, cast, 5)
    agreed(db, cast.alice, shop, "19:00")
    day = day_list(db, cast.alice, None)
    assert [stop.customer.id for stop in day.ahead] == [shop.id]
    assert day.finish
    assert day.finish > time(19)


def test_who_finds_no_time_beside_them_is_named(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    first, second = on_a_line(db, cast, 3, 4)
    agreed(db, cast.alice, first, "10:00")
    agreed(db, cast.alice, second, "10:00")
    day = day_list(db, cast.alice, None)
    assert (len(day.ahead), len(day.left_out)) == (1, 1)
    assert "the appointments leave no time for it" in look(browser_of(cast.alice), "/today").text


def test_a_visit_that_must_be_is_not_left_out(db: Session, cast: Cast) -> None:
    """It is a C customer's, and far; without it two A customers fit."""
    lives_at(db, cast.alice, world.PIN)
    shut = [[day, 510, 640] for day in range(7)]
    for name, grade, metres in (("One", "A1", 1_000), ("Two", "A1", 2_000), ("Far", "C", 30_000)):
        shop = world.customer(
            db, cast.alice, name, at=world.away(metres), grade=grade, windows=shut
        )
        must = name == "Far"
        wish = PlanVisit(customer_id=shop.id, on_day=TODAY, must=must, at=MORNING)
        world.done(db, cast.alice, wish)
    ahead = [stop.customer.name for stop in day_list(db, cast.alice, None).ahead]
    assert "Far" in ahead
    assert len(ahead) < 3


def test_the_reps_own_order_may_come_too_late_for_it(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    """It is said how late; the door is not closed."""
    near, far = on_a_line(db, cast, 2, 9)
    agreed(db, cast.alice, far, "09:05")
    order = OrderStops(on_day=TODAY, customer_ids=[near.id, far.id], at=MORNING)
    world.done(db, cast.alice, order)
    last = look(browser_of(cast.alice), "/today").all("li", having="stop")[-1]
    (late,) = [one for one in last.all("span") if one.attributes.get("data-way") == "late"]
    assert late.text.endswith("minutes late")
    assert "closed when you arrive" not in last.text
