from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core import clock
from app.customers.models import Customer
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, read, send

Browser = Callable[..., TestClient]
FORM = "visits-check_in"


def visit_page(browser: TestClient, shop: Customer) -> Element:
    return look(browser, f"/customers/{shop.id}/visit")


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("lat", "91"),
        ("lat", "here"),
        ("lat", "NaN"),
        ("lon", "inf"),
        ("lon", "1e999"),
        ("lon", "-180.01"),
        ("accuracy", "-1"),
        ("accuracy", ""),
    ],
)
def test_a_broken_position_is_said_and_the_form_is_there_again(
    db: Session, cast: Cast, browser_of: Browser, part: str, value: str, *, htmx: bool
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    typed = world.fix() | {f"position[{part}]": value}
    answer = send(alice, visit_page(alice, shop), FORM, typed, htmx=htmx)
    form = put_back(answer) if htmx else read(answer)
    assert form.one(having="notice", role="alert").text
    assert "Cannot tell" in arrive(alice, send(alice, form, FORM)).text


def test_a_reason_outlives_a_broken_position(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    typed = world.fix(4200) | {"position[lat]": "91", "reason": "Shop moved"}
    form = put_back(send(alice, visit_page(alice, shop), FORM, typed, htmx=True))
    assert form.one("textarea").raw == "Shop moved"
    assert "Cannot tell" in arrive(alice, send(alice, form, FORM)).text


def test_a_position_by_the_network_alone_is_a_position(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    typed = world.fix(accuracy=1_500_000)  # a browser that only knows the country
    page = arrive(alice, send(alice, visit_page(alice, shop), FORM, typed))
    assert "Cannot tell" in page.text


@pytest.mark.parametrize("fields", [{}, {"customer_id": "x"}, {"customer_id[a]": "1"}, {"id": "7"}])
def test_a_broken_form_is_said(
    db: Session, cast: Cast, browser_of: Browser, fields: dict[str, str]
) -> None:
    answer = browser_of(cast.alice).post("/visits/check-in", data=fields)
    assert answer.status_code == 422
    assert read(answer).all(having="notice", role="alert")[0].text


def test_a_clock_that_is_ahead_is_said(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    ahead = (clock.now() + timedelta(minutes=11)).isoformat()
    page = arrive(alice, send(alice, visit_page(alice, shop), FORM, world.fix() | {"at": ahead}))
    assert "the phone's clock was wrong" in page.text


def test_a_clock_that_is_days_behind_does_not_shut_the_visit(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    behind = (clock.now() - timedelta(days=400)).isoformat()
    page = arrive(alice, send(alice, visit_page(alice, shop), FORM, world.fix() | {"at": behind}))
    assert "Save note" in page.text


def test_a_clock_that_cannot_be_right_is_no_dead_end(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop, alice = world.customer(db, cast.alice), browser_of(cast.alice)
    typed = world.fix() | {"at": "1970-01-01T00:03:00Z"}
    send(alice, visit_page(alice, shop), FORM, typed, htmx=True)
    assert "Save note" in alice.get(f"/customers/{shop.id}/visit").text
