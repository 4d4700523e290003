"""The newest rows of each of many."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func
from sqlmodel import col, select


def latest(of: Any, ids: Collection[UUID], limit: int, *order: ColumnElement[Any]) -> Select[Any]:
    """The keys of the first `limit` rows in `order` of each `of`, a column that holds `ids`."""
    table = of.class_
    place = func.row_number().over(partition_by=of, order_by=order)
    ranked = select(col(table.id), place.label("place")).where(of.in_(ids)).subquery()
    return select(ranked.c.id).where(ranked.c.place <= limit)


def grouped(ids: Collection[UUID]) -> dict[UUID, list[Any]]:
    """An empty list for each."""
    return {one: [] for one in ids}
