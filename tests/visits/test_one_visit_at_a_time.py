"""One person, two phones or two windows, the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.core import db as database
from app.core.commands import Command, execute
from app.core.errors import Refused
from app.customers.models import Customer
from app.visits.commands import CheckIn, CheckOut
from app.visits.models import Visit
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast

PHONES = 8


@pytest.fixture
def shop(db: Session, cast: Cast) -> Customer:
    return world.customer(db, cast.alice)


def at_once(engine: Engine, cast: Cast, wishes: list[Command]) -> Iterator[bool]:
    """Whether each was done, or refused."""

    def done(wish: Command) -> bool:
        try:
            with database.transaction(engine) as session:
                execute(session, cast.alice, wish)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(PHONES) as phones:
        yield from phones.map(done, wishes)


def test_check_ins_at_once_are_one_visit(
    db: Session, engine: Engine, cast: Cast, shop: Customer
) -> None:
    wishes: list[Command] = [CheckIn(customer_id=shop.id) for _phone in range(PHONES)]
    assert sum(at_once(engine, cast, wishes)) == 1
    assert len(world.seen(db, select(Visit))) == 1


def test_check_outs_at_once_end_it_once(
    db: Session, engine: Engine, cast: Cast, shop: Customer
) -> None:
    visit = world.visit(db, cast.alice, shop)
    wishes: list[Command] = [
        CheckOut(visit_id=visit.id, outcome=outcome) for outcome in list(Outcome) * 2
    ]
    assert sum(at_once(engine, cast, wishes)) == 1
