"""A clock to turn, and passwords."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session

from app.core import clock as real
from tests.cast import Cast

PASSWORD = "correct horse"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC).replace(microsecond=0)

    def forward(self, by: timedelta) -> None:
        self.time += by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(real, "now", lambda: turned.time)
    return turned


@pytest.fixture
def staff(db: Session, cast: Cast) -> Cast:
    """The cast, each with the same password, which is quicker to check than real ones."""
    for person in cast.people:
        person.password_hash = CHEAP
    db.add_all(cast.people)
    db.commit()
    return cast
