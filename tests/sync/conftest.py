"""Alice's phone, and a customer of hers."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.accounts.models import Person
from app.customers.models import Customer
from tests.cast import Cast
from tests.sync.phone import Phone

PhoneOf = Callable[[Person], Phone]


@pytest.fixture
def customer(db: Session, cast: Cast) -> Customer:
    shop = Customer(
        name="测试店", owner_id=cast.alice.id, team_id=cast.north.id, lat=31.2, lon=121.4
    )
    db.add(shop)
    db.commit()
    return shop


@pytest.fixture
def phone_of(browser_of: Callable[..., TestClient]) -> PhoneOf:
    return lambda person: Phone(person.id, browser_of(person))


@pytest.fixture
def phone(cast: Cast, phone_of: PhoneOf) -> Phone:
    return phone_of(cast.alice)
