"""What every verb of the `roadbook` command has in common: its language, its database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from app.core import db as database
from app.core import i18n, schema
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.settings import settings
from app.sync.sealed import Unreadable


@contextmanager
def console() -> Iterator[None]:
    """Speak the reader's language; end with a sentence, never with a traceback, when refused."""
    said = os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    with i18n.speaking(i18n.preferred(said.split(".")[0])):
        try:
            yield
        except Refused as no:
            typer.echo(str(no), err=True)
            raise typer.Exit(1 if isinstance(no, Unreadable) else 2) from no


def connected() -> Engine:
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    return database.connect(settings().database)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction on a database that is up to date; a laptop's is brought forward."""
    engine = connected()
    if engine.dialect.name == "sqlite":
        schema.upgrade(engine)
    if not schema.up_to_date(engine):
        raise Refused(_("The database is not up to date. Run “roadbook migrate” first."))
    try:
        with database.transaction(engine) as db:
            yield db
    finally:
        engine.dispose()
