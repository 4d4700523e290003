"""What was looked up once is found again, until a row that it depends on is changed."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlmodel import Session, update

from app.accounts.models import Team
from app.core.memory import remembered, remembering
from app.customers.models import Customer
from tests import world
from tests.cast import Cast


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


@pytest.fixture
def look(db: Session) -> Callable[[], int]:
    """How often it has really been looked up by now."""
    times: list[int] = []

    def ask() -> int:
        remembered(db, "key", lambda: times.append(1), of=(Customer, Team))
        return len(times)

    return ask


def test_it_works(db: Session, look: Callable[[], int]) -> None:
    with remembering(db):
        assert [look(), look()] == [1, 1]


def test_nothing_is_remembered_outside(db: Session, look: Callable[[], int]) -> None:
    assert [look(), look()] == [1, 2]
    with remembering(db):
        look()
    with remembering(db):
        assert look() == 4


def change(db: Session, shop: Customer) -> None:
    shop.name = "?"


def change_and_write(db: Session, shop: Customer) -> None:
    shop.name = "?"
    db.flush()


def delete(db: Session, shop: Customer) -> None:
    db.delete(shop)


def add(db: Session, shop: Customer) -> None:
    db.add(Customer(name="Another", team_id=shop.team_id))


def change_by_statement(db: Session, _shop: Customer) -> None:
    db.exec(update(Customer).values(name="?"))


def change_by_text(db: Session, _shop: Customer) -> None:
    db.execute(text("UPDATE customer SET name = '?'"))


@pytest.mark.parametrize(
    "deed", [change, change_and_write, delete, add, change_by_statement, change_by_text]
)
def test_a_change_is_seen_at_once(
    db: Session,
    shop: Customer,
    look: Callable[[], int],
    deed: Callable[[Session, Customer], None],
) -> None:
    with remembering(db):
        look()
        deed(db, shop)
        assert look() == 2


def test_other_rows_change_nothing(
    db: Session, cast: Cast, shop: Customer, look: Callable[[], int]
) -> None:
    with remembering(db):
        look()
        cast.alice.name = "?"
        db.add(cast.alice)
        db.flush()
        assert (look(), shop.name) == (1, "Harbour Café")
