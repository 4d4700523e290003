"""The travel part of a question: minutes told as a matrix, or positions to reckon them from."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.errors import Refused
from app.core.geo import Point
from app.core.i18n import mark as _
from app.planning.route.matrix import CITY, travel_between
from app.planning.route.problem import Matrix
from app.planning.route.told import FAR, Told, a_count, a_list, a_number

NOWHERE = Point(0, 0)


@dataclass(frozen=True, eq=False)
class Journey:
    """`minutes` and `metres` as in `problem.Matrix`: the start, the stops in order, the end."""

    minutes: NDArray[np.float64]
    metres: NDArray[np.int64]
    with_km: bool
    nowhere: Point = NOWHERE

    def whole(self, per: int) -> bool:
        parts = self.minutes * per
        return bool((np.abs(parts - np.rint(parts)) < 1e-5).all())

    def matrix(self, per: int) -> Matrix:
        """In parts of a minute, rounded up."""
        return Matrix(np.ceil(self.minutes * per - 1e-5).astype(np.int64), self.metres)


def journey_of(told: Told, stops: int) -> Journey:
    """Read `travel_minutes` or `positions`, of which `start` and `end` are two and stops the rest.

    An end may have a row of its own or be the start or a stop; without a start or an end the day
    begins or is over at the first or the last stop.
    """
    if told.get("travel_minutes") is not None:
        minutes = _minutes(told["travel_minutes"])
        metres, with_km = np.zeros(minutes.shape, dtype=np.int64), False
    elif told.get("positions") is not None:
        detour = a_number(told.get("detour", CITY.detour), "detour", least=1, most=10)
        matrix = travel_between(_points(told["positions"]), replace(CITY, detour=detour))
        minutes, metres, with_km = matrix.seconds / 60, matrix.metres, True
    else:
        raise Refused(_("“%(field)s” is missing."), field="travel_minutes")
    field = "positions" if with_km else "travel_minutes"
    start, end = (_place(told, name, len(minutes)) for name in ("start", "end"))
    rows = _rows(len(minutes), stops, (start, end), field)
    first = start if start is not None else rows[0] if rows else 0
    last = end if end is not None else rows[-1] if rows else first
    around = [first, *rows, last]
    both = np.ix_(around, around)
    minutes, metres = minutes[both].copy(), metres[both].copy()
    for table in (minutes, metres):
        if start is None:
            table[0, :] = 0
        if end is None:
            table[:, -1] = 0
        np.fill_diagonal(table, 0)
    return Journey(minutes, metres, with_km)


def _place(told: Told, name: str, places: int) -> int | None:
    index = told.get(name, 0 if name == "start" else None)
    if index is None:
        return None
    number = a_count(index, name, FAR)
    if number >= places:
        raise Refused(
            _("“%(field)s” is %(number)s, and there are %(places)s places, counted from 0."),
            field=name,
            number=number,
            places=places,
        )
    return number


def _rows(places: int, stops: int, ends: tuple[int | None, int | None], field: str) -> list[int]:
    """The rows of the stops: all but the start's and, where it is not a stop's, the end's."""
    start, end = ends
    for kept in ({start, end}, {start}):
        rows = [row for row in range(places) if row not in kept]
        if len(rows) == stops:
            return rows
    raise Refused(
        _(
            "“%(field)s” must have a row for the start, each of the %(stops)s stops, and an end of "
            "its own; it has %(there)s."
        ),
        field=field,
        stops=stops,
        there=places,
    )


def _minutes(told: Any) -> NDArray[np.float64]:
    rows = a_list(told, "travel_minutes")
    for at, row in enumerate(rows):
        a_list(row, f"travel_minutes[{at}]", len(rows))
        for to, minutes in enumerate(row):
            if type(minutes) not in (int, float) or not 0 <= minutes <= FAR:
                a_number(minutes, f"travel_minutes[{at}][{to}]", least=0)
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(rows))


def _points(told: Any) -> list[Point]:
    points = []
    for at, pair in enumerate(a_list(told, "positions")):
        lat, lon = a_list(pair, f"positions[{at}]", 2)
        points.append(
            Point(
                a_number(lat, f"positions[{at}][0]", least=-90, most=90),
                a_number(lon, f"positions[{at}][1]", least=-180, most=180),
            )
        )
    return points
