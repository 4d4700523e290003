"""Navigate: each map app is told the place in its own system."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from app.core.geo import Crs, Point, distance_m, from_wgs84
from app.core.maps import MapApp, navigate


@dataclass
class Shop:
    point: Point | None
    name: str = "李记, 人民广场|店"


SQUARE = Shop(Point(31.2304, 121.4737))
HELSINKI = Shop(Point(60.1699, 24.9384), "Kahvila")

GOLDEN = {
    MapApp.AMAP: (
        "https://uri.amap.com/navigation?to=121.478223%2C31.228458%2C"
        "%E6%9D%8E%E8%AE%B0++%E4%BA%BA%E6%B0%91%E5%B9%BF%E5%9C%BA%7C%E5%BA%97"
        "&coordinate=gaode&callnative=1"
    ),
    MapApp.BAIDU: (
        "https://api.map.baidu.com/direction?origin=%E6%88%91%E7%9A%84%E4%BD%8D%E7%BD%AE"
        "&destination=latlng%3A31.234311%2C121.484781%7Cname%3A"
        "%E6%9D%8E%E8%AE%B0%2C+%E4%BA%BA%E6%B0%91%E5%B9%BF%E5%9C%BA+%E5%BA%97"
        "&mode=driving&coord_type=bd09ll&output=html&src=webapp.roadbook"
    ),
    MapApp.GOOGLE: "https://www.google.com/maps/dir/?api=1&destination=31.228458%2C121.478223",
    MapApp.APPLE: "https://maps.apple.com/?daddr=31.228458%2C121.478223&dirflg=d",
    MapApp.PHONE: (
        "geo:31.230400,121.473700?q=31.230400,121.473700"
        "(%E6%9D%8E%E8%AE%B0%2C%20%E4%BA%BA%E6%B0%91%E5%B9%BF%E5%9C%BA%7C%E5%BA%97)"
    ),
}


@pytest.mark.parametrize("app", MapApp)
def test_each_app_has_its_address(app: MapApp) -> None:
    assert navigate(SQUARE, app) == GOLDEN[app]


def test_until_somebody_chooses_it_is_what_is_usual_there() -> None:
    assert navigate(SQUARE) == GOLDEN[MapApp.AMAP]
    assert navigate(HELSINKI) == navigate(HELSINKI, MapApp.GOOGLE)


@pytest.mark.parametrize("app", MapApp)
def test_nothing_is_shifted_outside_the_mainland(app: MapApp) -> None:
    assert distance_m(told(navigate(HELSINKI, app)), HELSINKI.point or Point(0, 0)) < 0.2


SYSTEMS = {
    MapApp.AMAP: Crs.GCJ02,
    MapApp.BAIDU: Crs.BD09,
    MapApp.GOOGLE: Crs.GCJ02,
    MapApp.APPLE: Crs.GCJ02,
    MapApp.PHONE: Crs.WGS84,
}


def test_known_places_are_where_each_app_has_them(data: Path) -> None:
    with (data / "coords" / "china_crs_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 20
    for row in rows:
        place = Shop(known(row, Crs.WGS84))
        for app, system in SYSTEMS.items():
            there = known(row, system)
            if place.point and there and from_wgs84(place.point, system) != place.point:
                assert distance_m(told(navigate(place, app)), there) < 1.5, row


def known(row: dict[str, str], system: Crs) -> Point | None:
    lat, lon = row[f"{system}_lat"], row[f"{system}_lon"]
    return Point(float(lat), float(lon)) if lat else None


def told(address: str) -> Point:
    """The position in an address, whichever comes first in it."""
    query = {name: said[0] for name, said in parse_qs(urlsplit(address).query).items()}
    if "to" in query:
        lon, lat, _name = query["to"].split(",")
        return Point(float(lat), float(lon))
    text = query.get("destination") or query.get("daddr") or unquote(urlsplit(address).path)
    found = re.search(r"(-?\d+\.\d+),(-?\d+\.\d+)", text)
    assert found, address
    return Point(float(found[1]), float(found[2]))


def test_a_place_without_a_position_cannot_be_driven_to() -> None:
    with pytest.raises(ValueError, match="without a position"):
        navigate(Shop(None))
