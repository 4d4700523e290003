"""What was looked up a moment ago, for commands that are done together and ask for the same."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel

T = TypeVar("T")
Tables = tuple[type[SQLModel], ...]
Memory = dict[Hashable, tuple[Any, Tables]]
KEY = "memory"


@contextmanager
def remembering(db: Session) -> Iterator[None]:
    """Until this ends, `remembered` asks once: within one transaction, never across two."""
    db.info[KEY] = Memory()
    try:
        yield
    finally:
        db.info.pop(KEY, None)


def remembered(db: Session, key: Hashable, look: Callable[[], T], *, of: Tables) -> T:
    """What `look` found, until a row of one of these tables is added, changed or deleted.

    What is written past the session, straight to its connection, is not noticed.
    """
    memory: Memory | None = db.info.get(KEY)
    if memory is None:
        return look()
    if key not in memory or any(isinstance(row, of) for row in (*db.dirty, *db.deleted)):
        memory[key] = look(), of
    found: T = memory[key][0]
    return found


@event.listens_for(Session, "after_flush")
def _rows_were_written(db: Session, _flush: object) -> None:
    if memory := db.info.get(KEY):
        _forget(memory, {type(row) for row in (*db.dirty, *db.deleted)})


@event.listens_for(Session, "after_attach")
def _a_row_is_added(db: Session, row: SQLModel) -> None:
    if memory := db.info.get(KEY):
        _forget(memory, {type(row)})


@event.listens_for(Session, "do_orm_execute")
def _a_statement_is_executed(state: ORMExecuteState) -> None:
    memory: Memory | None = state.session.info.get(KEY)
    if not memory or state.is_select:
        return
    written = getattr(state.statement, "table", None)  # none: nobody knows what a text changes
    named = {one for _found, of in memory.values() for one in of}
    _forget(memory, {one for one in named if written is None or one.__tablename__ == written.name})


def _forget(memory: Memory, changed: set[type[SQLModel]]) -> None:
    gone = [key for key, (_found, of) in memory.items() if not changed.isdisjoint(of)]
    for key in gone:
        del memory[key]
