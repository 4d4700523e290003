"""`roadbook roads`: real roads out of an extract of OpenStreetMap. docs/route.md."""

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from app.console import console
from app.core.errors import Refused
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.planning.route.valhalla import has_tiles, map_settings, program
from app.settings import settings

roads = typer.Typer(help="The roads that Valhalla drives on.", no_args_is_help=True)


@roads.callback()
def several() -> None:
    """Only so that the verb below keeps its name."""


@roads.command("build")
def build(
    file: Annotated[Path, typer.Argument(help="An .osm.pbf.", exists=True, dir_okay=False)],
) -> None:
    """Make Valhalla's tiles of an extract of OpenStreetMap, in place of those made before."""
    with console():
        there = settings().data_dir.absolute() / "roads"
        there.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=there.parent, prefix="roads-begun-") as begun:
            tiles = Path(begun, "tiles")
            tiles.mkdir()
            make_tiles(file, tiles)
            shutil.rmtree(there, ignore_errors=True)
            tiles.rename(there)
        typer.echo(gettext(_("The roads are there. Set ROADBOOK_ROADS_MAP to %(map)s."), map=there))


def make_tiles(file: Path, tiles: Path) -> None:
    """Valhalla tells on the error output how far it is. Raises Refused."""
    maker = program("valhalla_build_tiles")
    if maker is None:
        raise Refused(
            _("There is no valhalla_build_tiles. Set ROADBOOK_VALHALLA to the folder it is in.")
        )
    told = tiles.with_name("valhalla.json")
    told.write_text(json.dumps(map_settings(tiles)), "utf-8")
    asked: list[str | Path] = [maker, "-c", told, file.absolute()]
    made = subprocess.run(asked, check=False)  # noqa: S603 - the administrator chose the program
    if made.returncode or not has_tiles(tiles):
        raise Refused(_("Valhalla could make no roads out of %(file)s."), file=file)
