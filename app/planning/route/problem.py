"""A rep's day as a route: what is asked and what is answered.

Times are whole seconds of the day, lengths whole metres.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from app.core.geo import Point

Window = tuple[int, int]  # the first and the last second at which a visit may start

ALL_DAY: tuple[Window, ...] = ()
CLOSED: tuple[Window, ...] = ((0, -1),)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that is wanted; `worth` weighs it against the others when not all of them fit."""

    id: UUID
    point: Point | None
    service_s: int
    windows: tuple[Window, ...] = ALL_DAY
    worth: int = 1
    required: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """Without an `end` the day is over where the last visit is."""

    start: Point
    end: Point | None
    depart_s: int
    until_s: int


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel from row to column, int64, zero on the diagonal; it may be asymmetric.

    Row 0 is the start of the day, then every stop in its order, and last the end of the day.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Stop i of `stops` is row i + 1 of the matrix, and is called i + 1 within this package."""

    day: Day
    stops: tuple[Stop, ...]
    matrix: Matrix

    @property
    def end(self) -> int:
        return len(self.stops) + 1


class Visit(NamedTuple):
    id: UUID
    arrive_s: int
    start_s: int
    leave_s: int


class Why(StrEnum):
    NO_POSITION = "no_position"
    CLOSED_TODAY = "closed_today"
    DOES_NOT_FIT = "does_not_fit"


class LeftOut(NamedTuple):
    id: UUID
    why: Why


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` are on the road; `finish_s` is when the rep is at the end of the day."""

    order: tuple[Visit, ...]
    left_out: tuple[LeftOut, ...]
    metres: int
    seconds: int
    finish_s: int
