"""Where the phone was at a check-in, and how sure it was."""

from math import cos, hypot, pi, radians, sin
from random import Random

from app.core.geo import Point
from app.core.places import Fix
from app.visits.rules import RADIUS_M

METRES_A_DEGREE = 111_320


def moved(point: Point, north_m: float, east_m: float) -> Point:
    """A point some metres away; exact enough for a walk."""
    return Point(
        point.lat + north_m / METRES_A_DEGREE,
        point.lon + east_m / (METRES_A_DEGREE * cos(radians(point.lat))),
    )


def metres_apart(a: Point, b: Point) -> float:
    """Good enough to choose a way across a city, and much faster than the truth."""
    east = (b.lon - a.lon) * cos(radians(a.lat))
    return hypot(b.lat - a.lat, east) * METRES_A_DEGREE


def around(rng: Random, pin: Point, metres: float) -> Point:
    """A point at this distance, in any direction."""
    direction = rng.random() * 2 * pi
    return moved(pin, metres * cos(direction), metres * sin(direction))


def fix_near(rng: Random, pin: Point, metres: float, accuracy: float) -> Fix:
    lat, lon = around(rng, pin, metres)
    return Fix(lat=round(lat, 6), lon=round(lon, 6), accuracy=round(accuracy))


def at_the_door(rng: Random, pin: Point) -> Fix:
    return fix_near(rng, pin, min(rng.expovariate(1 / 14) + 3, 90), rng.uniform(6, 38))


def between_towers(rng: Random, pin: Point) -> Fix:
    """Tall houses bend the signal: it says likely, not more."""
    return fix_near(rng, pin, rng.uniform(190, RADIUS_M - 20), rng.uniform(120, 180))


def elsewhere(rng: Random, pin: Point) -> Fix:
    return fix_near(rng, pin, rng.uniform(900, 1400), rng.uniform(12, 30))
