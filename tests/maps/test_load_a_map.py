"""What the administrator loads is drawn under the stops; a file that is none is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from app import console
from app.accounts.models import Team
from app.cli import app
from app.core.geo import Crs, Point, distance_m, from_wgs84
from app.core.sketch import framed
from app.maps.models import MapShape
from app.maps.queries import atlas_of
from app.maps.rules import Kind, drawn, kind_of, packed, unpacked
from tests import world
from tests.cast import Cast

SQUARE = [[121.46, 31.22], [121.48, 31.22], [121.48, 31.24], [121.46, 31.24], [121.46, 31.22]]
LAKE = [[121.465, 31.225], [121.47, 31.225], [121.47, 31.23], [121.465, 31.225]]
RIVER = [[121.40, 31.20], [121.47, 31.235], [121.55, 31.25]]
FRAME = framed([Point(31.22, 121.44), Point(31.25, 121.50)], 358, 140, 20)


def feature(kind: str, coordinates: Any, **said: Any) -> dict[str, Any]:
    shape = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": said, "geometry": shape}


def written(folder: Path, *features: Any, name: str = "town.geojson", **more: Any) -> Path:
    file = folder / name
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    return file


@pytest.fixture
def roadbook(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, on this test's database."""
    monkeypatch.setattr(console, "connected", lambda: engine)
    monkeypatch.setenv("LC_ALL", "en")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["map", *map(str, words)])

    return run


def shapes(db: Session) -> list[MapShape]:
    return world.seen(db, select(MapShape).order_by("name"))


def test_it_works(db: Session, cast: Cast, roadbook: Any, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        feature("Polygon", [SQUARE, LAKE], name="Middle"),
        feature("LineString", RIVER, waterway="river", name="River"),
        feature("Point", [121.4, 31.2], name="Somewhere"),
    )
    told = roadbook("load", file)
    assert told.stdout == "2 shapes of 12 points; 1 features left out.\n"
    assert [one.kind for one in shapes(db)] == [Kind.DISTRICT, Kind.WATER]
    assert roadbook("show").stdout == "town.geojson  district  1\ntown.geojson  water  1\n"
    strokes = drawn(atlas_of(db, cast.alice), FRAME, 2000, 1)
    assert [(one.kind, one.closed) for one in strokes] == [
        (Kind.WATER, False),
        (Kind.DISTRICT, True),
    ]
    assert strokes[1].path.count("M") == 2  # with the hole in it


def test_many_areas_and_lines_in_one_feature(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        feature("MultiPolygon", [[SQUARE], [LAKE]], natural="water"),
        feature("MultiLineString", [RIVER, RIVER[:2]], highway="primary"),
    )
    assert roadbook("load", file).exit_code == 0
    kinds = [one.kind for one in shapes(db)]
    assert sorted(kinds) == [Kind.ROAD, Kind.ROAD, Kind.WATER, Kind.WATER]


def test_the_same_file_again_replaces_what_it_had_brought(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path
) -> None:
    roadbook("load", written(tmp_path, feature("Polygon", [SQUARE], name="Old")))
    roadbook("load", written(tmp_path, feature("LineString", RIVER), name="roads.geojson"))
    before = drawn(atlas_of(db, cast.alice), FRAME, 2000, 1)
    db.commit()
    roadbook("load", written(tmp_path, feature("Polygon", [LAKE], name="New")))
    assert [one.name for one in shapes(db)] == ["", "New"]
    assert drawn(atlas_of(db, cast.alice), FRAME, 2000, 1) != before


def test_it_can_be_taken_away(db: Session, cast: Cast, roadbook: Any, tmp_path: Path) -> None:
    roadbook("load", written(tmp_path, feature("Polygon", [SQUARE])))
    roadbook("load", written(tmp_path, feature("LineString", RIVER), name="roads.geojson"))
    assert roadbook("clear", "roads.geojson").stdout == "1 shapes are gone.\n"
    assert [one.source for one in shapes(db)] == ["town.geojson"]
    assert roadbook("clear").stdout == "1 shapes are gone.\n"
    assert atlas_of(db, cast.alice).shapes == ()


def test_positions_of_chinese_maps_are_shifted_back(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path
) -> None:
    real = [Point(31.22, 121.46), Point(31.25, 121.50)]
    for system in (Crs.GCJ02, Crs.BD09):
        shifted = [from_wgs84(point, system) for point in real]
        line = feature("LineString", [[lon, lat] for lat, lon in shifted])
        roadbook("load", written(tmp_path, line), "--system", system)
        (kept,) = shapes(db)
        found = unpacked(kept.fine[0])
        assert all(distance_m(*both) < 2 for both in zip(found, real, strict=True))


def test_all_of_a_file_can_be_said_to_be_of_a_kind(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path
) -> None:
    roadbook("load", written(tmp_path, feature("LineString", RIVER)), "--kind", "rail")
    assert shapes(db)[0].kind is Kind.RAIL


def test_another_company_has_its_own(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path
) -> None:
    file = written(tmp_path, feature("Polygon", [SQUARE]))
    world.kept(db, Team(name="Elsewhere"))
    assert roadbook("load", file).stderr == "Say which company this is for, by --company.\n"
    said = roadbook("load", file, "--company", "Nowhere")
    assert said.stderr == "There is no company called Nowhere.\n"
    assert roadbook("load", file, "--company", "Elsewhere").exit_code == 0
    assert atlas_of(db, cast.alice).shapes == ()


BROKEN = [
    ("{", "This file is no GeoJSON: it is no JSON."),
    ("[]", "This file is no GeoJSON: it is no FeatureCollection."),
    ('{"type": "FeatureCollection"}', "This file is no GeoJSON: it has no features."),
    (
        '{"type": "FeatureCollection", "features": []}',
        "There is neither an area nor a line in this file.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_it_refuses_what_is_no_map(
    cast: Cast, roadbook: Any, tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "broken.geojson"
    file.write_text(text)
    told = roadbook("load", file)
    assert (told.exit_code, told.stderr) == (2, sentence + "\n")


WRONG = [
    (None, "Feature 2 is no feature."),
    (feature("Circle", []), "Feature 2 is neither an area nor a line."),
    (feature("Polygon", [], name="浦东"), "Feature 2 (浦东) has coordinates that are none."),
    (feature("Polygon", [SQUARE[:3]]), "Feature 2 has too few positions."),
    (feature("LineString", [RIVER[0]]), "Feature 2 has too few positions."),
    (
        feature("LineString", [[31.2, 121.4], RIVER[0]], name="Ring"),
        "Feature 2 (Ring): [31.2, 121.4] is no position. Longitude comes first, then latitude.",
    ),
    (
        feature("LineString", [["a", 1], RIVER[0]]),
        'Feature 2: ["a", 1] is no position. Longitude comes first, then latitude.',
    ),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_it_refuses_a_broken_feature_by_its_name(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path, wrong: Any, sentence: str
) -> None:
    told = roadbook("load", written(tmp_path, feature("LineString", RIVER), wrong))
    assert (told.exit_code, told.stderr) == (2, sentence + "\n")
    assert shapes(db) == []


def test_it_refuses_another_system(cast: Cast, roadbook: Any, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    told = roadbook("load", written(tmp_path, feature("LineString", RIVER), crs=crs))
    assert "urn:ogc:def:crs:EPSG::3857" in told.stderr


@given(st.lists(st.tuples(st.floats(30, 32), st.floats(120, 122)), min_size=2, max_size=40))
def test_what_is_kept_is_within_ten_metres(line: list[tuple[float, float]]) -> None:
    points = [Point(*one) for one in line]
    kept = unpacked(packed(points, 10))
    assert distance_m(kept[0], points[0]) < 1
    assert distance_m(kept[-1], points[-1]) < 1
    assert len(kept) <= len(points)


@pytest.mark.parametrize(
    ("said", "closed", "kind"),
    [
        ({}, True, Kind.DISTRICT),
        ({}, False, Kind.ROAD),
        ({"natural": "water"}, True, Kind.WATER),
        ({"waterway": "canal"}, False, Kind.WATER),
        ({"leisure": "park"}, True, Kind.GREEN),
        ({"highway": "trunk_link"}, False, Kind.ROAD),
        ({"highway": "residential"}, False, Kind.STREET),
        ({"railway": "subway"}, False, Kind.RAIL),
    ],
)
def test_features_say_what_they_are(said: dict[str, str], closed: bool, kind: Kind) -> None:  # noqa: FBT001 - a table
    assert kind_of(said, closed=closed) is kind


def test_real_districts_and_roads(
    db: Session, cast: Cast, roadbook: Any, tmp_path: Path, data: Path
) -> None:
    for name in ("shanghai_districts", "shanghai_metro_lines", "shanghai_center_roads_osm"):
        assert roadbook("load", data / "map" / f"{name}.geojson").exit_code == 0
    atlas = atlas_of(db, cast.alice)
    near = framed([Point(31.228, 121.468), Point(31.236, 121.478)], 358, 430, 30)
    far = framed([Point(31.0, 121.2), Point(31.4, 121.8)], 358, 140, 20)
    for frame, most in ((near, 14_000), (far, 2200)):
        strokes = drawn(atlas, frame, most, 1)
        assert 200 < sum(len(one.path) for one in strokes) <= most
    assert {one.kind for one in drawn(atlas, near, 14_000, 1)} >= {Kind.ROAD, Kind.STREET}
    assert {one.kind for one in drawn(atlas, far, 2200, 1)} >= {Kind.DISTRICT}
