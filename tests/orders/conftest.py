"""Alice at a customer's, with goods to sell."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.models import Customer
from tests import world
from tests.cast import Cast


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    shop = world.customer(db, cast.alice)
    world.visit(db, cast.alice, shop)
    world.goods(db)
    return shop


@pytest.fixture
def alice(shop: Customer, cast: Cast, browser_of: Callable[..., TestClient]) -> TestClient:
    return browser_of(cast.alice)
