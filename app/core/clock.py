"""The only place that asks what time it is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day it is now for somebody in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> datetime:
    """The first moment of `day` for somebody in `zone`."""
    return datetime.combine(day, time(), ZoneInfo(zone))
