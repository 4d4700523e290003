"""Valhalla as we run it ourselves: where its programs are, what is a map for it, its settings."""

import importlib.util
import os
import shutil
import tarfile
from pathlib import Path
from typing import Any

from app.core.errors import Refused
from app.core.i18n import mark as _
from app.settings import settings

PLACES = 200  # of one table
REACH_M = 400_000.0

# What Valhalla 3.9 does not start without, though most of it is of questions that nobody asks.
NEEDED: dict[str, Any] = {
    "logging": {"type": ""},  # it would tell of every question
    "loki": {
        "actions": ["sources_to_targets"],
        "logging": {"long_request": 100.0},
        "service_defaults": {
            "radius": 0,
            "minimum_reachability": 50,
            "search_cutoff": 35000,
            "node_snap_tolerance": 5,
            "street_side_tolerance": 5,
            "street_side_max_distance": 1000,
            "heading_tolerance": 60,
            "mvt_min_zoom_road_class": [7, 7, 8, 11, 11, 12, 13, 14],
            "mvt_cache_min_zoom": 11,
        },
    },
    "meili": {"default": {"breakage_distance": 2000}},
    "service_limits": {
        "auto": {
            "max_distance": REACH_M,
            "max_locations": PLACES,
            "max_matrix_distance": REACH_M,
            "max_matrix_location_pairs": PLACES**2,
        },
        "skadi": {"max_shape": 1, "min_resample": 10.0},
        "isochrone": {
            "max_contours": 1,
            "max_time_contour": 1,
            "max_distance": 1.0,
            "max_locations": 1,
            "max_distance_contour": 1,
        },
        "trace": {
            "max_distance": 1.0,
            "max_gps_accuracy": 100.0,
            "max_search_radius": 100.0,
            "max_shape": 1,
            "max_alternates": 1,
            "max_alternates_shape": 1,
        },
        "max_exclude_locations": 0,
        "max_reachability": 100,
        "max_radius": 200,
        "max_alternates": 0,
        "max_exclude_polygons_length": 0,
    },
}


def service_settings(map_: Path, port: int, folder: Path) -> dict[str, Any]:
    """For `valhalla_service`; it talks to itself by sockets in `folder`, whose path is short."""
    said = map_settings(map_) | NEEDED
    for part in ("loki", "thor", "odin"):
        said[part] = said.get(part, {}) | {"service": {"proxy": f"ipc://{folder}/{part}"}}
    talk = {name: f"ipc://{folder}/{name}" for name in ("loopback", "interrupt")}
    listen = {"listen": f"tcp://127.0.0.1:{port}", "timeout_seconds": -1}
    return said | {"httpd": {"service": talk | listen}}


def map_settings(map_: Path) -> dict[str, Any]:
    """All that `valhalla_build_tiles` needs."""
    kind = "tile_extract" if map_.is_file() else "tile_dir"
    return {"mjolnir": {kind: str(map_.absolute())}, "logging": {"type": "std_err"}}


def program(name: str) -> Path | None:
    """Where ROADBOOK_VALHALLA says and nowhere else; unsaid, in its Python package or on PATH.

    The package is not imported: its module wants a newer Python than its programs do.
    """
    chosen = settings().valhalla
    found = shutil.which(name, path=chosen or _of_the_package())
    if found is None and not chosen:
        found = shutil.which(name)
    return Path(found).absolute() if found else None


def _of_the_package() -> str:
    package = importlib.util.find_spec("valhalla")
    homes = package.submodule_search_locations if package else None
    return os.pathsep.join(str(Path(home, "bin")) for home in homes or [])


def expect_roads() -> None:
    """Refuses settings of roads that cannot be meant."""
    given = settings()
    if given.valhalla and not program("valhalla_service"):
        raise Refused(_("ROADBOOK_VALHALLA is no folder with valhalla_service in it."))
    if given.roads_map and not given.roads_url:
        expect_map(Path(given.roads_map))


def expect_map(map_: Path) -> None:
    if map_.name.endswith(".pbf"):
        raise Refused(
            _("ROADBOOK_ROADS_MAP is an extract. Run “roadbook roads build %(map)s” first."),
            map=map_,
        )
    if not (has_tiles(map_) if map_.is_dir() else is_tar(map_)):
        raise Refused(_("ROADBOOK_ROADS_MAP: there are no tiles of Valhalla in %(map)s."), map=map_)


def has_tiles(folder: Path) -> bool:
    return any(folder.rglob("*.gph"))


def is_tar(file: Path) -> bool:
    """Plain: Valhalla reads it where it lies."""
    try:
        tarfile.open(file, "r:").close()
    except (OSError, tarfile.TarError):
        return False
    return True
