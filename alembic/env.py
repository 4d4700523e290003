"""Alembic runs on a connection that it is given (app.core.schema)."""

from typing import Any

from alembic import context
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

import app.models  # noqa: F401 - so that the metadata knows every table
from app.core import touches


def plain(kind: str, item: Any, _context: object) -> Any:
    """Migrations name the database's types, not ours, which may change their place."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    return "sa.String()" if isinstance(item.impl, String) else f"sa.{item.impl!r}"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
    touches.install(context.config.attributes["connection"])
