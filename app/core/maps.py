"""Links that open a map app, in the coordinates that it expects: docs/map.md."""

from enum import StrEnum
from typing import Protocol
from urllib.parse import quote, urlencode

from app.core.geo import Crs, Point, from_wgs84, in_mainland_china


class MapApp(StrEnum):
    AMAP = "amap"
    BAIDU = "baidu"
    GOOGLE = "google"
    APPLE = "apple"
    PHONE = "phone"  # whatever the phone opens places with


class Place(Protocol):
    name: str

    @property
    def point(self) -> Point | None: ...


def navigate(place: Place, by: str = "") -> str:
    """Directions to a place that has a position, in a `MapApp`.

    By "" it is Amap in mainland China, Google Maps elsewhere.
    """
    point = place.point
    if point is None:
        raise ValueError("a place without a position cannot be driven to")
    usual = MapApp.AMAP if in_mainland_china(point) else MapApp.GOOGLE
    return LINKS[MapApp(by or usual)](point, place.name)


def _amap(point: Point, name: str) -> str:
    there = from_wgs84(point, Crs.GCJ02)
    to = {
        "to": f"{there.lon:.6f},{there.lat:.6f},{name.replace(',', ' ')}",
        "coordinate": "gaode",
        "callnative": 1,
    }
    return f"https://uri.amap.com/navigation?{urlencode(to)}"


def _baidu(point: Point, name: str) -> str:
    """It wants to be told where one starts; its app takes these words for where the phone is."""
    there = from_wgs84(point, Crs.BD09)
    to = {
        "origin": "我的位置",
        "destination": f"latlng:{there.lat:.6f},{there.lon:.6f}|name:{name.replace('|', ' ')}",
        "mode": "driving",
        "coord_type": "bd09ll",
        "output": "html",
        "src": "webapp.roadbook",
    }
    return f"https://api.map.baidu.com/direction?{urlencode(to)}"


def _google(point: Point, _name: str) -> str:
    """In mainland China its streets are shifted, and places are looked for on them."""
    there = from_wgs84(point, Crs.GCJ02)
    to = {"api": 1, "destination": f"{there.lat:.6f},{there.lon:.6f}"}
    return f"https://www.google.com/maps/dir/?{urlencode(to)}"


def _apple(point: Point, _name: str) -> str:
    """In mainland China its map is Amap's."""
    there = from_wgs84(point, Crs.GCJ02)
    to = {"daddr": f"{there.lat:.6f},{there.lon:.6f}", "dirflg": "d"}
    return f"https://maps.apple.com/?{urlencode(to)}"


def _phone(point: Point, name: str) -> str:
    """RFC 5870, which knows WGS-84 only; with a name, as Android's apps read it."""
    at = f"{point.lat:.6f},{point.lon:.6f}"
    return f"geo:{at}?q={at}({quote(name)})"


LINKS = {
    MapApp.AMAP: _amap,
    MapApp.BAIDU: _baidu,
    MapApp.GOOGLE: _google,
    MapApp.APPLE: _apple,
    MapApp.PHONE: _phone,
}
