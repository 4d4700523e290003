"""Real roads by an engine that speaks as OSRM, Valhalla or openrouteservice do."""

import json
import os
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlmodel import Session

from app.core.geo import Point
from app.planning.route import engines
from app.planning.route.engines import RoadEngine, road_engine
from app.planning.route.matrix import CITY, travel_between
from app.settings import RoadsKind, Settings, settings
from tests import world
from tests.cast import Cast
from tests.planning.road_town import Town, answer
from tests.reading import look
from tests.today.a_day import MORNING, on_a_line

VALHALLA = os.environ.get("ROADBOOK_TEST_VALHALLA", "")
HERE, THERE, ISLAND = world.PIN, world.away(3_000), world.away(9_000, world.EAST)
PLACES = [HERE, THERE, ISLAND]
ALL_KINDS = pytest.mark.parametrize("kind", RoadsKind)


@pytest.fixture
def town() -> Iterator[Town]:
    with Town() as one:
        thread = Thread(target=one.serve_forever, args=(0.01,))
        thread.start()
        yield one
        one.shutdown()
        thread.join()


@pytest.fixture
def in_town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The settings name it."""
    monkeypatch.setenv("ROADBOOK_ROADS_URL", town.url)
    begin_anew()
    yield town
    monkeypatch.undo()
    begin_anew()


def begin_anew() -> None:
    settings.cache_clear()
    road_engine.cache_clear()


@ALL_KINDS
def test_it_works(town: Town, kind: RoadsKind) -> None:
    matrix = RoadEngine(kind, town.url + "/", "a key").between(PLACES, CITY)
    assert matrix.seconds[0, 1] == 400 + CITY.parking_s
    assert matrix.metres[1, 0] == 6000
    assert matrix.seconds.diagonal().tolist() == [0, 0, 0]
    path, body, key = town.asked[0]
    assert key == "a key"
    assert f"{HERE.lon:.4f}" in path + json.dumps(body)


@ALL_KINDS
def test_where_no_road_leads_it_is_estimated(town: Town, kind: RoadsKind) -> None:
    matrix = RoadEngine(kind, town.url).between(PLACES, CITY)
    estimated = travel_between(PLACES, CITY)
    assert matrix.seconds[0, 2] == estimated.seconds[0, 2] > 0
    assert matrix.metres[2, 1] == estimated.metres[2, 1]


def test_what_is_known_is_not_asked_again(town: Town) -> None:
    engine = RoadEngine(RoadsKind.OSRM, town.url)
    first = engine.between(PLACES, CITY)
    again = engine.between([HERE, THERE, ISLAND, HERE], CITY)
    assert len(town.asked) == 1
    assert again.seconds[3, 1] == first.seconds[0, 1]
    assert again.seconds[0, 3] == 0
    engine.between([Point(HERE.lat + 0.00001, HERE.lon), THERE], CITY)
    assert len(town.asked) == 1


def test_who_stands_at_a_customers_is_where_they_are(town: Town) -> None:
    RoadEngine(RoadsKind.OSRM, town.url).between([HERE, HERE, THERE], CITY)
    assert town.asked[0][0].count(";") == 1


@pytest.mark.parametrize(
    "said",
    [
        b"<html>502</html>",
        b"",
        {"code": "NoTable"},
        {"durations": [[0, 1], [1, 0]], "distances": [[0, 1], [1, 0]]},
        {"durations": [[0, -5, 1]] * 3, "distances": [[0, 1, 1]] * 3},
        {"durations": [[0, "x", 1]] * 3, "distances": [[0, 1, 1]] * 3},
        ["nothing"],
    ],
)
def test_whoever_talks_nonsense_is_left_alone_for_a_while(
    town: Town, said: Any, caplog: pytest.LogCaptureFixture
) -> None:
    town.says = lambda _path, _count: said
    engine = RoadEngine(RoadsKind.OSRM, town.url)
    assert np.array_equal(engine.between(PLACES, CITY).seconds, travel_between(PLACES).seconds)
    assert engine.silent
    assert "The road engine does not answer" in caplog.text
    engine.between(PLACES, CITY)
    assert len(town.asked) == 1


def test_after_a_while_it_is_asked_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SILENCE_S", 0)
    town.says = lambda _path, _count: b""
    engine = RoadEngine(RoadsKind.OSRM, town.url)
    engine.between(PLACES, CITY)
    town.says = answer
    assert engine.between(PLACES, CITY).metres[0, 1] == 5000
    assert not engine.silent


def test_nobody_is_there() -> None:
    engine = RoadEngine(RoadsKind.OSRM, "http://127.0.0.1:9")
    assert np.array_equal(engine.between(PLACES, CITY).metres, travel_between(PLACES).metres)
    assert engine.silent


def test_the_day_is_driven_on_its_roads(
    in_town: Town,
    db: Session,
    cast: Cast,
    browser_of: Callable[..., TestClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.the_clock_says(monkeypatch, MORNING)
    on_a_line(db, cast, 3)
    alice = browser_of(cast.alice)
    page = look(alice, "/today")
    assert "11 km" in page.one(id="sum").text  # five there, six back
    assert page.one("li", having="next").one("time").text == "08:37"
    look(alice, "/today")
    assert len(in_town.asked) == 1


def test_whoever_watches_the_server_is_told(
    in_town: Town, browser_of: Callable[..., TestClient]
) -> None:
    browser = browser_of()
    assert browser.get("/health").json() == {"status": "ok", "roads": "osrm"}
    in_town.says = lambda _path, _count: b""
    engine = road_engine()
    assert engine
    engine.between(PLACES, CITY)
    assert browser.get("/health").json() == {"status": "ok", "roads": "estimated"}


def test_other_roads_than_the_web_are_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(ROADBOOK_ROADS_URL="file:///etc/passwd")


@pytest.mark.skipif(not VALHALLA, reason="no Valhalla with the centre of Helsinki is told")
def test_a_real_valhalla_is_understood() -> None:
    """ROADBOOK_TEST_VALHALLA is its address."""
    places = [Point(60.1725, 24.9460), Point(60.1675, 24.9520), Point(60.1650, 24.9420)]
    engine = RoadEngine(RoadsKind.VALHALLA, VALHALLA)
    matrix = engine.between(places, CITY)
    assert not engine.silent
    assert not np.array_equal(matrix.metres, matrix.metres.T)  # one-way streets
    assert (matrix.metres * CITY.detour >= travel_between(places).metres).all()
