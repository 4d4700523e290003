"""What lies under the stops of a map: its kinds, and how much of it fits into a drawing."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import cos, inf, radians
from typing import NamedTuple

from app.core.geo import Point
from app.core.lines import simplified
from app.core.sketch import METRES_A_DEGREE, Box, Frame, outline

UNITS_A_DEGREE = 100_000  # of stored positions: a metre
FINE_M, COARSE_M = 10, 80  # bends that are left out when a file is taken in
FAR_M = 60  # metres a unit from which on the coarse lines do
MOST_POINTS = 200_000  # that a company's map may have
AROUND = 30  # bytes of an area beside its path
LEAST = 60  # bytes that are still worth filling


class Kind(StrEnum):
    """From the bottom up."""

    WATER = "water"
    GREEN = "green"
    DISTRICT = "district"
    STREET = "street"
    RAIL = "rail"
    ROAD = "road"


# What is drawn first while there is room, and up to how many metres a unit it can be told apart.
WEIGHT = {
    Kind.WATER: inf,
    Kind.DISTRICT: inf,
    Kind.ROAD: 150,
    Kind.RAIL: 80,
    Kind.GREEN: 60,
    Kind.STREET: 10,
}
MAIN_ROADS = {"motorway", "trunk", "primary", "secondary"}
GREENS = {"park", "garden", "forest", "grass", "wood", "recreation_ground"}


@dataclass(frozen=True)
class Shape:
    """An area by its rings, the outer one first, or a line; fine and coarse, as stored."""

    kind: Kind
    closed: bool
    box: Box
    fine: Sequence[Sequence[int]]
    coarse: Sequence[Sequence[int]]

    def lines(self, metres: float) -> Iterator[list[Point]]:
        """For a drawing in which a unit is so many metres."""
        yield from map(unpacked, self.coarse if metres >= FAR_M else self.fine)


@dataclass(frozen=True, eq=False)
class Atlas:
    """All that a company has loaded."""

    shapes: Sequence[Shape] = ()


NOTHING = Atlas()


def kind_of(said: Mapping[str, object], *, closed: bool) -> Kind:
    """By the words of OpenStreetMap where a feature has any; else areas are districts."""
    if "water" in said or "waterway" in said or said.get("natural") in {"water", "bay"}:
        return Kind.WATER
    if GREENS & {str(said.get(key)) for key in ("leisure", "landuse", "natural")}:
        return Kind.GREEN
    if "railway" in said or "subway" in said or said.get("route") in {"subway", "train"}:
        return Kind.RAIL
    if "highway" in said:
        main = str(said["highway"]).removesuffix("_link") in MAIN_ROADS
        return Kind.ROAD if main else Kind.STREET
    return Kind.DISTRICT if closed else Kind.ROAD


def packed(line: Sequence[Point], within_m: float) -> list[int]:
    """Latitude and longitude in turn, as steps; bends that are not needed left out."""
    wide = cos(radians(line[0].lat)) * METRES_A_DEGREE
    flat = [(lon * wide, lat * METRES_A_DEGREE) for lat, lon in line]
    steps: list[int] = []
    before = (0, 0)
    for x, y in simplified(flat, within_m):
        here = round(y / METRES_A_DEGREE * UNITS_A_DEGREE), round(x / wide * UNITS_A_DEGREE)
        steps += [here[0] - before[0], here[1] - before[1]]
        before = here
    return steps


def unpacked(steps: Sequence[int]) -> list[Point]:
    lat = lon = 0
    line = []
    for at in range(0, len(steps), 2):
        lat, lon = lat + steps[at], lon + steps[at + 1]
        line.append(Point(lat / UNITS_A_DEGREE, lon / UNITS_A_DEGREE))
    return line


def steps_of(lines: Sequence[Sequence[int]]) -> tuple[Sequence[int], ...]:
    """As they are kept in memory: a fifth of what a list of numbers takes."""
    return tuple(array("i", line) for line in lines)


class Stroke(NamedTuple):
    """A path of the drawing: an area to be filled, or one line or more."""

    kind: Kind
    closed: bool
    path: str


@lru_cache(512)
def drawn(atlas: Atlas, frame: Frame, most: int, coarse: float) -> tuple[Stroke, ...]:
    """What lies in the frame, from the bottom up, in `most` bytes at most.

    What weighs most is taken first, and of that the largest. Bends of less than `coarse` units are
    left out.
    """
    taken: list[Stroke] = []
    for shape in _wanted(atlas, frame):
        if most < LEAST:
            break
        lines = (
            outline(frame, line, closed=shape.closed, coarse=coarse)
            for line in shape.lines(frame.metres)
        )
        path = "".join(lines)
        cost = len(path) + (AROUND if shape.closed else 0)
        if path and cost <= most:
            most -= cost
            taken.append(Stroke(shape.kind, shape.closed, path))
    return tuple(_layers(taken))


def _wanted(atlas: Atlas, frame: Frame) -> list[Shape]:
    box, order = frame.box, list(WEIGHT)
    seen = [
        shape
        for shape in atlas.shapes
        if frame.metres <= WEIGHT[shape.kind] and shape.box.meets(box)
    ]
    return sorted(seen, key=lambda shape: (order.index(shape.kind), -_size(shape.box)))


def _size(box: Box) -> float:
    return max(box.north - box.south, box.east - box.west)


def _layers(taken: Sequence[Stroke]) -> Iterator[Stroke]:
    """Areas one by one, because where two of them overlap there is no hole; lines as one path."""
    for kind in Kind:
        own = [stroke for stroke in taken if stroke.kind is kind]
        yield from (stroke for stroke in own if stroke.closed)
        if lines := "".join(stroke.path for stroke in own if not stroke.closed):
            yield Stroke(kind, closed=False, path=lines)
