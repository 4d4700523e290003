"""Positions on the earth: WGS-84 is stored, the two Chinese systems live at the edges only."""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import NamedTuple

from geopy.distance import geodesic


class Point(NamedTuple):
    """Degrees, north and east positive; WGS-84 unless a `Crs` beside it says otherwise."""

    lat: float
    lon: float


class Crs(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def distance_m(a: Point, b: Point) -> float:
    """Measure metres along the WGS-84 ellipsoid (Karney's geodesic)."""
    return float(geodesic(a, b).m)


def to_wgs84(point: Point, crs: Crs) -> Point:
    """Undo a Chinese shift, exactly; a point outside the mainland is returned as it is.

    Within half a kilometre outside the border a point cannot be told from a shifted one; it is
    taken for shifted.
    """
    if crs is Crs.WGS84:
        return point
    wgs84 = _undo(_gcj02 if crs is Crs.GCJ02 else _bd09, point)
    return wgs84 if in_mainland_china(wgs84) else point


def from_wgs84(point: Point, crs: Crs) -> Point:
    """Shift as Chinese maps do; a point outside the mainland is returned as it is."""
    if crs is Crs.WGS84 or not in_mainland_china(point):
        return point
    return _gcj02(point) if crs is Crs.GCJ02 else _bd09(point)


def in_mainland_china(point: Point) -> bool:
    """Tell by a rough outline whether Chinese maps shift this point.

    The outline follows the land border to some ten kilometres, closer where two towns face each
    other, and is generous over water. Hong Kong, Macau, Taiwan, Kinmen and Matsu are outside; so
    are the islands far out in the South China Sea.
    """
    return _inside(_MAINLAND, point) and not any(_inside(part, point) for part in _APART)


_Outline = tuple[tuple[float, float], ...]


def _inside(outline: _Outline, point: Point) -> bool:
    lat, lon = point
    inside = False
    before_lat, before_lon = outline[-1]
    for corner_lat, corner_lon in outline:
        if (corner_lat > lat) != (before_lat > lat):
            share = (lat - corner_lat) / (before_lat - corner_lat)
            inside ^= lon < corner_lon + share * (before_lon - corner_lon)
        before_lat, before_lon = corner_lat, corner_lon
    return inside


# The shift from WGS-84 to GCJ-02 as published by the open eviltransform project; the ellipsoid is
# Krasovsky 1940.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323


def _gcj02(point: Point) -> Point:
    x, y = point.lon - 105.0, point.lat - 35.0
    phi = point.lat / 180.0 * pi
    squash = 1.0 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / squash**1.5
    parallel_m = _SEMI_MAJOR_M / sqrt(squash) * cos(phi)
    return Point(
        point.lat + _north_m(x, y) / meridian_m * 180.0 / pi,
        point.lon + _east_m(x, y) / parallel_m * 180.0 / pi,
    )


def _north_m(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return shift + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y / 30.0 * pi)) * 2.0 / 3.0


def _east_m(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return shift + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _bd09(point: Point) -> Point:
    """Add Baidu's second shift to GCJ-02, by the formula that eviltransform's heirs publish."""
    lat, lon = _gcj02(point)
    wave = pi * 3000.0 / 180.0
    radius = hypot(lon, lat) + 0.00002 * sin(lat * wave)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * wave)
    return Point(radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065)


def _undo(shift: Callable[[Point], Point], shifted: Point) -> Point:
    """Find the point that `shift` brings to `shifted`; eight steps reach the limit of a float."""
    guess = shifted
    for _ in range(8):
        again = shift(guess)
        guess = Point(guess.lat + shifted.lat - again.lat, guess.lon + shifted.lon - again.lon)
    return guess


# fmt: off
_MAINLAND: _Outline = (
    (37.4, 122.95), (36.2, 122.0), (34.5, 121.0), (32.5, 122.3), (30.9, 122.95), (29.7, 122.9),
    (28.0, 122.0), (26.6, 120.6), (26.35, 119.85), (26.05, 119.8), (25.75, 119.95), (25.3, 120.05),
    (24.6, 118.7), (24.6, 118.5), (24.62, 118.3), (24.5, 118.21), (24.35, 118.2), (24.0, 118.35),
    (22.62, 116.61), (21.6, 113.7), (21.24, 112.85), (20.9, 110.95), (19.53, 111.34),
    (18.45, 110.64), (17.87, 109.53), (18.27, 108.48), (19.56, 108.42), (20.32, 108.7),
    (21.2, 108.1), (21.537, 107.985), (21.535, 107.9), (21.98, 106.67), (22.91, 106.54),
    (23.35, 105.27), (22.505, 103.98), (22.49, 101.7), (21.15, 101.71), (21.75, 101.12),
    (21.47, 100.22), (22.03, 99.92), (22.13, 99.2), (22.96, 99.51), (23.19, 98.87), (24.12, 98.84),
    (24.0, 97.88), (23.91, 97.57), (25.25, 97.82), (25.86, 98.66), (27.57, 98.65), (28.5, 97.66),
    (28.41, 96.28), (28.77, 96.58), (29.45, 96.04), (29.04, 95.39), (29.32, 94.62), (27.73, 91.98),
    (28.3, 89.9), (27.32, 88.89), (28.04, 88.76), (27.91, 86.0), (30.33, 82.04), (30.04, 81.11),
    (31.31, 78.76), (32.52, 78.39), (32.5, 79.22), (34.35, 78.94), (34.66, 78.28), (35.48, 78.05),
    (35.81, 76.18), (36.65, 75.84), (37.14, 74.38), (37.38, 75.12), (38.41, 74.84), (38.61, 73.81),
    (39.23, 73.61), (40.48, 74.84), (40.35, 76.32), (41.02, 76.91), (41.07, 78.12), (42.04, 80.24),
    (42.67, 80.17), (43.16, 80.79), (44.2, 80.39), (44.72, 80.48), (44.88, 79.88), (45.12, 82.52),
    (45.59, 82.32), (47.18, 83.03), (47.06, 85.49), (48.31, 85.7), (49.11, 87.05), (49.16, 87.81),
    (48.55, 87.98), (47.67, 90.31), (46.56, 91.02), (45.19, 90.88), (44.27, 95.35), (42.72, 96.38),
    (42.53, 101.49), (41.59, 104.98), (42.28, 106.77), (42.45, 109.44), (43.71, 111.94),
    (44.37, 111.41), (45.06, 111.9), (44.74, 113.59), (46.58, 117.44), (46.67, 119.87),
    (47.99, 118.5), (47.69, 115.9), (48.13, 115.53), (49.82, 116.68), (49.62, 117.35),
    (49.51, 117.87), (50.06, 119.26), (52.1, 120.75), (52.78, 120.1), (53.53, 122.35),
    (53.55, 123.31), (52.74, 126.05), (50.27, 127.515), (49.8, 127.55), (48.86, 130.55),
    (47.71, 130.96), (48.42, 134.3), (47.71, 134.75), (45.13, 133.11), (45.33, 131.85),
    (44.85, 130.98), (44.41, 131.25), (42.91, 131.07), (42.54, 130.53), (43.0, 129.9),
    (42.45, 129.69), (41.99, 128.04), (41.39, 128.15), (41.72, 126.72), (41.1, 126.22),
    (40.11, 124.38), (39.7, 124.54), (38.5, 121.8), (38.4, 121.2),
)
_HONG_KONG: _Outline = (
    (22.15, 113.82), (22.44, 113.87), (22.47, 113.95), (22.5, 114.0), (22.512, 114.06),
    (22.53, 114.1), (22.534, 114.115), (22.55, 114.16), (22.545, 114.22), (22.53, 114.25),
    (22.56, 114.32), (22.53, 114.45), (22.15, 114.45),
)
_MACAU: _Outline = (
    (22.2145, 113.538), (22.2145, 113.556), (22.21, 113.6), (22.105, 113.6), (22.105, 113.553),
    (22.165, 113.546), (22.178, 113.53), (22.19, 113.528),
)
# fmt: on
_APART = (_HONG_KONG, _MACAU)
