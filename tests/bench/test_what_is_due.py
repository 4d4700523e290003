"""What the cadence costs: of a rep with 1,000 customers and a year of visits."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import person_named
from app.core import clock, schema
from app.core import db as database
from app.customers.models import Customer
from app.demo.load import load_many
from app.planning.calls import call_list
from app.planning.coverage import coverage
from app.planning.facts import Scope
from app.planning.queries import own, own_cards
from app.planning.reckoning import book_of
from app.today.candidates import candidates, ground_of
from app.visits.models import OtherContact
from app.visits.rules import ContactKind, Outcome
from tests.bench.table import at_most
from tests.bench.test_pages import counted
from tests.bench.yardstick import evenly

CUSTOMERS, RUNS = 1_000, 9
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)  # a Friday
MOST_STATEMENTS, MOST_DUE_MS, MOST_CANDIDATES_MS = 6, 50, 100
CROWDED = 3  # a crowded machine takes so much longer


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path: Path = tmp_path_factory.mktemp("due") / "roadbook.db"
    engine = database.connect(f"sqlite:///{path}")
    schema.upgrade(engine)
    with Session(engine) as db:
        load_many(db, reps=1, customers=CUSTOMERS, seed=1, today=NOW.date())
        person = person_named(db, "rep001")
        assert person
        for customer in db.exec(select(Customer).order_by(col(Customer.id)).limit(CUSTOMERS // 2)):
            db.add(call(person, customer))
        db.commit()
    yield engine
    engine.dispose()


def call(person: Person, customer: Customer) -> OtherContact:
    return OtherContact(
        customer_id=customer.id,
        person_id=person.id,
        kind=ContactKind.PHONE,
        outcome=Outcome.PROGRESS,
        made_at=NOW,
        received_at=NOW,
    )


@pytest.fixture
def db(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with Session(engine) as db:
        yield db


def cost(engine: Engine, work: Callable[[], Any]) -> tuple[int, float]:
    """Statements, and milliseconds of processor time once everything has been used before."""
    with counted(engine) as seen:
        work()
    took = [evenly(work)[1] for _run in range(RUNS)]
    return len(seen), round(median(took) * 1000, 1)


def rep(db: Session) -> Person:
    person = person_named(db, "rep001")
    assert person
    return person


def test_cadence_and_coverage(engine: Engine, db: Session) -> None:
    person = rep(db)

    def due() -> None:
        book = book_of(db, person, Scope(select(Customer.id).where(own(person))))
        assert len([book.dues(card) for card, _lat, _lon in own_cards(db, person)]) == CUSTOMERS

    statements, took = cost(engine, due)
    more, also = cost(engine, lambda: coverage(db, person, None, None))
    at_most(
        MOST_STATEMENTS, statements + more, "cadence and coverage, 1,000 customers", "statements"
    )
    at_most(MOST_DUE_MS * CROWDED, took, "when each of 1,000 is due (aim: 50)", "ms of CPU")
    at_most(MOST_DUE_MS * CROWDED, also, "coverage of 1,000 (aim: 50)", "ms of CPU")


def test_candidates(engine: Engine, db: Session) -> None:
    person = rep(db)
    points = [one.point for one in db.exec(select(Customer).limit(12)) if one.point]

    def propose() -> None:
        ground = ground_of(db, person, NOW.date(), [], all_own=True)
        assert candidates(db, ground, points)

    statements, took = cost(engine, propose)
    at_most(MOST_STATEMENTS, statements, "candidates of 1,000 customers", "statements")
    at_most(MOST_CANDIDATES_MS * CROWDED, took, "candidates of 1,000 (aim: 100)", "ms of CPU")


def test_the_call_list(engine: Engine, db: Session) -> None:
    person = rep(db)
    statements, took = cost(engine, lambda: call_list(db, person))
    at_most(MOST_STATEMENTS, statements, "call list of 1,000 customers", "statements")
    at_most(MOST_CANDIDATES_MS * CROWDED, took, "call list of 1,000 (aim: 100)", "ms of CPU")
