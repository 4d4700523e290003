"""`roadbook serve` on a database of either kind, and what it takes of the processor."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from app.settings import ROOT
from tests.browser.server import KEEPER, ROADBOOK, free_port

PATIENCE_S = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Serving:
    port: int
    keeper: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer, by their numbers, where there are several."""
        return [one for one in below(self.keeper) if b"spawn_main" in cmdline(one)]

    def processor_s(self) -> float:
        """Seconds of the processor that it has used so far."""
        return sum(map(used_s, below(self.keeper)))


@contextmanager
def serving(database: str, folder: Path, workers: int = 1, **more: str) -> Iterator[Serving]:
    """`more` are settings by the names of their variables."""
    port = free_port()
    surroundings = (
        os.environ
        | more
        | {
            "DATABASE_URL": database,
            "PORT": str(port),
            "ROADBOOK_DATA_DIR": str(folder),
            "PYTHONPATH": str(ROOT),
        }
    )
    serve = (*ROADBOOK, "serve", "--workers", str(workers))
    with (folder / "log").open("ab") as log:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", *serve],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=surroundings,
            start_new_session=True,
        )
    try:
        expect_health(port)
        yield Serving(port, keeper.pid)
    finally:
        left = below(keeper.pid)
        keeper.communicate()
        end(left)


def expect_health(port: int) -> None:
    patience = monotonic() + PATIENCE_S
    while monotonic() < patience:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=PATIENCE_S):
                return
        except (URLError, ConnectionError):
            sleep(0.1)
    raise RuntimeError("The server did not start.")


def below(process: int) -> list[int]:
    """The processes that this one has started, and those that they have."""
    parents = {int(one.name): parent(one) for one in Path("/proc").glob("[0-9]*")}
    found = [child for child, of in parents.items() if of == process]
    return [*found, *(deeper for child in found for deeper in below(child))]


def parent(process: Path) -> int:
    return int(fields(process)[1])


def used_s(process: int) -> float:
    said = fields(Path(f"/proc/{process}"))
    return (int(said[11]) + int(said[12])) / TICKS


def fields(process: Path) -> list[str]:
    """Of /proc/<number>/stat, from the state on; zeros for one that has gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 20


def cmdline(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def end(processes: list[int]) -> None:
    """Workers outlive a first process that was killed."""
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
