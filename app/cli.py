"""The `roadbook` command."""

import json
from itertools import chain
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
import uvicorn
from sqlalchemy import Engine
from sqlmodel import Session

from app import actions as _handlers  # noqa: F401 - so that every command has its handler
from app.accounts.actions import add_person, team_for
from app.accounts.models import Person, Team
from app.accounts.queries import person_named
from app.accounts.rules import Role
from app.catalog.imports import import_products
from app.console import connected, console, unit_of_work
from app.core import assets, clock, schema
from app.core import db as database
from app.core.errors import Refused
from app.core.geo import Crs
from app.core.i18n import mark as _
from app.core.public_days import expect_known
from app.core.tables import Report
from app.core.tiles import expect_tiles
from app.customers.imports import import_customers
from app.demo.load import load_many, load_shanghai
from app.map_cli import maps
from app.media.store import store_at
from app.planning.route.ask import ask
from app.planning.route.valhalla import expect_roads
from app.roads_cli import roads
from app.settings import settings
from app.sync.carried import hand_in
from app.sync.queries import entries, lost_devices

app = typer.Typer(help="Roadbook: the sales representative's day.", no_args_is_help=True)
importing = typer.Typer(help="Take in what a file holds.", no_args_is_help=True)
users = typer.Typer(help="The people who sign in.", no_args_is_help=True)
app.add_typer(importing, name="import")
app.add_typer(users, name="user")
app.add_typer(maps, name="map")
app.add_typer(roads, name="roads")

FileName = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)]
By = Annotated[str, typer.Option("--as", help="User name of whoever does this, for the log.")]


@app.command()
def serve(
    *,
    migrate: Annotated[bool, typer.Option(help="Bring the database forward first.")] = False,
    demo: Annotated[bool, typer.Option(help="Load the demo company first.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes; several on PostgreSQL.")] = 1,
) -> None:
    """Run the app on HOST and PORT."""
    with console():
        store_at(settings().photo_store, settings().data_dir)  # refused here, not by each worker
        expect_known(settings().country)
        expect_tiles(settings().tiles_url)
        expect_roads()
        engine = connected()
        if migrate:
            schema.upgrade(engine)
        if not schema.up_to_date(engine):
            raise Refused(_("The database is not up to date. Run “roadbook migrate” first."))
        if demo:
            load_demo(engine)
        engine.dispose()
    assets.keep(settings().data_dir / "assets", clock.now())
    host, port = settings().host, settings().port
    typer.echo(f"Roadbook is at http://{host}:{port}")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
    )


@app.command()
def migrate() -> None:
    """Bring the database forward to this version."""
    with console():
        schema.upgrade(connected())
    typer.echo("The database is up to date.")


@app.command()
def demo(
    reps: Annotated[int, typer.Option(min=0, max=5_000, help="Make this many reps.")] = 0,
    customers: Annotated[int, typer.Option(min=1, max=10_000, help="Customers a rep.")] = 100,
    seed: Annotated[int, typer.Option(help="The same seed makes the same data.")] = 1,
) -> None:
    """Load the Shanghai demo once; with --reps a large company for benchmarks."""
    with console(), unit_of_work() as db:
        refuse_in_production()
        today = clock.today(settings().time_zone)
        if reps:
            made = load_many(db, reps=reps, customers=customers, seed=seed, today=today)
            typer.echo(f"{made} customers of {reps} reps: rep001 and on, managers mgr01 and on.")
        else:
            loaded = load_shanghai(db, today=today)
            typer.echo("The demo is loaded." if loaded else "The demo was loaded before.")
        typer.echo("All passwords are “roadbook”.")


@app.command()
def ledger(
    device: Annotated[UUID | None, typer.Option(help="Only this device.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON a command.")] = False,
) -> None:
    """List every command that phones sent, by device and number, then phones that lost some."""
    with console(), unit_of_work() as db:
        for row in chain(entries(db, device), lost_devices(db, device)):
            typer.echo(json.dumps(row) if as_json else "  ".join(map(str, row.values())))


@app.command()
def route(
    file: Annotated[typer.FileText, typer.Argument(help="A question as JSON; - reads it here.")],
) -> None:
    """Put a day's stops in the best order: docs/route.md describes question and answer."""
    with console():
        typer.echo(ask(file.read()))


@importing.command("customers")
def customers_file(
    file: FileName,
    coords: Annotated[Crs, typer.Option(help="The system of the file's coordinates.")] = Crs.WGS84,
    owner: Annotated[str, typer.Option(help="User name of the rep who gets them.")] = "",
    team: Annotated[str, typer.Option(help="Name of the team they belong to.")] = "",
    by: By = "",
    *,
    prefix: Annotated[str, typer.Option(help="Put before codes that another list uses too.")] = "",
) -> None:
    """Take in customers; a second run updates them. Bad rows are named, the rest is imported."""
    with console(), unit_of_work() as db:
        rep = somebody(db, owner)
        group = db.get_one(Team, rep.team_id) if rep else team_for(db, team)
        report = import_customers(
            db, file, crs=coords, owner=rep, team=group, by=somebody(db, by), prefix=prefix
        )
        told(report)


@importing.command("products")
def products_file(
    file: FileName,
    currency: Annotated[str, typer.Option(help="The currency of the file's prices.")] = "",
    by: By = "",
) -> None:
    """Take in products with units, barcodes and prices; a second run updates them."""
    with console(), unit_of_work() as db:
        report = import_products(
            db, file, currency=currency or None, by=somebody(db, by), usual=settings().currency
        )
        told(report)


@importing.command("outbox")
def outbox_file(
    file: Annotated[Path, typer.Argument(help="What a phone exported.", exists=True)],
    by: By = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON answer.")] = False,
) -> None:
    """Take in what waits on a phone: each entry once, whether or not the phone sends it, too."""
    with console(), unit_of_work() as db:
        done = hand_in(db, file.read_bytes(), somebody(db, by))
        typer.echo(json.dumps(done.facts()) if as_json else "\n".join(done.lines()))
    if done.damaged:
        raise typer.Exit(1)


@users.command("add")
def add_user(
    username: str,
    name: Annotated[str, typer.Option(help="The name that others see.")] = "",
    role: Annotated[Role, typer.Option()] = Role.REP,
    team: Annotated[str, typer.Option(help="Made when there is none of this name.")] = "",
    *,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, envvar="ROADBOOK_PASSWORD")
    ],
) -> None:
    """Add somebody who can sign in; asks for the password."""
    with console(), unit_of_work() as db:
        group = team_for(db, team)
        add_person(
            db, username=username, name=name or username, role=role, team=group, password=password
        )
    typer.echo(f"{username} can sign in.")


def refuse_in_production() -> None:
    if settings().production:
        raise Refused(_("The demo's passwords are known to all. It is refused in production."))


def load_demo(engine: Engine) -> None:
    refuse_in_production()
    with database.transaction(engine) as db:
        load_shanghai(db, today=clock.today(settings().time_zone))


def somebody(db: Session, username: str) -> Person | None:
    person = person_named(db, username) if username else None
    if username and person is None:
        raise Refused(_("There is nobody called %(username)s."), username=username)
    return person


def told(report: Report) -> None:
    typer.echo("\n".join(report.lines()))
