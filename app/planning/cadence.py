"""How often a customer is to be visited and called, and what follows from it for today.

Everything is counted in the worked days of whoever looks after the customer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.customers.rules import Grade, opens_on
from app.planning.workdays import Workdays
from app.visits.rules import ContactKind


class Unit(StrEnum):
    WEEK = "week"
    MONTH = "month"


WORKDAYS_IN = {Unit.WEEK: 5, Unit.MONTH: 22}
UNGRADED = Grade.C  # a customer without a grade is treated as one of these
OPEN_WITHIN = 14  # days in which a customer's next open day is looked for
SPOKEN = {ContactKind.PHONE, ContactKind.MESSAGE}  # what a call need not repeat


@dataclass(frozen=True)
class Rhythm:
    """So many times in so many weeks or months; 0 times is never."""

    times: int
    span: int = 1
    unit: Unit = Unit.MONTH

    @property
    def gap(self) -> int | None:
        """Worked days from one to the next, rounded down so that the number is kept."""
        return max(1, WORKDAYS_IN[self.unit] * self.span // self.times) if self.times else None


@dataclass(frozen=True)
class Cadence:
    """Policy of a grade. `high_level`: somebody high up is in touch at festivals and year end."""

    visits: Rhythm
    calls: Rhythm
    manager: Rhythm
    high_level: bool


NEVER = Rhythm(0)
CADENCES: Mapping[Grade, Cadence] = {
    Grade.A1: Cadence(Rhythm(4), Rhythm(2, 1, Unit.WEEK), Rhythm(1), high_level=True),
    Grade.A2: Cadence(Rhythm(3), Rhythm(1, 1, Unit.WEEK), Rhythm(1), high_level=True),
    Grade.B1: Cadence(Rhythm(2), Rhythm(1, 1, Unit.WEEK), Rhythm(1), high_level=True),
    Grade.B2: Cadence(Rhythm(1), Rhythm(1, 2, Unit.WEEK), Rhythm(1), high_level=True),
    Grade.C: Cadence(Rhythm(1, 2), Rhythm(1, 2, Unit.WEEK), NEVER, high_level=False),
    Grade.D: Cadence(NEVER, Rhythm(1), NEVER, high_level=False),
}


@dataclass(frozen=True)
class Shares:
    """Policy: the percentage of a visit that each other contact counts as, and all of them at most.

    A call that reaches a customer who is visited every ten days puts the next visit off by one.
    """

    phone: int = 10
    message: int = 5
    letter: int = 5
    dinner: int = 50
    event: int = 25
    exhibition: int = 25
    sports: int = 25
    most: int = 50

    def of(self, others: Mapping[ContactKind, int]) -> int:
        """Percent of a visit that these contacts are together."""
        points: int = sum(getattr(self, kind) * times for kind, times in others.items())
        return min(points, self.most)


class History(NamedTuple):
    """Days of what last happened at a customer; what reached nobody is left out.

    `visited` by anybody, `led` by somebody who leads, `spoken` by phone or in writing; `others`:
    contacts since the last visit; `agreed`: the day agreed for the next contact by the last one.
    """

    visited: date | None = None
    led: date | None = None
    spoken: date | None = None
    others: Mapping[ContactKind, int] = MappingProxyType({})
    agreed: date | None = None

    @property
    def latest(self) -> date | None:
        return max((day for day in (self.visited, self.spoken) if day), default=None)


class State(StrEnum):
    FIRST = "first"
    EARLY = "early"
    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"


class Due(NamedTuple):
    """When the next one is due; `on` None: there was none yet. Before `early_until` is too early.

    `gap` is in worked days. `provisional`: the calendar of that year is not announced yet.
    """

    gap: int
    on: date | None = None
    early_until: date | None = None
    provisional: bool = False

    def days_late(self, today: date) -> int:
        return max(0, (today - self.on).days) if self.on else 0

    def state(self, today: date) -> State:
        if self.on is None:
            return State.FIRST
        if today > self.on:
            return State.OVERDUE
        if today == self.on:
            return State.DUE
        return State.EARLY if self.early_until and today < self.early_until else State.SOON


class Dues(NamedTuple):
    """The next visit, call, and visit by the manager; None where the policy wants none."""

    visit: Due | None
    call: Due | None
    manager: Due | None


Windows = Sequence[Sequence[int]] | None


def dues(
    cadence: Cadence, history: History, shares: Shares, days: Workdays, windows: Windows
) -> Dues:
    """`windows` are the customer's opening hours, None when they are not known."""
    share = shares.of(history.others)
    call = due(cadence.calls, history.latest, days, windows)
    if call and history.agreed:
        call = Due(call.gap, history.agreed, None, history.agreed.year in days.provisional)
    return Dues(
        due(cadence.visits, history.visited, days, windows, share=share),
        call,
        due(cadence.manager, history.led, days, windows),
    )


def due(
    rhythm: Rhythm, last: date | None, days: Workdays, windows: Windows, *, share: int = 0
) -> Due | None:
    """`share` is what other contacts count as, in percent of the gap that they add to it."""
    gap = rhythm.gap
    if gap is None:
        return None
    if last is None:
        return Due(gap)
    on = when_open(days.after(last, gap + gap * share // 100), days, windows)
    return Due(gap, on, days.after(last, (gap + 1) // 2), on.year in days.provisional)


def when_open(day: date, days: Workdays, windows: Windows) -> date:
    """The first worked day from `day` on that the customer is open; `day` where there is none."""
    if windows is None:
        return day
    if opens_on(windows, day) and day in days:
        return day
    ahead = (day + timedelta(days=more) for more in range(1, OPEN_WITHIN))
    return next((one for one in ahead if opens_on(windows, one) and one in days), day)
