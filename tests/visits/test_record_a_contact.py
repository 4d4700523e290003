from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.visits.models import OtherContact
from app.visits.rules import ContactKind, Outcome
from tests import world
from tests.cast import Cast
from tests.reading import arrive, look, send

Browser = Callable[..., TestClient]
FORM = "visits-record_contact"


@pytest.mark.parametrize("htmx", [False, True])
def test_it_works(db: Session, cast: Cast, browser_of: Browser, *, htmx: bool) -> None:
    shop = world.customer(db, cast.alice)
    alice = browser_of(cast.alice)
    page = look(alice, f"/customers/{shop.id}")
    typed = {"kind": "dinner", "outcome": "progress", "note": "Crab", "next_on": "2099-12-04"}
    after = arrive(alice, send(alice, page, FORM, typed, htmx=htmx))
    entry = after.one("li", having="contact")
    assert "Dinner · Progress" in entry.text
    assert "Crab" in entry.text
    assert "Next contact: 4 Dec 2099" in entry.text
    (kept,) = world.seen(db, select(OtherContact))
    assert (kept.kind, kept.outcome) == (ContactKind.DINNER, Outcome.PROGRESS)
    assert (kept.person_id, kept.next_on) == (cast.alice.id, date(2099, 12, 4))


def test_notes_and_contacts_stand_in_order(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice)
    alice = browser_of(cast.alice)
    for note in ("first", "second", "third"):
        page = look(alice, f"/customers/{shop.id}")
        typed = {"outcome": "not_met", "note": note}
        page = arrive(alice, send(alice, page, FORM, typed))
    told = [one.one("p", having="written").text for one in page.all("li", having="contact")]
    assert told == ["third", "second", "first"]
    assert "Phone · Not reached" in page.text


def test_it_refuses_what_came_of_nothing(db: Session, cast: Cast, browser_of: Browser) -> None:
    shop = world.customer(db, cast.alice)
    alice = browser_of(cast.alice)
    page = look(alice, f"/customers/{shop.id}")
    assert send(alice, page, FORM, {"note": "x"}).status_code == 422
    assert not world.seen(db, select(OtherContact))


def test_the_manager_reads_it_and_charlie_cannot(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    shop = world.customer(db, cast.alice)
    alice = browser_of(cast.alice)
    page = look(alice, f"/customers/{shop.id}")
    send(alice, page, FORM, {"outcome": "order", "note": "Six cases"})
    told = look(browser_of(cast.mia), f"/customers/{shop.id}").text
    assert "Six cases" in told
    assert "Alice Lin" in told
    typed = {"customer_id": str(shop.id), "kind": "phone", "outcome": "order"}
    assert browser_of(cast.charlie).post("/visits/contact", data=typed).status_code == 404
