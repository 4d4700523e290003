import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.geo import Crs, Point, distance_m, from_wgs84, in_mainland_china, to_wgs84

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "coords" / "china_crs_vectors.csv"
CHINESE = (Crs.GCJ02, Crs.BD09)

anywhere_inland = st.builds(Point, st.floats(25.0, 39.0), st.floats(100.0, 117.0))
anywhere_west = st.builds(Point, st.floats(-80.0, 80.0), st.floats(-170.0, 60.0))


def test_it_works() -> None:
    people_square = Point(31.2304, 121.4737)
    on_amap = from_wgs84(people_square, Crs.GCJ02)
    assert 450 < distance_m(people_square, on_amap) < 550
    assert distance_m(to_wgs84(on_amap, Crs.GCJ02), people_square) < 0.001


def test_a_distance_is_the_geodesic() -> None:
    helsinki, tallinn = Point(60.1699, 24.9384), Point(59.4370, 24.7536)
    assert distance_m(helsinki, tallinn) == pytest.approx(82_300, abs=200)
    assert distance_m(helsinki, helsinki) == 0


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared data are not here")
def test_published_points_are_met() -> None:
    with VECTORS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        allowed_m = 1.0 if row["source"] == "gcoord fixture" else 0.2
        wgs84 = Point(float(row["wgs84_lat"]), float(row["wgs84_lon"]))
        for crs in CHINESE:
            if row[f"{crs}_lat"]:
                shifted = Point(float(row[f"{crs}_lat"]), float(row[f"{crs}_lon"]))
                assert distance_m(from_wgs84(wgs84, crs), shifted) < allowed_m, (row["name"], crs)
                assert distance_m(to_wgs84(shifted, crs), wgs84) < allowed_m, (row["name"], crs)


@given(anywhere_inland, st.sampled_from(CHINESE))
def test_there_and_back_is_the_same_place(point: Point, crs: Crs) -> None:
    assert distance_m(to_wgs84(from_wgs84(point, crs), crs), point) < 0.01


@given(anywhere_west, st.sampled_from(Crs))
def test_the_rest_of_the_world_stays_where_it_is(point: Point, crs: Crs) -> None:
    assert from_wgs84(point, crs) == point
    assert to_wgs84(point, crs) == point


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(Point(60.17, 24.94), id="Helsinki"),
        pytest.param(Point(41.60, -93.60), id="Des Moines"),
        pytest.param(Point(35.68, 139.70), id="Tokyo"),
        pytest.param(Point(33.59, 130.40), id="Fukuoka"),
        pytest.param(Point(37.56, 126.98), id="Seoul"),
        pytest.param(Point(25.03, 121.56), id="Taipei"),
        pytest.param(Point(24.44, 118.33), id="Kinmen"),
        pytest.param(Point(22.28, 114.16), id="Hong Kong"),
        pytest.param(Point(22.508, 114.06), id="Lok Ma Chau"),
        pytest.param(Point(22.19, 113.545), id="Macau"),
        pytest.param(Point(47.90, 106.90), id="Ulaanbaatar"),
        pytest.param(Point(21.525, 107.967), id="Mong Cai"),
        pytest.param(Point(40.05, 124.45), id="Sinuiju"),
    ],
)
def test_neighbours_stay_where_they_are(point: Point) -> None:
    for crs in CHINESE:
        assert from_wgs84(point, crs) == point
        assert to_wgs84(point, crs) == point


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(Point(22.520, 114.055), id="Futian, Shenzhen"),
        pytest.param(Point(22.483, 113.915), id="Shekou, Shenzhen"),
        pytest.param(Point(22.230, 113.55), id="Zhuhai"),
        pytest.param(Point(24.48, 118.09), id="Xiamen"),
        pytest.param(Point(20.03, 110.20), id="Haikou"),
        pytest.param(Point(29.99, 122.20), id="Zhoushan"),
        pytest.param(Point(40.125, 124.385), id="Dandong"),
        pytest.param(Point(50.245, 127.50), id="Heihe"),
        pytest.param(Point(39.47, 75.99), id="Kashgar"),
        pytest.param(Point(29.65, 91.10), id="Lhasa"),
        pytest.param(Point(24.01, 97.855), id="Ruili"),
    ],
)
def test_the_edges_of_the_mainland_are_shifted(point: Point) -> None:
    assert in_mainland_china(point)
    for crs in CHINESE:
        assert distance_m(from_wgs84(point, crs), point) > 50
