"""A week that somebody drove, minute by minute."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from tests import world
from tests.cast import Cast

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 in Shanghai


def days(db: Session, cast: Cast, *, minutes_a_km: int, checked_out: bool = True) -> None:
    """A week of Alice's: four shops, one, three and five kilometres from the one before.

    The night between two days is no road.
    """
    shops = [world.customer(db, cast.alice, at=world.away(1_000 * km)) for km in (0, 1, 4, 9)]
    for back in range(7):
        came = MONDAY - timedelta(days=back)
        for shop, km in zip(shops, (1, 3, 5, 0), strict=True):
            left = came + timedelta(minutes=10)
            world.visit(db, cast.alice, shop, came, left=left if checked_out else None)
            came = left + timedelta(minutes=minutes_a_km * km)
