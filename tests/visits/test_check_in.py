from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.core import clock
from app.customers.models import Customer
from app.customers.rules import PinSource
from app.visits.models import Visit
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, names, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "visits-check_in"


def visit_page(browser: TestClient, shop: Customer) -> Element:
    return look(browser, f"/customers/{shop.id}/visit")


def visits(db: Session) -> list[Visit]:
    return world.seen(db, select(Visit))


def test_it_works(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    page = arrive(alice, send(alice, visit_page(alice, shop), FORM, world.fix(38, accuracy=20)))
    assert "Confirmed" in page.text
    assert "38 m away, accuracy ±20 m" in page.text
    assert "here since" in page.text
    assert "Check out" in page.text


def test_it_works_with_htmx(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    answer = send(alice, visit_page(alice, shop), FORM, world.fix(), htmx=True)
    assert "Confirmed" in arrive(alice, answer).text


def test_a_colleague_can_not_visit_what_is_not_his_but_their_manager_can(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, mia, bob = world.customer(db, cast.alice), browser_of(cast.mia), browser_of(cast.bob)
    assert "Confirmed" in arrive(mia, send(mia, visit_page(mia, shop), FORM, world.fix())).text
    sentence = refused(bob.get(f"/customers/{shop.id}/visit"), 404)
    assert sentence == "This customer is not among those you look after."


def test_charlie_cannot(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice, charlie = (
        world.customer(db, cast.alice),
        browser_of(cast.alice),
        browser_of(cast.charlie),
    )
    sentence = refused(send(charlie, visit_page(alice, shop), FORM, world.fix()), 404)
    assert sentence == "This customer is not among those you look after."
    assert not visits(db)


def test_the_assistant_is_told_who_visits(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice)
    sentence = refused(browser_of(cast.sam).get(f"/customers/{shop.id}/visit"), 409)
    assert sentence == "Visits are recorded by those who make them. Ask the customer's owner."


@pytest.mark.parametrize(
    ("metres", "accuracy", "said"),
    [
        (100, 250, "Likely"),  # could be outside the radius, by the fix
        (0, 301, "Cannot tell"),  # a fix worse than the radius proves nothing
        (310, 50, "Likely"),  # outside, but for the accuracy of the fix
        (800, 600, "Cannot tell"),  # in a cellar
        (299, 0, "Confirmed"),
    ],
)
def test_the_radius_grows_by_the_accuracy(
    db: Session, cast: Cast, browser_of: Browser, metres: float, accuracy: float, said: str
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    answer = send(alice, visit_page(alice, shop), FORM, world.fix(metres, accuracy))
    evidence = arrive(alice, answer).one("p", having="evidence")
    assert evidence.one("strong").text == said


@pytest.mark.parametrize("htmx", [False, True])
def test_far_away_a_reason_is_asked_and_then_it_is_recorded(
    db: Session, cast: Cast, browser_of: Browser, *, htmx: bool
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    asked = send(alice, visit_page(alice, shop), FORM, world.fix(4200), htmx=htmx)
    form = put_back(asked) if htmx else read(asked)
    assert asked.status_code == 422
    assert "4.2 km away, accuracy ±10 m" in form.text
    assert "Why not at the pin?" in names(form)
    assert not visits(db)
    reason = "Met the owner at the trade fair"
    page = arrive(alice, send(alice, form, FORM, {"reason": reason}, htmx=htmx))
    assert page.one("p", having="evidence").text.startswith("Far 4.2 km away")
    assert reason in page.text


def test_who_is_far_and_gives_no_reason_is_asked_again(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    form = put_back(send(alice, visit_page(alice, shop), FORM, world.fix(4200), htmx=True))
    again = put_back(send(alice, form, FORM, {"reason": "  "}, htmx=True))
    assert "4.2 km away" in again.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_reason_too_long_is_kept_for_mending(
    db: Session, cast: Cast, browser_of: Browser, *, htmx: bool
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    form = read(send(alice, visit_page(alice, shop), FORM, world.fix(4200)))
    answer = send(alice, form, FORM, {"reason": "x" * 501}, htmx=htmx)
    again = put_back(answer) if htmx else read(answer)
    assert "At most 500 characters." in again.text
    assert again.one("textarea").raw == "x" * 501
    page = arrive(alice, send(alice, again, FORM, {"reason": "x" * 500}))
    assert "Far 4.2 km away" in page.text


def test_it_works_without_a_position(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    page = arrive(alice, send(alice, visit_page(alice, shop), FORM))
    assert page.one("p", having="evidence").text.startswith(
        "Cannot tell no position from the phone"
    )


def test_a_customer_without_a_pin_gets_it_from_the_first_good_fix(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, alice = world.customer(db, cast.alice, at=None), browser_of(cast.alice)
    assert "The first check-in here sets the pin." in look(alice, f"/customers/{shop.id}").text
    answer = send(alice, visit_page(alice, shop), FORM, world.fix(accuracy=30))
    assert "the customer has no pin yet, accuracy ±30 m" in arrive(alice, answer).text
    assert "Navigate" in look(alice, f"/customers/{shop.id}").text
    db.refresh(shop)
    assert shop.point == pytest.approx(world.PIN)
    assert shop.pin_source is PinSource.CHECK_IN


def test_a_poor_fix_is_no_pin(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice, at=None), browser_of(cast.alice)
    arrive(alice, send(alice, visit_page(alice, shop), FORM, world.fix(accuracy=101)))
    assert "The first check-in here sets the pin." in look(alice, f"/customers/{shop.id}").text


def test_a_pin_that_is_known_does_not_move(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    arrive(alice, send(alice, visit_page(alice, shop), FORM, world.fix(150)))
    db.refresh(shop)
    assert shop.point == world.PIN


def test_a_large_site_has_a_radius_of_its_own(db: Session, cast: Cast, browser_of: Browser) -> None:
    quarry = world.customer(db, cast.alice, "Quarry", radius_m=2000)
    alice = browser_of(cast.alice)
    answer = send(alice, visit_page(alice, quarry), FORM, world.fix(1500))
    assert "Confirmed 1.5 km away" in arrive(alice, answer).text


def test_two_taps_are_one_visit(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    page, same = visit_page(alice, shop), {"id": world.new_id()}
    arrive(alice, send(alice, page, FORM, world.fix() | same))
    arrive(alice, send(alice, page, FORM, world.fix() | same))
    assert len(visits(db)) == 1


def test_it_refuses_who_is_checked_in_already(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    page = visit_page(alice, shop)
    arrive(alice, send(alice, page, FORM, world.fix()))
    assert refused(send(alice, page, FORM, world.fix()), 409) == "You are checked in here already."


def test_one_can_come_back_the_same_day(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    before = clock.now() - timedelta(seconds=2)
    world.visit(db, cast.alice, shop, before, left=before + timedelta(seconds=1))
    page = visit_page(alice, shop)
    assert "Here a second time today?" in page.text
    assert "Check out" in arrive(alice, send(alice, page, FORM, world.fix())).text
    assert len(visits(db)) == 2


def test_who_checks_in_elsewhere_has_left(db: Session, cast: Cast, browser_of: Browser) -> None:
    alice = browser_of(cast.alice)
    first = world.customer(db, cast.alice)
    second = world.customer(db, cast.alice, "Green Grocer")
    arrive(alice, send(alice, visit_page(alice, first), FORM, world.fix()))
    arrive(alice, send(alice, visit_page(alice, second), FORM, world.fix()))
    assert "not checked out" in look(alice, f"/customers/{first.id}").text
    assert "not checked out" in visit_page(alice, first).text
    assert "here since" in visit_page(alice, second).text


def test_a_visit_left_open_yesterday_shuts_nothing(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = world.customer(db, cast.alice)
    noon = datetime(2026, 11, 24, 4, tzinfo=UTC)
    world.the_clock_says(monkeypatch, noon - timedelta(days=1))
    world.visit(db, cast.alice, shop)
    world.the_clock_says(monkeypatch, noon)
    alice = browser_of(cast.alice)
    typed = world.fix() | {"at": noon.isoformat()}
    arrive(alice, send(alice, visit_page(alice, shop), FORM, typed))
    history = look(alice, f"/customers/{shop.id}").one(having="timeline").text
    assert history.count("not checked out") == 1


def test_who_is_signed_out_keeps_the_form(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    answer = send(browser_of(), visit_page(alice, shop), FORM, world.fix(), htmx=True)
    assert refused(answer, 401).startswith("Please sign in.")
    assert answer.headers["HX-Retarget"] == "#messages"
