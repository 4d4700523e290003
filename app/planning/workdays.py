"""The days that are worked: counted without weekends, public holidays, leave; with make-up days."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """Worked days in order, all of some years; `provisional` are those years that may change.

    Beyond its years the last day stands for all that follow.
    """

    days: tuple[date, ...]
    provisional: frozenset[int] = frozenset()

    def __contains__(self, day: date) -> bool:
        at = bisect_left(self.days, day)
        return at < len(self.days) and self.days[at] == day

    def after(self, day: date, count: int) -> date:
        """The worked day number `count` after `day`; 1 is the next one."""
        return self.days[min(bisect_right(self.days, day) + count - 1, len(self.days) - 1)]

    def within(self, after: date, until: date) -> int:
        """How many days are worked after the one, up to and with the other."""
        return bisect_right(self.days, until) - bisect_right(self.days, after)

    def without(self, spans: Iterable[tuple[date, date]]) -> "Workdays":
        """The same without leave: spans of first and last day."""
        left = list(self.days)
        for first, last in spans:
            left[bisect_left(left, first) : bisect_right(left, last)] = []
        return Workdays(tuple(left) or self.days[-1:], self.provisional)


def workdays_of(
    year: int,
    off: Collection[date],
    worked: Collection[date],
    said: Mapping[date, bool],
) -> list[date]:
    """Of one year. What the office has `said` of a day comes before what is official."""
    first = date(year, 1, 1)
    days = (first + DAY * ahead for ahead in range((date(year + 1, 1, 1) - first).days))
    return [day for day in days if said.get(day, is_worked(day, off, worked))]


def is_worked(day: date, off: Collection[date], worked: Collection[date]) -> bool:
    return day in worked or (day.weekday() < SATURDAY and day not in off)
