"""What was looked up once is found again, until a row that it depends on is changed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select, update

from app.accounts.models import Team
from app.core.errors import Refused
from app.core.memory import put, remembered, remembering
from app.customers.models import Contact, Customer
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


def contacts(db: Session) -> list[str]:
    return list(db.exec(select(Contact.name)))


def contact(shop: Customer, name: str = "Lin") -> dict[str, Any]:
    return {"id": uuid4(), "customer_id": shop.id, "name": name}


def test_what_is_put_is_there_for_whoever_looks(db: Session, shop: Customer) -> None:
    with remembering(db):
        put(db, Contact, contact(shop))
        assert contacts(db) == ["Lin"]
        put(db, Contact, contact(shop, "Wang"), contact(shop, "Chen"))
    assert contacts(db) == ["Lin", "Wang", "Chen"]
    put(db, Contact, contact(shop, "Zhao"))
    assert contacts(db) == ["Lin", "Wang", "Chen", "Zhao"]


def test_what_is_put_may_name_what_was_added_before(db: Session, cast: Cast) -> None:
    with remembering(db):
        db.add(new := Customer(name="New", team_id=cast.north.id))
        put(db, Contact, contact(new))
    assert contacts(db) == ["Lin"]


def test_nothing_that_was_put_is_written_when_it_ends_in_a_refusal(
    db: Session, shop: Customer
) -> None:
    def refuse() -> None:
        with remembering(db):
            put(db, Contact, contact(shop))
            raise Refused("no")

    with pytest.raises(Refused):
        refuse()
    with remembering(db):
        assert contacts(db) == []


@pytest.mark.parametrize("how", ["put", "added"])
def test_what_is_new_is_found_by_who_asks_for_it(db: Session, shop: Customer, how: str) -> None:
    def known() -> list[str]:
        return remembered(db, "contacts", lambda: contacts(db), of=(Contact,))

    with remembering(db):
        assert known() == []
        if how == "put":
            put(db, Contact, contact(shop))
        else:
            db.add(Contact(**contact(shop)))
        assert known() == ["Lin"]


def test_who_asks_for_something_else_has_nothing_written(db: Session, shop: Customer) -> None:
    with remembering(db):
        db.add(lin := Contact(**contact(shop)))
        remembered(db, "shop", lambda: db.exec(select(Customer)).all(), of=(Customer,))
        assert lin in db.new
