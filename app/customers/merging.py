"""Two customers that are one: whatever names the one is made to name the other, and back.

Every table that refers to a customer is found by its foreign key, also those of slices above.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, UniqueConstraint, and_, exists, select, update
from sqlmodel import Session, SQLModel, col

from app.core.commands import CommandLog
from app.customers.models import Customer, MergeProposal, Merger

OWN = {one.__tablename__ for one in (Customer, MergeProposal, Merger)}  # they tell of both cards
AT_ONCE = 1000
Moved = dict[str, list[str]]


def places() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column in which a row says of which customer it is."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns if table.name not in OWN else ():
            if any(key.column.table.name == Customer.__tablename__ for key in column.foreign_keys):
                yield table, column


def move(db: Session, gone_id: UUID, kept_id: UUID) -> Moved:
    """Make the rows of `gone` those of `kept`; returns their keys by table and column.

    A row that `kept` has the like of, where only one is possible, stays where it is.
    """
    moved: Moved = {}
    for table, column in places():
        taken = (clash(table, column, one, kept_id) for one in unique_with(table, column))
        wanted = select(table.c.id).where(column == gone_id, *(~one for one in taken))
        keys = list(db.execute(wanted).scalars())
        if keys:
            give(db, (table, column), keys, kept_id)
            moved[f"{table.name}.{column.name}"] = [str(key) for key in keys]
    return moved


def give(db: Session, place: tuple[Table, Column[Any]], keys: Sequence[UUID], to: UUID) -> None:
    table, column = place
    for start in range(0, len(keys), AT_ONCE):
        batch = table.c.id.in_(keys[start : start + AT_ONCE])
        db.execute(update(table).where(batch, column != to).values({column.name: to}))
    for row in db.identity_map.values():
        if isinstance(row, SQLModel) and row.__tablename__ == table.name:
            db.expire(row)


def unique_with(table: Table, column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """The other columns of everything that is unique together with this one."""
    constraints = [
        list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    indexes = [list(one.columns) for one in table.indexes if one.unique]
    for own in constraints + indexes:
        if column in own:
            yield [other for other in own if other is not column]


def clash(
    table: Table, column: Column[Any], others: Sequence[Column[Any]], kept_id: UUID
) -> ColumnElement[bool]:
    there = table.alias()
    same = and_(*(there.c[other.name] == other for other in others))
    return exists().where(there.c[column.name] == kept_id, same)


def move_back(db: Session, merger: Merger) -> None:
    """Give `gone` what it had, and what was written since by those who named it."""
    said = col(CommandLog.contents)["customer_id"].as_string()
    names = [str(key) for key in names_of(db, merger.gone_id)]
    named = select(col(CommandLog.id)).where(
        col(CommandLog.received_at) >= merger.merged_at, said.in_(names)
    )
    since = list(db.execute(named).scalars())
    for table, column in places():
        had = merger.moved.get(f"{table.name}.{column.name}", [])
        give(db, (table, column), [UUID(key) for key in had] + since, merger.gone_id)
    lose(db, merger, since)


def lose(db: Session, merger: Merger, since: Sequence[UUID]) -> None:
    """Where the kept card was merged in its turn, these rows are no longer part of it."""
    gone = {key for keys in merger.moved.values() for key in keys} | set(map(str, since))
    above = active_merger(db, merger.kept_id)
    while above:
        above.moved = {
            place: [key for key in keys if key not in gone] for place, keys in above.moved.items()
        }
        above = active_merger(db, above.kept_id)


def active_merger(db: Session, gone_id: UUID) -> Merger | None:
    wanted = select(Merger).where(col(Merger.gone_id) == gone_id, col(Merger.undone_at).is_(None))
    return db.execute(wanted).scalar_one_or_none()


def names_of(db: Session, customer_id: UUID) -> list[UUID]:
    """The ids under which a customer is known: its own, and those merged into it."""
    known, new = [customer_id], [customer_id]
    while new:
        below = select(col(Customer.id)).where(col(Customer.merged_into_id).in_(new))
        new = list(db.execute(below).scalars())
        known += new
    return known
