"""The database: SQLite with nothing to install, PostgreSQL by DATABASE_URL."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from fastapi import Request
from psycopg import RawCursor
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, create_engine

READ_ONLY = {"GET", "HEAD", "OPTIONS"}


def connect(url: str) -> Engine:
    """An engine for `url`. On SQLite: WAL, foreign keys, and transactions that are really ours."""
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=20,
            max_overflow=20,
            json_serializer=as_json,
            # Statements go out as they are: the driver need not look through them for parameters.
            paramstyle="numeric_dollar",
            connect_args={"cursor_factory": RawCursor},
        )
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": 10},
        json_serializer=as_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def as_json(value: Any) -> str:
    """Chinese as it is written, which takes half the room of its escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@contextmanager
def transaction(engine: Engine, *, writes: bool = True) -> Iterator[Session]:
    """One unit of work: committed here and nowhere else, rolled back when anything is raised."""
    with Session(engine.execution_options(writes=writes), expire_on_commit=False) as db, db.begin():
        yield db


class Turns:
    """SQLite has one writer at a time: writers of this process queue before they take a thread.

    Waiting inside the thread pool instead would let forty waiting requests starve the one that
    holds the lock.
    """

    def __init__(self, engine: Engine) -> None:
        self._needed = engine.dialect.name == "sqlite"
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        if not self._needed:
            yield
            return
        async with self._lock:
            yield


async def turn(request: Request) -> AsyncIterator[None]:
    """FastAPI dependency: wait for this request's turn to write, if it may write.

    The form is read first: a phone that stalls while sending must not keep others waiting.
    """
    if request.method in READ_ONLY:
        yield
        return
    await request.body()
    async with request.app.state.turns.turn():
        yield


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
