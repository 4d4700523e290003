"""Pictures of a map: none unless a company has set them up."""

from pathlib import Path

import pytest

from app.core.errors import Refused
from app.core.geo import Crs, Point, distance_m, from_wgs84
from app.core.guard import policy
from app.core.sketch import framed
from app.core.tiles import expect_tiles, tiles
from tests.starting import refused_with

URL = "https://tiles.example:8443/{z}/{x}/{y}.png?key=1"
HERE = [Point(31.20, 121.40), Point(31.26, 121.50)]
FRAME = framed(HERE, 358, 430, 30)


def test_without_a_setting_there_are_none() -> None:
    assert list(tiles(FRAME, "", Crs.WGS84)) == []
    assert "img-src 'self' data: blob:;" in policy("")


def test_they_cover_the_frame_and_are_few() -> None:
    laid = list(tiles(FRAME, URL, Crs.WGS84))
    assert 4 <= len(laid) <= 30
    assert min(one.x for one in laid) <= 0
    assert min(one.y for one in laid) <= 0
    assert max(one.x + one.width for one in laid) >= FRAME.width
    assert max(one.y + one.height for one in laid) >= FRAME.height
    assert all(one.url.startswith("https://tiles.example:8443/1") for one in laid)
    assert all(one.url.endswith(".png?key=1") for one in laid)


def test_they_lie_where_the_world_says() -> None:
    """Where the picture 12/3430/1673 begins in everybody's Web Mercator."""
    laid = {one.url: one for one in tiles(FRAME, URL, Crs.WGS84)}
    one = laid["https://tiles.example:8443/12/3430/1673.png?key=1"]
    assert distance_m(FRAME.point_at(one.x, one.y), Point(31.278551, 121.464844)) < 5


def test_pictures_shifted_as_chinese_maps_are_lie_where_their_streets_do() -> None:
    plain = {one.url: one for one in tiles(FRAME, URL, Crs.WGS84)}
    for one in tiles(FRAME, URL, Crs.GCJ02):
        if one.url in plain:
            there = FRAME.point_at(plain[one.url].x, plain[one.url].y)
            apart = distance_m(FRAME.point_at(one.x, one.y), there)
            assert apart == pytest.approx(distance_m(there, from_wgs84(there, Crs.GCJ02)), abs=5)


def test_only_their_origin_may_be_asked() -> None:
    assert "img-src 'self' data: blob: https://tiles.example:8443;" in policy(URL)


@pytest.mark.parametrize(
    "wrong", ["tiles.example/{z}/{x}/{y}", "https://tiles.example/{z}/{x}", "https://{z}{x}{y}"]
)
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Refused):
        expect_tiles(wrong)


def test_the_server_does_not_start_with_one(tmp_path: Path) -> None:
    said = refused_with(tmp_path, ROADBOOK_TILES_URL="https://tiles.example/map.png")
    assert said.startswith("ROADBOOK_TILES_URL is no address")
