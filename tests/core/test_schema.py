"""The database's shape: every migration runs, and the last one is what the code means."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, make_url, text
from sqlmodel import Session, SQLModel

import app.models  # noqa: F401 - so that the metadata knows every table
from app.core import db as database
from app.core import schema
from tests.cast import hire_the_cast

REVISIONS = [
    script.revision
    for script in reversed(list(ScriptDirectory.from_config(schema.config()).walk_revisions()))
]


@pytest.fixture
def empty(migrated: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A new database of the kind that is tested, with nothing in it."""
    if migrated.dialect.name == "sqlite":
        made = database.connect(f"sqlite:///{tmp_path / 'empty.db'}")
        yield made
        made.dispose()
        return
    name = f"empty_{uuid4().hex}"
    with migrated.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.execute(text(f"CREATE DATABASE {name}"))
        made = database.connect(
            make_url(migrated.url).set(database=name).render_as_string(hide_password=False)
        )
        yield made
        made.dispose()
        server.execute(text(f"DROP DATABASE {name}"))


def test_migrations_make_the_database_from_nothing(empty: Engine) -> None:
    assert not schema.up_to_date(empty)
    schema.upgrade(empty)
    assert schema.up_to_date(empty)
    assert set(SQLModel.metadata.tables) <= set(inspect(empty).get_table_names())
    with database.transaction(empty) as db:
        hire_the_cast(db)


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_earlier_database_comes_forward(revision: str, empty: Engine) -> None:
    schema.upgrade(empty, revision)
    assert schema.up_to_date(empty) == (revision == REVISIONS[-1])
    schema.upgrade(empty)
    assert schema.up_to_date(empty)
    assert differences(empty) == []


def test_models_and_migrations_agree(migrated: Engine) -> None:
    assert differences(migrated) == []


def test_coming_forward_twice_changes_nothing(empty: Engine) -> None:
    schema.upgrade(empty)
    with Session(empty) as db:
        hire_the_cast(db)
        db.commit()
    schema.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 7


def test_there_is_one_way_forward() -> None:
    assert len(ScriptDirectory.from_config(schema.config()).get_heads()) == 1


def test_every_reference_is_kept_by_the_database(migrated: Engine) -> None:
    known = inspect(migrated)
    for table in SQLModel.metadata.tables:
        keys = {key["constrained_columns"][0] for key in known.get_foreign_keys(table)}
        named = {column["name"] for column in known.get_columns(table)}
        pointing = {name for name in named if name.endswith("_id")}
        assert pointing - MERELY_TOLD.get(table, set()) == keys, table


# What a phone says, which may be of nothing that we have.
MERELY_TOLD = {"received": {"command_id"}}


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))
