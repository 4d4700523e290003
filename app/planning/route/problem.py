"""A rep's day as a route: what is asked and what is answered.

Times are whole seconds of the day, lengths whole metres. Nothing here depends on how long a second
is: `roadbook route` counts in a finer unit where its numbers need one.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.core.geo import Point

Window = tuple[int, int]  # the first and the last second at which a visit may start

ALL_DAY: tuple[Window, ...] = ()
CLOSED: tuple[Window, ...] = ((0, -1),)


class Early(NamedTuple):
    """What a visit is worth on top when it starts by `until_s`."""

    until_s: int
    worth: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that is wanted; `worth` weighs it against the others when not all of them fit.

    An appointment starts at `fixed_s` to the second, whatever the opening hours say, and goes
    before everything else; `required` goes before all that is only worth something.
    """

    id: UUID
    point: Point | None
    service_s: int
    windows: tuple[Window, ...] = ALL_DAY
    worth: int = 1
    required: bool = False
    fixed_s: int | None = None
    early: Early | None = None

    @property
    def hours(self) -> tuple[Window, ...]:
        """When a visit may start, in order."""
        if self.fixed_s is not None:
            return ((self.fixed_s, self.fixed_s),)
        return tuple(sorted(self.windows))


class Lunch(NamedTuple):
    """A break somewhere on the way that starts within these seconds of the day."""

    earliest_s: int
    latest_s: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Day:
    """Without an `end` the day is over where the last visit is; at most `most` visits.

    Of the plans that are worth most, the one with the least road; `soon`: the one with the least of
    road and waiting, so that nobody stands hours before a closed door to save a few minutes' way.
    """

    start: Point
    end: Point | None
    depart_s: int
    until_s: int
    lunch: Lunch | None = None
    most: int | None = None
    soon: bool = False

    @property
    def meal(self) -> Lunch | None:
        """The lunch, unless the day begins after it or is over before it."""
        lunch = self.lunch
        if lunch is None or self.depart_s > lunch.latest_s:
            return None
        eaten_s = max(self.depart_s, lunch.earliest_s) + lunch.seconds
        return lunch if lunch.earliest_s <= lunch.latest_s and eaten_s <= self.until_s else None


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel from row to column, int64, zero on the diagonal; it may be asymmetric.

    Row 0 is the start of the day, then every stop in its order, and last the end of the day.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]


class Pace(NamedTuple):
    """How fast the traffic is in each hour of the day, 1 being the speed of the matrix."""

    speeds: tuple[float, ...]
    hour_s: int = 3600


@dataclass(frozen=True, eq=False)
class Problem:
    """Stop i of `stops` is row i + 1 of the matrix, and is called i + 1 within this package."""

    day: Day
    stops: tuple[Stop, ...]
    matrix: Matrix
    pace: Pace | None = None

    @property
    def end(self) -> int:
        return len(self.stops) + 1

    @cached_property
    def seconds(self) -> list[list[int]]:
        """The matrix as lists, which are read one by one much faster than arrays."""
        rows: list[list[int]] = self.matrix.seconds.tolist()
        return rows

    @cached_property
    def hours(self) -> list[tuple[Window, ...]]:
        """When a visit may start, by row."""
        return [(), *(stop.hours for stop in self.stops)]


class Visit(NamedTuple):
    id: UUID
    arrive_s: int
    start_s: int
    leave_s: int


class Why(StrEnum):
    """Why a stop is left out; what `LeftOut` says beside each."""

    NO_POSITION = "no_position"
    CLOSED_TODAY = "closed_today"
    CLOSED_THEN = "closed_then"  # `shut`, `away_s`: closed when one could be there
    TOO_FAR = "too_far"  # `away_s`: not even alone between departure and the day's end
    APPOINTMENTS = "appointments"  # `instead`: the ones that leave no time for it
    FULL = "full"  # as many visits as the day may have
    COSTS_OTHERS = "costs_others"  # `instead`: the ones that would have to go
    DOES_NOT_FIT = "does_not_fit"


class LeftOut(NamedTuple):
    """`shut` is from when to when it is closed; an end of None is for the rest of the day."""

    id: UUID
    why: Why
    away_s: int = 0
    shut: tuple[int, int | None] | None = None
    instead: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` are on the road; `finish_s` is when the rep is at the end of the day.

    `worth` is what the visits are worth, with what being early adds; `lunch_s` is when it begins.
    `proven` says that no plan is worth more; `hasty` that nobody has looked for a better one yet.
    """

    order: tuple[Visit, ...]
    left_out: tuple[LeftOut, ...]
    metres: int
    seconds: int
    finish_s: int
    worth: int = 0
    lunch_s: int | None = None
    proven: bool = False
    hasty: bool = False
