"""GeoJSON (RFC 7946): areas and lines to be drawn under the stops of a day."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from app.core.errors import Refused
from app.core.geo import Crs, Point, to_wgs84
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.maps.actions import Drawing
from app.maps.rules import Kind, kind_of

MOST_BYTES = 64 * 1024 * 1024
PARTS = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}  # lists in lists
LEFT_OUT = {"Point", "MultiPoint"}
PLAIN = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326"}


def read_map(path: Path, system: Crs, kind: Kind | None) -> tuple[list[Drawing], int]:
    """What is to be drawn, and how many features are not: points. `kind` None: told by each.

    Refuses the whole file, with a sentence that names the feature.
    """
    features = features_in(path)
    drawings = [list(drawings_of(at, one, system, kind)) for at, one in enumerate(features, 1)]
    return list(chain.from_iterable(drawings)), sum(not some for some in drawings)


def features_in(path: Path) -> Sequence[Any]:
    if path.stat().st_size > MOST_BYTES:
        raise Refused(_("This file is too large: 64 MB at most."))
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as wrong:
        raise Refused(_("This file is no GeoJSON: it is no JSON.")) from wrong
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection":
        raise Refused(_("This file is no GeoJSON: it is no FeatureCollection."))
    expect_degrees(told.get("crs"))
    features = told.get("features")
    if not isinstance(features, list):
        raise Refused(_("This file is no GeoJSON: it has no features."))
    return features


def expect_degrees(crs: Any) -> None:
    """Older files may name a system; all but longitude and latitude are refused."""
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    if name and name not in PLAIN and not str(name).endswith("EPSG::4326"):
        sentence = _("The file's positions are in %(system)s. Convert them to degrees of WGS 84.")
        raise Refused(sentence, system=name)


def drawings_of(number: int, feature: Any, system: Crs, kind: Kind | None) -> Iterator[Drawing]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Refused(_("%(feature)s is no feature."), feature=called(number, {}))
    said = feature.get("properties") or {}
    name = called(number, said)
    shape = feature.get("geometry")
    if shape is None:
        return
    if not isinstance(shape, dict) or shape.get("type") not in PARTS.keys() | LEFT_OUT:
        raise Refused(_("%(feature)s is neither an area nor a line."), feature=name)
    if shape["type"] in LEFT_OUT:
        return
    closed = shape["type"].endswith("Polygon")
    own = kind or kind_of(said, closed=closed)
    for lines in lines_of(shape, name):
        points = [[point_of(one, system, name) for one in line] for line in lines]
        if min(map(len, points), default=0) < (4 if closed else 2):
            raise Refused(_("%(feature)s has too few positions."), feature=name)
        yield Drawing(own, str(said.get("name") or ""), closed, points)


def called(number: int, said: Any) -> str:
    """Such as: Feature 3 (Pudong)."""
    name = said.get("name") if isinstance(said, Mapping) else None
    if name:
        return gettext(_("Feature %(number)s (%(name)s)"), number=number, name=name)
    return gettext(_("Feature %(number)s"), number=number)


def lines_of(shape: Mapping[str, Any], name: str) -> Iterator[list[list[Any]]]:
    """One area by its rings, or one line, at a time."""
    inside: Any = shape.get("coordinates")
    deep = PARTS[shape["type"]]
    if not is_deep(inside, deep):
        raise Refused(_("%(feature)s has coordinates that are none."), feature=name)
    if shape["type"] == "MultiLineString":
        inside = [[line] for line in inside]
    elif deep < 3:
        inside = [inside] if deep == 2 else [[inside]]
    yield from inside


def is_deep(inside: Any, lists: int) -> bool:
    if not isinstance(inside, list) or not inside:
        return False
    return lists == 1 or all(is_deep(one, lists - 1) for one in inside)


def point_of(told: Any, system: Crs, name: str) -> Point:
    """Longitude comes first."""
    numbers = told[:2] if isinstance(told, list) else []
    if len(numbers) == 2 and all(is_number(one) for one in numbers):
        lon, lat = numbers
        if abs(lat) <= 90 and abs(lon) <= 180:
            return to_wgs84(Point(lat, lon), system)
    sentence = _("%(feature)s: %(told)s is no position. Longitude comes first, then latitude.")
    raise Refused(sentence, feature=name, told=json.dumps(told, ensure_ascii=False)[:60])


def is_number(one: Any) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool) and isfinite(one)
