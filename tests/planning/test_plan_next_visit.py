from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from app.core import clock
from app.planning.queries import next_planned, planned_for
from app.visits.commands import CheckIn, CheckOut
from app.visits.rules import Outcome
from tests import world
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, NOW)


def visited(db: Session, cast: Cast, name: str, next_on: date | None) -> None:
    shop = world.customer(db, cast.alice, name)
    command = CheckIn(customer_id=shop.id, at=clock.now())
    world.done(db, cast.alice, command)
    leaving = CheckOut(
        visit_id=command.id,
        at=clock.now() + timedelta(minutes=9),
        outcome=Outcome.PROGRESS,
        next_on=next_on,
    )
    world.done(db, cast.alice, leaving)


def test_it_works(db: Session, cast: Cast) -> None:
    visited(db, cast, "First", FRIDAY)
    visited(db, cast, "Second", FRIDAY)
    visited(db, cast, "Never again", None)
    names = [shop.name for _plan, shop in planned_for(db, cast.alice, FRIDAY)]
    assert names == ["First", "Second"]
    assert planned_for(db, cast.bob, FRIDAY) == []


def test_the_next_one_is_the_nearest(db: Session, cast: Cast) -> None:
    shop = world.customer(db, cast.alice)
    for days in (3, 9, -2):
        world.plan(db, cast.alice, shop, FRIDAY + timedelta(days=days))
    (nearest,) = next_planned(db, cast.alice, shop.id, FRIDAY)
    assert nearest.on_day == FRIDAY + timedelta(days=3)
    assert not next_planned(db, cast.charlie, shop.id, FRIDAY)


def test_a_date_that_has_passed_disturbs_nothing(db: Session, cast: Cast) -> None:
    visited(db, cast, "Late", date(2020, 1, 1))
    assert not planned_for(db, cast.alice, FRIDAY)
