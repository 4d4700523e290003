"""Commands that are done together look the same thing up once, and write many rows at once."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import event, insert
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel

T = TypeVar("T")
Table = type[SQLModel]
Columns = Mapping[str, Any]
KEY = "memory"


class Memory:
    """What was found, by which tables it depends on, and rows that are yet to be written."""

    def __init__(self) -> None:
        self.found: dict[Hashable, Any] = {}
        self.by_table: defaultdict[Table, set[Hashable]] = defaultdict(set)
        self.rows: defaultdict[Table, list[Columns]] = defaultdict(list)

    def keep(self, key: Hashable, found: Any, of: Iterable[Table]) -> None:
        self.found[key] = found
        for table in of:
            self.by_table[table].add(key)

    def forget(self, changed: Iterable[Table]) -> None:
        for table in changed:
            for key in self.by_table.pop(table, ()):
                self.found.pop(key, None)


@contextmanager
def remembering(db: Session) -> Iterator[None]:
    """Until this ends, `remembered` asks once and `put` waits: never across two transactions."""
    memory = db.info[KEY] = Memory()
    try:
        yield
        _write(db, memory)
    finally:
        del db.info[KEY]


def remembered(db: Session, key: Hashable, look: Callable[[], T], *, of: tuple[Table, ...]) -> T:
    """What `look` found, until a row of one of these tables is added, changed or deleted.

    Rows of other tables are not written before it looks. What is written past the session, straight
    to its connection, is not noticed.
    """
    memory: Memory | None = db.info.get(KEY)
    if memory is None:
        return look()
    if of and any(isinstance(row, of) for row in (*db.dirty, *db.deleted)):
        memory.keep(key, look(), of)
    elif key not in memory.found:
        memory.keep(key, _looked(db, memory, look, of), of)
    found: T = memory.found[key]
    return found


def _looked(db: Session, memory: Memory, look: Callable[[], T], of: tuple[Table, ...]) -> T:
    if not memory.rows.keys().isdisjoint(of) or any(isinstance(row, of) for row in db.new):
        return look()
    with db.no_autoflush:
        return look()


def put(db: Session, table: Table, *rows: Columns) -> None:
    """Add rows that nobody changes in this transaction, by their columns: without an object each.

    They are written with others of their table, at the latest when somebody looks, after what they
    name: that is added, or put, before them.
    """
    memory: Memory = db.info.get(KEY) or Memory()
    memory.forget([table])
    memory.rows[table] += rows
    if KEY not in db.info:
        _write(db, memory)


def start_over(db: Session) -> None:
    """Write what waits and forget what was found: rows are changed past the session."""
    memory: Memory = db.info.get(KEY) or Memory()
    _write(db, memory)
    memory.found.clear()
    memory.by_table.clear()


def _write(db: Session, memory: Memory) -> None:
    db.flush()
    while memory.rows:
        table = next(iter(memory.rows))
        db.connection().execute(insert(table), memory.rows.pop(table))


@event.listens_for(Session, "after_flush")
def _rows_were_written(db: Session, _flush: object) -> None:
    if memory := db.info.get(KEY):
        memory.forget({type(row) for row in (*db.dirty, *db.deleted)})


@event.listens_for(Session, "after_attach")
def _a_row_is_added(db: Session, row: SQLModel) -> None:
    if memory := db.info.get(KEY):
        memory.forget([type(row)])


@event.listens_for(Session, "do_orm_execute")
def _a_statement_is_executed(state: ORMExecuteState) -> None:
    db = cast(Session, state.session)
    memory: Memory | None = db.info.get(KEY)
    if memory is None:
        return
    if memory.rows and db.autoflush and not state.is_column_load:
        _write(db, memory)
    if not state.is_select:
        written = getattr(state.statement, "table", None)  # none: nobody knows what a text changes
        memory.forget(
            [one for one in memory.by_table if written is None or one.__tablename__ == written.name]
        )
