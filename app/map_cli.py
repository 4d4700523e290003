"""`roadbook map`: what lies under the stops of a day's map. docs/map.md."""

from pathlib import Path
from typing import Annotated

import typer

from app.console import console, unit_of_work
from app.core.errors import Refused
from app.core.geo import Crs
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.maps.actions import forget_shapes, put_shapes
from app.maps.imports import read_map
from app.maps.queries import company_named, loaded
from app.maps.rules import Kind

maps = typer.Typer(help="What is drawn under the stops of a day.", no_args_is_help=True)

Company = Annotated[str, typer.Option(help="Name of the company; needed where there are several.")]


@maps.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="GeoJSON.", exists=True, dir_okay=False)],
    company: Company = "",
    system: Annotated[Crs, typer.Option(help="The system of the file's positions.")] = Crs.WGS84,
    kind: Annotated[Kind | None, typer.Option(help="What all of it is.")] = None,
) -> None:
    """Take in areas and lines; a second run of the same file replaces what the first one loaded."""
    with console(), unit_of_work() as db:
        whose = company_named(db, company)
        drawings, left_out = read_map(file, system, kind)
        if not drawings:
            raise Refused(_("There is neither an area nor a line in this file."))
        points = put_shapes(db, whose, file.name, drawings)
        sentence = _("%(shapes)s shapes of %(points)s points; %(left)s features left out.")
        shapes = len(drawings)
        typer.echo(gettext(sentence, shapes=shapes, points=points, left=left_out))


@maps.command("show")
def show(company: Company = "") -> None:
    """List what is loaded: file, kind, how many shapes."""
    with console(), unit_of_work() as db:
        for row in loaded(db, company_named(db, company)):
            typer.echo("  ".join(map(str, row)))


@maps.command("clear")
def clear(
    file: Annotated[str, typer.Argument(help="Only what came from the file of this name.")] = "",
    company: Company = "",
) -> None:
    """Draw nothing under the stops any more, or no longer what one file held."""
    with console(), unit_of_work() as db:
        gone = forget_shapes(db, company_named(db, company), file)
        typer.echo(gettext(_("%(count)s shapes are gone."), count=gone))
