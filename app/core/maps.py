"""Links that open a map app, in the coordinates that it expects."""

from typing import Protocol
from urllib.parse import urlencode

from app.core.geo import Crs, Point, from_wgs84, in_mainland_china


class Place(Protocol):
    name: str

    @property
    def point(self) -> Point | None: ...


def navigate(place: Place) -> str:
    """Directions to a place that has a position: Amap in mainland China, Google Maps elsewhere."""
    point = place.point
    if point is None:
        raise ValueError("a place without a position cannot be driven to")
    if not in_mainland_china(point):
        to = {"api": 1, "destination": f"{point.lat:.6f},{point.lon:.6f}"}
        return f"https://www.google.com/maps/dir/?{urlencode(to)}"
    there = from_wgs84(point, Crs.GCJ02)
    to = {
        "to": f"{there.lon:.6f},{there.lat:.6f},{place.name}",
        "coordinate": "gaode",
        "callnative": 1,
    }
    return f"https://uri.amap.com/navigation?{urlencode(to)}"
