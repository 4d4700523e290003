"""Pictures of a map that a company has set up, laid under its own drawing; none unless told so."""

from collections.abc import Iterator
from math import asinh, atan, ceil, cos, degrees, floor, log2, pi, radians, sinh, tan
from typing import NamedTuple
from urllib.parse import urlsplit

from app.core.errors import Refused
from app.core.geo import Crs, Point, from_wgs84, to_wgs84
from app.core.i18n import mark as _
from app.core.sketch import Frame

TILE_PX = 256
EQUATOR_M = 40_075_017
DEEPEST = 18


class Tile(NamedTuple):
    """A picture and where it is laid, in units of the drawing."""

    url: str
    x: float
    y: float
    width: float
    height: float


def expect_tiles(url: str) -> None:
    """Refuses an address that cannot be one of tiles."""
    parts = urlsplit(url)
    named = all(hole in parts.path + parts.query for hole in ("{z}", "{x}", "{y}"))
    whole = parts.scheme in {"http", "https"} and parts.netloc and "{" not in parts.netloc
    if url and not (named and whole):
        raise Refused(_("ROADBOOK_TILES_URL is no address with {z}, {x} and {y} in it."))


def origin_of(url: str) -> str:
    """Such as https://tiles.example; "" where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def tiles(frame: Frame, url: str, system: Crs) -> Iterator[Tile]:
    """Those that cover the frame, each laid by its own corners: within one, flat will do."""
    if not url:
        return
    zoom = zoom_of(frame)
    box = frame.box
    left, top = (floor(one) for one in _index(Point(box.north, box.west), zoom, system))
    right, bottom = (floor(one) for one in _index(Point(box.south, box.east), zoom, system))
    for y in range(max(top, 0), min(bottom, 2**zoom - 1) + 1):
        for x in range(left, right + 1):
            west, north = frame.at(_corner(x, y, zoom, system))
            east, south = frame.at(_corner(x + 1, y + 1, zoom, system))
            address = url.replace("{z}", str(zoom)).replace("{y}", str(y))
            address = address.replace("{x}", str(x % 2**zoom))
            sizes = (round(one, 1) for one in (west, north, east - west, south - north))
            yield Tile(address, *sizes)


def zoom_of(frame: Frame) -> int:
    """Where a point of the picture is a unit of the drawing, or finer."""
    metres = EQUATOR_M * cos(radians(frame.middle.lat)) / TILE_PX / frame.metres
    return min(max(ceil(log2(max(metres, 1)) - 0.25), 0), DEEPEST)


def _index(point: Point, zoom: int, system: Crs) -> tuple[float, float]:
    """Column and row in the pictures' own system (Web Mercator)."""
    lat, lon = from_wgs84(point, system)
    north = asinh(tan(radians(min(max(lat, -85), 85)))) / pi
    return (lon + 180) / 360 * 2**zoom, (1 - north) / 2 * 2**zoom


def _corner(x: int, y: int, zoom: int, system: Crs) -> Point:
    lat = degrees(atan(sinh(pi * (1 - 2 * y / 2**zoom))))
    return to_wgs84(Point(lat, x / 2**zoom * 360 - 180), system)
