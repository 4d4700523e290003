"""A Valhalla that the server runs itself, on the map that the administrator gave it."""

import os
import select
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from app.cli import app
from app.core.geo import Point
from app.planning.route.engines import RoadEngine, end_roads, road_engine, start_roads
from app.planning.route.matrix import CITY, travel_between
from app.planning.route.service import Service
from app.settings import ROOT, RoadsKind, settings
from tests import world
from tests.starting import refused_with

PROGRAMS = os.environ.get("ROADBOOK_TEST_VALHALLA_PROGRAMS", "")
EXTRACT = os.environ.get("ROADBOOK_TEST_EXTRACT", "")
LONG_S = 60.0  # a test waits longer than a page
PLACES = [world.PIN, world.away(3_000)]
TOWN = f"""#!{sys.executable}
import json, os, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from tests.planning.road_town import Town
told = json.loads(Path(sys.argv[1]).read_text())
Path(__file__).with_name("number").write_text(str(os.getpid()))
with Town(int(told["httpd"]["service"]["listen"].rpartition(":")[2])) as town:
    town.serve_forever()
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A `valhalla_service` that knows the roads of one small town."""
    folder = tmp_path / "programs"
    folder.mkdir()
    script = folder / "valhalla_service"
    script.write_text(TOWN)
    script.chmod(0o755)
    return folder


@pytest.fixture
def tiles(tmp_path: Path) -> Path:
    tile = tmp_path / "tiles" / "0" / "003" / "381.gph"
    tile.parent.mkdir(parents=True)
    tile.write_bytes(b"a tile")
    return tmp_path / "tiles"


@pytest.fixture
def given(tiles: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings name both."""
    monkeypatch.setenv("ROADBOOK_ROADS_MAP", str(tiles))
    monkeypatch.setenv("ROADBOOK_VALHALLA", str(programs))
    settings.cache_clear()
    road_engine.cache_clear()
    yield
    end_roads()
    monkeypatch.undo()
    settings.cache_clear()


def started() -> tuple[RoadEngine, Service]:
    start_roads()
    engine = road_engine()
    assert engine
    assert engine.service
    engine.service.address(LONG_S)
    return engine, engine.service


def ended(process: int) -> bool:
    """Waits for it; for whoever has just been told to end."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], LONG_S)[0])
    finally:
        os.close(watched)


def test_it_works(given: None, browser_of: Callable[..., TestClient]) -> None:
    engine, _service = started()
    assert engine.between(PLACES, CITY).metres[0, 1] == 5000
    assert browser_of().get("/health").json() == {"status": "ok", "roads": "valhalla"}


def test_it_is_started_anew_when_it_has_died(given: None, programs: Path) -> None:
    engine, service = started()
    valhalla, keeper = int((programs / "number").read_text()), service.process
    assert keeper
    os.kill(valhalla, signal.SIGKILL)
    assert ended(keeper)
    service.address(LONG_S)
    assert service.process != keeper
    assert engine.between(PLACES, CITY).metres[1, 0] == 6000


def test_it_ends_with_its_server(given: None, programs: Path) -> None:
    asks = f"""
from app.planning.route.engines import road_engine, start_roads
start_roads()
service = road_engine().service
service.address({LONG_S})
print(service.process, flush=True)
input()
"""
    server = subprocess.Popen(
        [sys.executable, "-c", asks], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert server.stdout
    keeper = int(server.stdout.readline())
    valhalla = int((programs / "number").read_text())
    folder = Path(Path(f"/proc/{keeper}/cmdline").read_text(encoding="utf-8").split("\0")[3])
    assert folder.is_dir()
    server.kill()
    server.communicate()
    assert ended(valhalla)
    assert ended(keeper)
    assert not folder.exists()


def test_it_ends_when_the_server_puts_it_away(given: None, programs: Path) -> None:
    engine, _service = started()
    valhalla = int((programs / "number").read_text())
    end_roads()
    assert ended(valhalla)
    assert np.array_equal(engine.between(PLACES, CITY).metres, travel_between(PLACES).metres)


def test_it_ends_when_a_script_of_its_name_started_it(given: None, programs: Path) -> None:
    """As the scripts do that pip puts on PATH."""
    (programs / "valhalla_service").rename(programs / "town")
    script = programs / "valhalla_service"
    script.write_text(f'#!/bin/sh\n"{programs}/town" "$@"\necho over\n')
    script.chmod(0o755)
    started()
    end_roads()
    assert ended(int((programs / "number").read_text()))


def test_one_that_does_not_start_is_done_without(given: None, programs: Path) -> None:
    (programs / "valhalla_service").write_text("#!/bin/sh\nexit 1\n")
    start_roads()
    engine = road_engine()
    assert engine
    assert np.array_equal(engine.between(PLACES, CITY).metres, travel_between(PLACES).metres)
    assert engine.silent


def test_without_the_program_ways_are_estimated(
    given: None,
    programs: Path,
    browser_of: Callable[..., TestClient],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (programs / "valhalla_service").unlink()
    start_roads()
    assert "there is no valhalla_service: ROADBOOK_VALHALLA may say where" in caplog.text
    engine = road_engine()
    assert engine
    assert np.array_equal(engine.between(PLACES, CITY).metres, travel_between(PLACES).metres)
    told = browser_of().get("/health").json()
    assert told == {"status": "ok", "roads": "estimated", "missing": "valhalla_service"}


def test_an_engine_elsewhere_goes_first(given: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADBOOK_ROADS_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    engine = road_engine()
    assert engine
    assert (engine.kind, engine.service) == (RoadsKind.OSRM, None)


def test_the_program_is_found_in_its_package_and_on_the_path(
    tiles: Path, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Service(tiles).missing
    package = tmp_path / "valhalla"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('made for another Python')")
    programs.rename(package / "bin")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not Service(tiles).missing
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(package / "bin"))
    assert not Service(tiles).missing


def test_a_map_that_is_none_is_refused(tmp_path: Path) -> None:
    said = refused_with(tmp_path, ROADBOOK_ROADS_MAP=str(tmp_path))
    assert said == f"ROADBOOK_ROADS_MAP: there are no tiles of Valhalla in {tmp_path}.\n"
    for wrong in ("nothing", "roads.tar"):
        (tmp_path / "roads.tar").write_text("not a tar")
        said = refused_with(tmp_path, ROADBOOK_ROADS_MAP=str(tmp_path / wrong))
        assert "there are no tiles" in said
    said = refused_with(tmp_path, ROADBOOK_ROADS_MAP="/a/town.osm.pbf")
    assert "Run “roadbook roads build /a/town.osm.pbf” first." in said


def test_a_folder_without_the_program_is_refused(tmp_path: Path) -> None:
    said = refused_with(tmp_path, ROADBOOK_VALHALLA=str(tmp_path))
    assert said == "ROADBOOK_VALHALLA is no folder with valhalla_service in it.\n"


def built(file: Path, data: Path, programs: Path | str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("ROADBOOK_VALHALLA", str(programs))
    monkeypatch.setenv("ROADBOOK_DATA_DIR", str(data))
    monkeypatch.setenv("LC_ALL", "en")
    settings.cache_clear()
    try:
        return CliRunner().invoke(app, ["roads", "build", str(file)])
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_an_extract_that_is_none_leaves_the_roads_as_they_were(
    tmp_path: Path, tiles: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles.rename(tmp_path / "roads")
    extract = tmp_path / "town.osm.pbf"
    extract.write_text("nothing")
    told = built(extract, tmp_path, programs, monkeypatch)
    assert (told.exit_code, "There is no valhalla_build_tiles." in told.stderr) == (2, True)
    (programs / "valhalla_build_tiles").write_text("#!/bin/sh\nexit 134\n")
    (programs / "valhalla_build_tiles").chmod(0o755)
    told = built(extract, tmp_path, programs, monkeypatch)
    assert told.exit_code == 2
    assert told.stderr == f"Valhalla could make no roads out of {extract}.\n"
    assert (tmp_path / "roads" / "0" / "003" / "381.gph").exists()
    assert not list(tmp_path.glob("roads-begun-*"))


@pytest.mark.skipif(not (PROGRAMS and EXTRACT), reason="no Valhalla and no extract are told")
def test_a_real_valhalla_drives_on_a_map_that_it_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ROADBOOK_TEST_VALHALLA_PROGRAMS is its folder, ROADBOOK_TEST_EXTRACT Helsinki's centre."""
    told = built(Path(EXTRACT), tmp_path, PROGRAMS, monkeypatch)
    assert (told.exit_code, str(tmp_path / "roads") in told.stdout) == (0, True), told.stderr
    with tarfile.open(tmp_path / "roads.tar", "w") as tar:
        tar.add(tmp_path / "roads", ".")
    monkeypatch.setenv("ROADBOOK_VALHALLA", PROGRAMS)
    settings.cache_clear()
    places = [Point(60.165 + n // 14 * 5e-4, 24.940 + n % 14 * 8e-4) for n in range(101)]
    for map_ in (tmp_path / "roads", tmp_path / "roads.tar"):
        service = Service(map_)
        service.address(LONG_S)
        engine = RoadEngine(RoadsKind.VALHALLA, "", service=service)
        matrix = engine.between(places, CITY)
        service.close()
        assert not engine.silent
        assert not np.array_equal(matrix.metres, matrix.metres.T)  # one-way streets
        assert np.median(matrix.metres / np.maximum(travel_between(places).metres, 1)) > 0.8
    monkeypatch.undo()
    settings.cache_clear()
