from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from app.customers.models import Contact, Customer
from app.customers.rules import Grade, Kind, PinSource, Status
from tests import world
from tests.cast import Cast
from tests.reading import Element, arrive, look, put_back, refused, send

Browser = Callable[..., TestClient]
FORM = "customers-add"


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


@pytest.fixture
def page(alice: TestClient) -> Element:
    return look(alice, "/customers/new")


def everything() -> dict[str, str]:
    return {
        "name": "锦禾超市",
        "phone": "021-6279 1234",
        "contact_name": "老许",
        "contact_phone": "13917880301",
        "kind": "dealer",
        "grade": "B1",
        "address": "北京西路1320号",
        "note": "仓库在后弄",
    } | world.fix(accuracy=12)


def test_it_works(db: Session, cast: Cast, alice: TestClient, page: Element) -> None:
    after = arrive(alice, send(alice, page, FORM, everything()))
    for said in ("锦禾超市", "021-6279 1234", "老许", "北京西路1320号", "仓库在后弄"):
        assert said in after.text
    (made,) = world.seen(db, select(Customer))
    assert (made.owner_id, made.team_id) == (cast.alice.id, cast.north.id)
    assert (made.kind, made.grade, made.status) == (Kind.DEALER, Grade.B1, Status.PROSPECT)
    assert made.pin_source is PinSource.PERSON
    assert made.point == pytest.approx(world.PIN)
    (met,) = world.seen(db, select(Contact))
    assert (met.name, met.phone) == ("老许", "13917880301")
