"""Valhalla beside the server: this server process starts it, asks it, and ends it with itself."""

import json
import logging
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from time import monotonic, sleep

from app.planning.route.valhalla import program, service_settings
from app.settings import ROOT

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 0.02
SERVICE = "valhalla_service"
MISSING = f"there is no {SERVICE}: ROADBOOK_VALHALLA may say where it is"


class Service:
    """Valhalla with this map, at a port of this machine that nobody else had."""

    def __init__(self, map_: Path) -> None:
        self.map, self.url = map_, ""
        self._keeper: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._answers = self._over = False

    @property
    def missing(self) -> bool:
        return program(SERVICE) is None

    @property
    def running(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    @property
    def process(self) -> int | None:
        """The keeper's number in the system."""
        return self._keeper.pid if self._keeper else None

    def start(self) -> None:
        """Unless it runs; does not wait until it answers. Raises OSError."""
        with self._lock:
            if self._over or self.running:
                return
            if self._keeper:
                log.warning("Valhalla has ended, it is started anew.")
            self._put_away()
            self._keeper, self._answers = self._begun(), False

    def address(self, patience_s: float) -> str:
        """Where it answers; started anew if it has died. Raises OSError when it is not there."""
        until = monotonic() + patience_s
        self.start()
        while not self._answers:
            if not self.running or monotonic() > until:
                raise ConnectionError("Valhalla does not start")
            self._answers = listens(self.url)
            sleep(0 if self._answers else LOOK_AGAIN_S)
        return self.url

    def close(self) -> None:
        with self._lock:
            self._over = True
            self._put_away()

    def _put_away(self) -> None:
        """The keeper ends Valhalla, then itself, when its input does."""
        if self._keeper and self._keeper.stdin:
            self._keeper.stdin.close()
            self._keeper.wait()

    def _begun(self) -> "subprocess.Popen[bytes]":
        found = program(SERVICE)
        if found is None:
            raise FileNotFoundError(MISSING)
        folder, port = Path(mkdtemp(prefix="roadbook-")), free_port()
        told = folder / "valhalla.json"
        told.write_text(json.dumps(service_settings(self.map, port, folder)), "utf-8")
        self.url = f"http://127.0.0.1:{port}"
        keeper = (sys.executable, "-m", "app.planning.route.keeper")
        return subprocess.Popen(  # noqa: S603 - the administrator chose the program
            [*keeper, str(folder), str(found), str(told), "1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,  # where our module is found
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(url: str) -> bool:
    host, _colon, port = url.rpartition("/")[2].partition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=LOOK_AGAIN_S):
        return True
    return False
