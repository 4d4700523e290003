"""A real Roadbook with the demo company in it, gone when the tests are gone, however they went."""

import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from sqlmodel import Session, select

from app.accounts.actions import open_session
from app.accounts.models import Person
from app.core import clock, schema
from app.core import db as database
from app.demo.load import load_shanghai
from app.settings import ROOT
from app.sync.sealed import make_key

# This shell outlives us by a moment: its input closes when we end, even by kill -9.
KEEPER = '"$@" & server=$!; read -r _; kill -9 $server'
ROADBOOK = (sys.executable, "-c", "from app.cli import app; app()")
MORNING = 9
PATIENCE_S = 180


class Server:
    """`roadbook serve` on a port and a data directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.zone = folder, free_port(), where_it_is_morning()
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens = found_company(folder, self.zone)
        self.keeper: subprocess.Popen[bytes] | None = None
        atexit.register(self.kill)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> None:
        surroundings = {name: os.environ[name] for name in os.environ if name != "DATABASE_URL"}
        surroundings |= {"PORT": str(self.port), "ROADBOOK_DATA_DIR": str(self.folder)}
        surroundings["PYTHONPATH"] = str(ROOT)  # this checkout, whatever is installed
        with (self.folder / "log").open("ab") as log:
            self.keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", *ROADBOOK, "serve"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=surroundings,
                start_new_session=True,
            )
        self.expect_health()

    def expect_health(self) -> None:
        patience = monotonic() + PATIENCE_S
        while monotonic() < patience:
            try:
                with urlopen(f"{self.url}/health", timeout=PATIENCE_S):
                    return
            except (URLError, ConnectionError):
                sleep(0.05)
        raise RuntimeError(f"The server did not start. {self.log}")

    def kill(self) -> None:
        """As when the power goes."""
        if self.keeper:
            self.keeper.communicate()
            self.keeper = None

    def begin_again(self) -> None:
        """The database as it was in the morning, under the running server."""
        with (
            closing(sqlite3.connect(self.folder / "morning.db")) as morning,
            closing(sqlite3.connect(self.folder / "roadbook.db")) as now,
        ):
            morning.backup(now)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What the database says, asked directly."""
        with closing(sqlite3.connect(self.folder / "roadbook.db")) as db:
            return db.execute(statement, values).fetchall()

    def write(self, statement: str, values: Sequence[object] = ()) -> None:
        """What happens elsewhere meanwhile, such as a hand-over."""
        with closing(sqlite3.connect(self.folder / "roadbook.db", timeout=10)) as db, db:
            db.execute(statement, values)


def found_company(folder: Path, zone: str) -> dict[str, str]:
    """The demo, its people living in `zone`; a session token for each, by user name."""
    engine = database.connect(f"sqlite:///{folder / 'roadbook.db'}")
    schema.upgrade(engine)
    with Session(engine) as db:
        load_shanghai(db, today=clock.today(zone))
        make_key(db)  # by the first page otherwise, and every morning begins without it again
        people = db.exec(select(Person)).all()
        for person in people:
            person.time_zone = zone
        tokens = {one.username: open_session(db, one.id, "a test") for one in people}
        db.commit()
    engine.dispose()
    shutil.copy(folder / "roadbook.db", folder / "morning.db")
    return tokens


def where_it_is_morning() -> str:
    """A time zone in which the working day has just begun: the plan depends on the hour."""
    east = (MORNING - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-east:+d}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
