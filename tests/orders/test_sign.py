"""What a customer writes below an order stays with it."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.customers.models import Customer
from app.orders.commands import MAX_STROKES
from app.orders.models import Order
from tests import world
from tests.reading import Element, arrive, look, put_back, read, send

FORM = "order-lines"
WRITTEN = {"signature": "M12 30L13 31L40 200M50 60L50 60", "signed_by": "Mr Wang"}
WATER = {"entry[text]": "W-1", "entry[unit]": "case", "entry[quantity]": "2"}


@pytest.fixture
def draft(shop: Customer, alice: TestClient) -> Element:
    page = look(alice, f"/customers/{shop.id}/visit")
    return read(send(alice, page, "order-entry", WATER, htmx=True))


def placed(db: Session) -> list[Order]:
    return world.seen(db, select(Order))


def test_it_is_on_the_order(db: Session, alice: TestClient, draft: Element) -> None:
    arrive(alice, send(alice, draft, FORM, WRITTEN))
    (order,) = placed(db)
    assert (order.signature, order.signed_by) == (WRITTEN["signature"], "Mr Wang")
    answer = alice.get(f"/orders/{order.id}")
    assert f'<path d="{WRITTEN["signature"]}"' in answer.text
    assert "Signed by Mr Wang" in read(answer).text


def test_without_one_nobody_has_signed(db: Session, alice: TestClient, draft: Element) -> None:
    arrive(alice, send(alice, draft, FORM, {"signed_by": "Mr Wang"}))
    (order,) = placed(db)
    assert not order.signed_by
    assert "Signed by" not in look(alice, f"/orders/{order.id}").text


@pytest.mark.parametrize(
    ("signature", "sentence"),
    [
        ('M1 1"><script>alert(1)</script>', "Signature: This does not look right."),
        ("M1 1" + "L600 240" * (MAX_STROKES // 8), "Signature: At most 12000 characters."),
    ],
)
def test_it_refuses_what_is_no_signature(
    db: Session, alice: TestClient, draft: Element, signature: str, sentence: str
) -> None:
    again = put_back(send(alice, draft, FORM, WRITTEN | {"signature": signature}, htmx=True))
    assert again.one(having="notice", role="alert").text == sentence
    assert not placed(db)


def test_with_another_line_it_is_to_be_signed_again(alice: TestClient, draft: Element) -> None:
    same = read(send(alice, draft, "order-entry", {"entry[text]": "?", **WRITTEN}, htmx=True))
    assert same.one("input", name="signature").attributes["value"] == WRITTEN["signature"]
    more = read(send(alice, draft, "order-entry", WATER | WRITTEN, htmx=True))
    assert not more.one("input", name="signature").attributes["value"]
