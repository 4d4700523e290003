"""Facts travel upwards, in the transaction of the deed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.core import clock
from app.core import db as database
from app.core.commands import execute
from app.core.errors import Refused
from app.core.events import _listeners, emit, on
from app.planning.models import PlannedVisit
from app.visits.commands import CheckOut
from app.visits.events import CheckedOut
from app.visits.models import Visit
from app.visits.rules import Outcome, Verdict
from tests.accounts.shops import new_customer
from tests.cast import Cast


@dataclass(frozen=True)
class Rang:
    bell: str


@pytest.fixture
def listeners() -> Iterator[None]:
    """Whoever listens in a test stops when it ends."""
    before = {fact: list(heard) for fact, heard in _listeners.items()}
    yield
    _listeners.clear()
    _listeners.update(before)


@pytest.fixture
def visit(db: Session, cast: Cast) -> Visit:
    here = new_customer(db, "Lilac", cast.north, cast.alice)
    now = clock.now()
    made = Visit(
        customer_id=here.id,
        person_id=cast.alice.id,
        checked_in_at=now,
        received_at=now,
        verdict=Verdict.LIKELY,
    )
    db.add(made)
    db.commit()
    return made


def test_everybody_who_listens_hears_it_in_order(listeners: None, db: Session) -> None:
    heard: list[str] = []
    on(Rang)(lambda _db, fact: heard.append(f"first {fact.bell}"))
    on(Rang)(lambda _db, fact: heard.append(f"second {fact.bell}"))
    emit(db, Rang("door"))
    assert heard == ["first door", "second door"]


def test_nobody_need_listen(listeners: None, db: Session) -> None:
    emit(db, Rang("door"))


def test_the_next_date_agreed_at_the_door_is_planned(
    visit: Visit, cast: Cast, engine: Engine, db: Session
) -> None:
    next_on = date.today() + timedelta(days=7)  # noqa: DTZ011 - any day will do
    wish = CheckOut(visit_id=visit.id, outcome=Outcome.PROGRESS, next_on=next_on)
    with database.transaction(engine) as work:
        execute(work, cast.alice, wish)
    (planned,) = db.exec(select(PlannedVisit)).all()
    assert (planned.person_id, planned.customer_id) == (visit.person_id, visit.customer_id)
    assert planned.on_day == next_on


def test_if_a_listener_fails_the_deed_did_not_happen(
    listeners: None, visit: Visit, cast: Cast, engine: Engine, db: Session
) -> None:
    @on(CheckedOut)
    def refuse(_db: Session, _fact: CheckedOut) -> None:
        raise Refused("No.")

    wish = CheckOut(visit_id=visit.id, outcome=Outcome.PROGRESS, next_on=date(2026, 12, 1))
    with pytest.raises(Refused, match=r"No\."), database.transaction(engine) as work:
        execute(work, cast.alice, wish)
    db.rollback()
    assert db.get_one(Visit, visit.id).closed_by is None
    assert db.exec(select(PlannedVisit)).all() == []
