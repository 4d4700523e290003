from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.errors import Refused
from app.customers.commands import SetVisitMinutes
from app.planning.commands import SetMinutes
from app.planning.rules import Minutes
from app.today.queries import day_list
from tests import world
from tests.cast import Cast
from tests.reading import look
from tests.today.a_day import MORNING, on_a_line

Browser = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, MORNING)


def takes(db: Session, cast: Cast, day: date | None = None) -> int:
    (stop,) = day_list(db, cast.alice, None, day).ahead
    return stop.takes


def test_it_works(db: Session, cast: Cast) -> None:
    (shop,) = on_a_line(db, cast, 2)
    usual = takes(db, cast)
    world.done(db, cast.alice, SetVisitMinutes(customer_id=shop.id, minutes=75))
    assert (usual, takes(db, cast)) == (Minutes().at(shop.grade), 75)
    world.done(db, cast.alice, SetVisitMinutes(customer_id=shop.id))
    assert takes(db, cast) == usual


def test_by_grade_it_is_policy(db: Session, cast: Cast) -> None:
    (shop,) = on_a_line(db, cast, 2)
    shop.grade = None
    world.kept(db, shop)
    world.done(db, cast.mia, SetMinutes(ungraded=55))
    assert takes(db, cast) == 55


def test_by_form(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop, browser = world.customer(db, cast.alice, "Walnut"), browser_of(cast.alice)
    said = {"id": str(uuid4()), "customer_id": str(shop.id), "minutes": "25"}
    assert browser.post("/customers/visit-minutes", data=said).status_code == 303
    field = look(browser, f"/customers/{shop.id}").one("input", name="minutes")
    assert field.attributes["value"] == "25"
    wrong = said | {"id": str(uuid4()), "minutes": "4"}
    answer = browser.post("/customers/visit-minutes", data=wrong)
    assert answer.status_code == 422
    assert "Must be at least 5." in answer.text


def test_a_rep_does_not_set_the_policy(db: Session, cast: Cast) -> None:
    with pytest.raises(Refused):
        world.done(db, cast.alice, SetMinutes(a=90))
