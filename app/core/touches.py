"""Which customers and products were changed, and by when: for phones that keep copies of pages.

The database notes it by triggers, so that no way of writing can forget it. A table takes part by
`info={"touches": "customer_id"}`; with `"touches_day": "on_day"` also the day is noted.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Index, Table, inspect, text
from sqlmodel import Field, Session, SQLModel, col, select


class Touched(SQLModel, table=True):
    """`subject` was changed; `day` is what the change was about, or "".

    `mark` grows: on PostgreSQL the number of the transaction, on SQLite a count.
    """

    __table_args__ = (Index("touched_subject", "subject", "day"),)

    mark: int = Field(primary_key=True, sa_type=BigInteger)
    subject: UUID = Field(primary_key=True)
    day: str = Field(default="", primary_key=True)


def mark(db: Session) -> int:
    """Ask before you read: whatever is not yet seen by then will have this mark or a higher one."""
    if db.get_bind().dialect.name == "postgresql":
        now = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    else:
        now = "SELECT coalesce(max(mark), 0) + 1 FROM touched"
    return int(db.connection().execute(text(now)).scalar_one())


def touched_since(db: Session, since: int, subjects: Any) -> set[tuple[UUID, str]]:
    """What of `subjects`, a statement for their keys, was changed from that mark on."""
    wanted = select(Touched.subject, Touched.day).where(
        col(Touched.mark) >= since, col(Touched.subject).in_(subjects)
    )
    return set(db.exec(wanted))


def as_day(on: date) -> str:
    return on.isoformat()


def install(connection: Connection) -> None:
    """Put every trigger in its place: at the end of each migration, which may have lost some."""
    there = set(inspect(connection).get_table_names())
    if Touched.__tablename__ not in there:
        return
    for table in SQLModel.metadata.sorted_tables:
        if "touches" in table.info and table.name in there:
            make = _on_postgres if connection.dialect.name == "postgresql" else _on_sqlite
            for statement in make(table):
                connection.execute(text(statement))


def _on_sqlite(table: Table) -> list[str]:
    """One writer at a time: the note before it can go at once."""
    subject, day = table.info["touches"], table.info.get("touches_day")
    statements = []
    for deed, rows in (("insert", ["NEW"]), ("update", ["OLD", "NEW"]), ("delete", ["OLD"])):
        notes = []
        for row in rows:
            on = f"{row}.{day}" if day else "''"
            notes.append(
                "INSERT INTO touched (mark, subject, day) VALUES "  # noqa: S608 - names of our own tables and columns
                f"((SELECT coalesce(max(mark), 0) + 1 FROM touched), {row}.{subject}, {on}); "
                f"DELETE FROM touched WHERE subject = {row}.{subject} AND day = {on} "
                "AND mark < (SELECT max(mark) FROM touched);"
            )
        name = f"touch_{table.name}_{deed}"
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(
            f"CREATE TRIGGER {name} AFTER {deed.upper()} ON {table.name} "
            f"BEGIN {' '.join(notes)} END"
        )
    return statements


def _on_postgres(table: Table) -> list[str]:
    """Each statement notes what it changed, once; nobody waits for anybody.

    Older notes on the same go with it, unless another transaction is about to do that, or a phone
    may not have seen them yet.
    """
    subject, day = table.info["touches"], table.info.get("touches_day")
    on = f"{day}::text" if day else "''"
    statements = []
    for deed, rows in (("insert", "NEW"), ("update", "OLD NEW"), ("delete", "OLD")):
        name = f"touch_{table.name}_{deed}"
        seen = [f"{row.lower()}_rows" for row in rows.split()]
        changed = " UNION ".join(f"SELECT {subject} AS subject, {on} AS day FROM {s}" for s in seen)  # noqa: S608 - names of our own tables and columns
        referencing = " ".join(f"{row} TABLE AS {row.lower()}_rows" for row in rows.split())
        statements.append(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608 - names of our own tables and columns
            "DELETE FROM touched WHERE (mark, subject, day) IN (SELECT mark, subject, day "
            f"FROM touched WHERE (subject, day) IN ({changed}) "
            "FOR UPDATE SKIP LOCKED); "
            "INSERT INTO touched (mark, subject, day) "
            f"SELECT pg_current_xact_id()::text::bigint, c.subject, c.day FROM ({changed}) c "
            "ON CONFLICT DO NOTHING; RETURN NULL; END $$"
        )
        statements.append(f'DROP TRIGGER IF EXISTS {name} ON "{table.name}"')
        statements.append(
            f'CREATE TRIGGER {name} AFTER {deed.upper()} ON "{table.name}" '
            f"REFERENCING {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    return statements
