"""A map of our own: positions in, shapes of a drawing out. The same positions draw the same bytes.

Flat around its middle: over a day's drive that is off by less than a dot. North is up. Lengths of a
drawing are its units, from its upper left corner; `metres` is what a unit stands for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, hypot, inf, pi, radians, sin
from typing import NamedTuple

from app.core.geo import Point
from app.core.lines import Flat, simplified

METRES_A_DEGREE = 111_195
LEAST_M = 600  # what a drawing shows at least from side to side, however near its places are
ROUNDS = 60  # of pushing apart
GOLDEN = pi * (3 - 5**0.5)  # the angle by which a sunflower sets its seeds
OVER = 6  # units that the ground reaches over the edge, so that no edge is seen


class Spot(NamedTuple):
    """A place in the drawing, in whole units."""

    x: int
    y: int


class Box(NamedTuple):
    """Degrees, WGS-84."""

    south: float
    west: float
    north: float
    east: float

    def meets(self, other: "Box") -> bool:
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )


class Bar(NamedTuple):
    """A length to measure by."""

    metres: int
    units: int


@dataclass(frozen=True)
class Frame:
    """The part of the world that is drawn."""

    middle: Point
    metres: float
    width: int
    height: int

    def at(self, point: Point) -> Flat:
        east = _turned(point.lon - self.middle.lon) * METRES_A_DEGREE * self._narrow
        north = (point.lat - self.middle.lat) * METRES_A_DEGREE
        return self.width / 2 + east / self.metres, self.height / 2 - north / self.metres

    def point_at(self, x: float, y: float) -> Point:
        north = (self.height / 2 - y) * self.metres / METRES_A_DEGREE
        east = (x - self.width / 2) * self.metres / METRES_A_DEGREE / self._narrow
        return Point(self.middle.lat + north, self.middle.lon + east)

    @property
    def _narrow(self) -> float:
        """How long a degree of longitude is, of one of latitude."""
        return max(cos(radians(self.middle.lat)), 0.001)

    @property
    def box(self) -> Box:
        south, west = self.point_at(-OVER, self.height + OVER)
        north, east = self.point_at(self.width + OVER, -OVER)
        return Box(south, west, north, east)


def framed(points: Sequence[Point], width: int, height: int, margin: int) -> Frame:
    """A frame around the points with a margin, in units; there must be one at least."""
    first = points[0].lon
    lons = [_turned(point.lon - first) for point in points]
    lats = [point.lat for point in points]
    lat, lon = (min(lats) + max(lats)) / 2, first + (min(lons) + max(lons)) / 2
    frame = Frame(Point(lat, _turned(lon)), 1, width, height)
    spans = [frame.at(point) for point in points]
    across = max(abs(x - width / 2) for x, _y in spans) / (width / 2 - margin)
    down = max(abs(y - height / 2) for _x, y in spans) / (height / 2 - margin)
    return Frame(frame.middle, max(across, down, LEAST_M / width), width, height)


def _turned(degrees: float) -> float:
    """The same difference of longitudes, the short way round the earth."""
    return degrees if -180 <= degrees <= 180 else (degrees + 180) % 360 - 180


def spots(frame: Frame, points: Sequence[Point], gap: float, margin: int) -> list[Spot]:
    """Where the points are drawn: inside the margin, and pushed `gap` units apart if there is room.

    Nobody is moved who does not lie on somebody else.
    """
    room = (frame.width - 2 * margin) * (frame.height - 2 * margin)
    gap = min(gap, (room / max(len(points), 1) / 2) ** 0.5)
    places = [_inside(frame, margin, *frame.at(point)) for point in points]
    for _round in range(ROUNDS):
        if not _pushed(places, gap):
            break
        places = [_inside(frame, margin, x, y) for x, y in places]
    return [Spot(round(x), round(y)) for x, y in places]


def _pushed(places: list[Flat], gap: float) -> bool:
    """Every two that are too near give way by half each; whether there were any."""
    moved = False
    for one, other in combinations(range(len(places)), 2):
        (x, y), (far_x, far_y) = places[one], places[other]
        apart = hypot(far_x - x, far_y - y)
        if apart >= gap - 0.5:
            continue
        moved = True
        way = (
            ((far_x - x) / apart, (far_y - y) / apart)
            if apart > 0.01
            else (cos(other * GOLDEN), sin(other * GOLDEN))
        )
        by = (gap - apart) / 2
        places[one] = x - way[0] * by, y - way[1] * by
        places[other] = far_x + way[0] * by, far_y + way[1] * by
    return moved


def _inside(frame: Frame, margin: int, x: float, y: float) -> Flat:
    return (
        min(max(x, margin), frame.width - margin),
        min(max(y, margin), frame.height - margin),
    )


def course(through: Sequence[Spot]) -> str:
    """A straight line from spot to spot, as the points of a polyline; one spot is no line."""
    return " ".join(f"{x} {y}" for x, y in through) if len(through) > 1 else ""


def scale_bar(frame: Frame) -> Bar:
    """The longest of 1, 2 or 5 times a power of ten that takes up a quarter of the width."""
    most, metres = frame.width / 4 * frame.metres, 1
    for power in range(8):
        for digit in (1, 2, 5):
            if digit * 10**power <= most:
                metres = digit * 10**power
    return Bar(metres, round(metres / frame.metres))


def outline(frame: Frame, line: Sequence[Point], *, closed: bool, coarse: float) -> str:
    """What of a line, or of the edge of an area, lies in the frame, as a path in whole units.

    Bends of less than `coarse` units are left out; "" when nothing can be seen of it.
    """
    flat = [frame.at(point) for point in line]
    parts = [_cut(flat, frame)] if closed else list(_runs(flat, frame))
    return "".join(_path(simplified(part, coarse), closed=closed) for part in parts)


def _runs(line: Sequence[Flat], frame: Frame) -> Iterator[list[Flat]]:
    """The pieces of a line whose legs may come into the frame."""
    run: list[Flat] = []
    for leg in pairwise(line):
        if _misses(leg, frame):
            if run:
                yield run
            run = []
        else:
            run = [*(run or leg[:1]), leg[1]]
    if run:
        yield run


def _misses(leg: tuple[Flat, Flat], frame: Frame) -> bool:
    (x, y), (to_x, to_y) = leg
    return (
        max(x, to_x) < -OVER
        or min(x, to_x) > frame.width + OVER
        or max(y, to_y) < -OVER
        or min(y, to_y) > frame.height + OVER
    )


def _cut(ring: Sequence[Flat], frame: Frame) -> list[Flat]:
    """An area cut off at each side of the frame in turn (Sutherland and Hodgman)."""
    left = list(ring)
    for axis, size in enumerate((frame.width, frame.height)):
        left = list(_kept(left, axis, 1, -OVER))
        left = list(_kept(left, axis, -1, size + OVER))
    return left


def _kept(ring: list[Flat], axis: int, sign: int, edge: float) -> Iterator[Flat]:
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was, now = (sign * (one[axis] - edge) for one in (before, here))
        if (was < 0) != (now < 0):
            share = was / (was - now)
            yield (
                before[0] + share * (here[0] - before[0]),
                before[1] + share * (here[1] - before[1]),
            )
        if now >= 0:
            yield here


def _path(line: Sequence[Flat], *, closed: bool) -> str:
    """Relative and without needless blanks: half the bytes."""
    there: Spot | None = None
    steps: list[str] = []
    for x, y in line:
        here = Spot(round(x), round(y))
        if there is None:
            begin = f"M{here.x} {here.y}l"
        elif here != there:
            steps.append(f"{here.x - there.x} {here.y - there.y}")
        there = here
    if len(steps) < (2 if closed else 1):
        return ""
    return begin + " ".join(steps).replace(" -", "-") + ("z" if closed else "")


def spread_of(line: Sequence[Point]) -> Box:
    """The box around a line."""
    box = [inf, inf, -inf, -inf]
    for lat, lon in line:
        box = [min(box[0], lat), min(box[1], lon), max(box[2], lat), max(box[3], lon)]
    return Box(*box)
