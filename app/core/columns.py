"""Column types: what a database keeps and what the code sees."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator

from app.core.geo import Point

MinorUnits = BigInteger  # money; 32 bits end at 21 million yuan


class Moment(TypeDecorator[datetime]):
    """An aware UTC time. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must say its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        known: datetime = value
        return known.replace(tzinfo=UTC) if known.tzinfo is None else known.astimezone(UTC)


def choice(words: type[StrEnum]) -> type[TypeDecorator[StrEnum]]:
    """One of `words`, kept as its text: a new word needs no migration on any database."""

    class Choice(TypeDecorator[StrEnum]):
        impl = String
        cache_ok = True

        def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
            return None if value is None else str(value)

        def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:
            return None if value is None else words(value)

    return Choice


def point(lat: float | None, lon: float | None) -> Point | None:
    """A position from its two columns."""
    return None if lat is None or lon is None else Point(lat, lon)
