"""Days and times of the story, by Shanghai's clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
SATURDAY = 5


def at(day: date, minutes: float) -> datetime:
    """A moment of `day`, in minutes since its midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minutes)


def is_working(day: date) -> bool:
    return day.weekday() < SATURDAY


def working_days_before(today: date, within: int) -> list[date]:
    """The working days among the last `within` days, oldest first; today is not among them."""
    days = (today - timedelta(days=back) for back in range(within, 0, -1))
    return [day for day in days if is_working(day)]


def working_days_after(day: date, count: int) -> list[date]:
    found: list[date] = []
    while len(found) < count:
        day += timedelta(days=1)
        if is_working(day):
            found.append(day)
    return found
