from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core import clock
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, read, refused, send

Browser = Callable[..., TestClient]
FORM = "visits-check_out"
BEGUN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def alice(
    db: Session, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> TestClient:
    world.the_clock_says(monkeypatch, BEGUN)
    world.visit(db, cast.alice, world.customer(db, cast.alice))
    return browser_of(cast.alice)


@pytest.fixture
def page(db: Session, alice: TestClient) -> Element:
    return look(alice, f"/customers/{world.only_customer(db).id}/visit")


def after(minutes: float) -> dict[str, str]:
    return {"at": (BEGUN + timedelta(minutes=minutes)).isoformat()}


def test_it_works(alice: TestClient, page: Element) -> None:
    typed = {"outcome": "progress", "next_step": "Send samples", **after(22), **world.fix()}
    done = arrive(alice, send(alice, page, FORM, typed))
    assert "Visit recorded" in done.text
    assert "stayed 22 min" in done.text
    assert "Result Progress" in done.text
    assert "Next step Send samples" in done.text
    assert "On to the next stop" in done.text


def test_it_works_with_htmx_and_without_a_position(alice: TestClient, page: Element) -> None:
    done = arrive(alice, send(alice, page, FORM, {"outcome": "not_met", **after(90)}, htmx=True))
    assert "stayed 1 h 30 min" in done.text
    assert "Result Not met" in done.text


@pytest.mark.parametrize("who", ["bob", "charlie", "mia"])
def test_charlie_cannot(cast: Cast, browser_of: Browser, page: Element, who: str) -> None:
    answer = send(browser_of(getattr(cast, who)), page, FORM, {"outcome": "progress"})
    assert refused(answer, 404) == "This visit is not one of yours."


@pytest.mark.parametrize("htmx", [False, True])
def test_it_refuses_to_end_without_an_outcome(
    alice: TestClient, page: Element, *, htmx: bool
) -> None:
    answer = send(alice, page, FORM, {"next_step": "Send samples"}, htmx=htmx)
    again = put_back(answer) if htmx else read(answer)
    assert again.one("p", having="error").text == "Please fill this in."
    assert again.one("input", name="next_step").attributes["value"] == "Send samples"
    assert "Visit recorded" in arrive(alice, send(alice, again, FORM, {"outcome": "order"})).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": "won"}, "Please choose one of those offered."),
        ({"next_on": "tomorrow"}, "Please give a date, for example 2026-11-30."),
        ({"next_on": "2026-02-30"}, "Please give a date, for example 2026-11-30."),
        ({"next_step": "x" * 501}, "At most 500 characters."),
        ({"position[lat]": "91"}, "At most"),
        ({"at": "noon"}, "This does not look right."),
    ],
)
def test_it_says_what_is_wrong(
    alice: TestClient, page: Element, typed: dict[str, str], sentence: str
) -> None:
    answer = send(alice, page, FORM, {"outcome": "progress", **typed}, htmx=True)
    again = put_back(answer)
    said = [one.text for one in [*again.all(having="error")]]
    assert said
    if "position[lat]" not in typed:
        assert said == [sentence]


def test_it_refuses_twice(alice: TestClient, page: Element) -> None:
    arrive(alice, send(alice, page, FORM, {"outcome": "progress", **after(5)}))
    answer = send(alice, page, FORM, {"outcome": "order", **after(6)})
    assert refused(answer, 409) == "You have checked out of this visit already."


def test_two_taps_are_one(alice: TestClient, page: Element) -> None:
    typed = {"outcome": "progress", "id": world.new_id(), **after(5)}
    arrive(alice, send(alice, page, FORM, typed))
    assert "stayed 5 min" in arrive(alice, send(alice, page, FORM, typed)).text


def test_the_next_date_is_in_that_days_plan_once(
    db: Session, cast: Cast, alice: TestClient, page: Element, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.plan(db, cast.alice, world.only_customer(db), date(2026, 11, 27))
    typed = {"outcome": "progress", "next_on": "2026-11-27", **after(5)}
    done = arrive(alice, send(alice, page, FORM, typed))
    assert "Next visit 27 Nov" in done.text
    world.the_clock_says(monkeypatch, BEGUN + timedelta(days=3))
    assert look(alice, "/today").text.count("Harbour Café") == 1


def test_after_midnight_it_still_ends(
    db: Session, alice: TestClient, page: Element, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_day = BEGUN + timedelta(hours=15)  # 01:00 in Shanghai
    world.the_clock_says(monkeypatch, next_day)
    typed = {"outcome": "progress", "at": next_day.isoformat()}
    arrive(alice, send(alice, page, FORM, typed))
    history = look(alice, f"/customers/{world.only_customer(db).id}")
    assert "stayed 15 h" in history.text


def test_a_clock_put_right_meanwhile_leaves_the_stay_unsaid(
    alice: TestClient, page: Element
) -> None:
    done = arrive(alice, send(alice, page, FORM, {"outcome": "progress", **after(-60)}))
    assert "Visit recorded" in done.text
    assert "stayed" not in done.text


def test_a_visit_that_was_left_open_can_still_be_written_up(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    world.visit(db, cast.alice, world.customer(db, cast.alice, "Green Grocer"))
    done = arrive(alice, send(alice, page, FORM, {"outcome": "order", **after(30)}))
    assert "stayed 30 min" in done.text


def test_an_order_makes_order_the_likely_outcome(
    db: Session, cast: Cast, alice: TestClient, page: Element
) -> None:
    chosen = page.all("input", name="outcome", checked="checked")
    assert not chosen
    world.order(db, cast.alice, world.only_customer(db))
    again = look(alice, f"/customers/{world.only_customer(db).id}/visit")
    chosen = again.all("input", name="outcome", checked="checked")
    assert [one.attributes["value"] for one in chosen] == [Outcome.ORDER]


def test_a_visit_that_is_not_there_is_not_yours(alice: TestClient, page: Element) -> None:
    typed = {"outcome": "order", "visit_id": world.new_id()}
    assert refused(send(alice, page, FORM, typed), 404) == "This visit is not one of yours."
    assert clock.now() == BEGUN
