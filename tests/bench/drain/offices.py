"""A company's server on a database of each kind, started when the first test asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import Session, SQLModel, select

from app.core import db as database
from tests import postgres
from tests.bench.drain.company import Company, found
from tests.bench.drain.serving import Serving, serving


@dataclass(frozen=True)
class Office:
    serving: Serving
    company: Company
    engine: Engine

    def rows(self, table: type[SQLModel]) -> int:
        with Session(self.engine) as db:
            return db.exec(select(func.count()).select_from(table)).one()


@contextmanager
def office(kind: str, folder: Path, *, reps: int, workers: int = 1) -> Iterator[Office]:
    """`kind` is sqlite or postgres."""
    url = postgres.start() if kind == "postgres" else f"sqlite:///{folder / 'roadbook.db'}"
    engine = database.connect(url)
    company = found(engine, reps)
    with serving(url, folder, workers) as started:
        yield Office(started, company, engine)
    engine.dispose()
