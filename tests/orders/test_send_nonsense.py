from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.catalog.models import Product
from app.customers.models import Customer
from tests import world
from tests.reading import HTMX, refused

Browser = Callable[..., TestClient]
ENTRY, LINES = "order-entry", "order-lines"


@pytest.mark.parametrize("customer_id", ["", "7", "00000000-0000-0000-0000-000000000000"])
def test_it_refuses_an_order_for_nobody(alice: TestClient, customer_id: str) -> None:
    for path in ("/orders/draft", "/orders"):
        answer = alice.post(path, data={"customer_id": customer_id}, headers=HTMX)
        assert answer.status_code == 404
        assert refused(answer, 404)


PARTS = st.sampled_from(
    ["lines", "entry", "0", "1", "²", "9" * 30, "product_id", "quantity", "unit", "text", "quoted"]
)
PATHS = st.one_of(
    st.sampled_from(
        ["drop", "remark", "deliver_on", "visit_id", "entry", "lines", "[]", "a[", "]"]
    ),
    st.lists(PARTS, min_size=1, max_size=4).map(
        lambda parts: parts[0] + "".join(f"[{part}]" for part in parts[1:])
    ),
)
VALUES = st.one_of(
    st.text(max_size=60).filter(lambda text: text.isprintable()),
    st.sampled_from(
        ["W-1", "-1", "1e400", "9" * 25, "x" * 200, "00000000-0000-0000-0000-000000000000"]
    ),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pairs=st.dictionaries(PATHS, VALUES, max_size=8), real=st.booleans())
def test_nonsense_never_breaks_it(
    shop: Customer, alice: TestClient, db: Session, pairs: dict[str, str], *, real: bool
) -> None:
    water = world.seen(db, select(Product).order_by(col(Product.code)))[0]
    told: dict[str, Any] = {"customer_id": str(shop.id)}
    if real:
        told |= {"lines[0][product_id]": str(water.id)}
    for path in ("/orders/draft", "/orders"):
        answer = alice.post(path, data=told | pairs, headers=HTMX)
        assert answer.status_code < 500, answer.text
        assert answer.status_code in {200, 303, 404, 409, 422}


@pytest.mark.parametrize(
    "pairs",
    [
        {"entry": "W-1"},
        {"entry[0]": "W-1"},
        {"entry[text][a]": "W-1"},
        {"lines[0]": "W-1"},
        {"lines[²][quantity]": "1"},
        {"lines[0][unit]": "x" * 41},
        {"lines[0][unit][a]": "x"},
        {"lines[0][quoted]": "9" * 25},
        {"a" + "[b]" * 3000: "1"},
        {"visit_id[a]": "1", "remark[a]": "1", "deliver_on[a]": "1", "drop[a]": "1"},
    ],
)
def test_nonsense_seen_before(
    db: Session, shop: Customer, alice: TestClient, pairs: dict[str, str]
) -> None:
    (water,) = world.seen(db, select(Product).where(Product.code == "W-1"))
    told = {"customer_id": str(shop.id)}
    if "lines[0]" not in pairs:
        told |= {"lines[0][product_id]": str(water.id), "lines[0][quantity]": "1"}
    for path in ("/orders/draft", "/orders"):
        answer = alice.post(path, data=told | pairs, headers=HTMX)
        assert answer.status_code < 500, answer.text
