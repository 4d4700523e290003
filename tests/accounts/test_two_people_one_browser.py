"""A page that Alice opened, in a browser where Mia has signed in since."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.customers.models import Customer
from app.visits.models import Note
from tests.cast import Cast
from tests.reading import HTMX

Open = Callable[..., TestClient]


def test_what_was_written_as_alice_is_not_recorded_as_mia(
    db: Session, cast: Cast, browser_of: Open
) -> None:
    shop = Customer(name="Tea House", owner_id=cast.alice.id, team_id=cast.north.id)
    db.add(shop)
    db.commit()
    form = {"customer_id": str(shop.id), "text": "Alice wrote this."}
    alices_page = HTMX | {"Person": str(cast.alice.id)}
    answer = browser_of(cast.mia).post("/visits/note", data=form, headers=alices_page)
    assert answer.status_code == 403
    assert "Somebody else has signed in here since." in answer.text
    assert db.exec(select(Note)).all() == []
    db.rollback()
    answer = browser_of(cast.alice).post("/visits/note", data=form, headers=alices_page)
    assert answer.status_code == 303


def test_a_page_says_whose_it_is(cast: Cast, browser_of: Open) -> None:
    page = browser_of(cast.alice).get("/today").text
    assert f"""hx-headers:inherited='{{"Person": "{cast.alice.id}"}}'""" in page
