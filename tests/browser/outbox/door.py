"""A server that speaks docs/sync.md and can go wrong in every way that a network can."""

import gzip
import json
import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.outbox.ledger import Ledger, intact

MEDIA = "application/vnd.roadbook.sync+json"
HERE = Path(__file__).parent
HTMX = HERE.parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
HANG_S = 30


@dataclass
class Seen:
    """One batch as it came; `ended` is when the answer had left."""

    began: float
    ids: list[str]
    packed: bool
    waiting: int = 0
    ended: float = 0


@dataclass
class Door:
    """`mode` says how the next batches are met; `chances` may say otherwise, by its own dice."""

    script: Path
    mode: str = "up"
    chances: dict[str, float] = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(0))
    most: int = 500
    cache: str = "no-store"
    ledger: Ledger = field(default_factory=Ledger)
    seen: list[Seen] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.door = self  # type: ignore[attr-defined] # our own attribute
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def roll(self) -> str:
        names, odds = [*self.chances], [*self.chances.values()]
        rest = 1 - sum(odds)
        return self.dice.choices([*names, self.mode], [*odds, rest])[0]

    def files(self, path: str) -> tuple[str, bytes] | None:
        address = urlsplit(path)
        if address.path == "/page.js":
            return "text/javascript", self.script.read_bytes()
        if address.path == "/htmx.js":
            return "text/javascript", HTMX.read_bytes()
        if address.path == "/":
            return "text/html", self.page(parse_qs(address.query))
        return None

    def page(self, asked: dict[str, list[str]]) -> bytes:
        html = (HERE / "page.html").read_text(encoding="utf-8")
        htmx = "" if "plain" in asked else '<script src="/htmx.js" defer></script>'
        html = html.replace("{htmx}", htmx).replace("{person}", asked.get("person", [""])[0])
        return html.encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        with suppress(ConnectionResetError):  # killed browsers do that
            super().handle()

    @property
    def door(self) -> Door:
        return self.server.door  # type: ignore[attr-defined, no-any-return] # as below

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the test's screen."""

    def do_GET(self) -> None:
        found = self.door.files(self.path)
        if found:
            self.answer(200, *found)
        else:
            self.answer(404, "text/plain", b"")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/sync/commands":
            self.meet(raw)
        elif self.path == "/said":
            self.door.said.append(raw.decode())
            self.answer(204, "text/plain", b"")
        else:
            self.door.posted.append(raw.decode())
            self.answer(200, "text/html", b"<p>posted</p>")

    def meet(self, raw: bytes) -> None:
        packed = self.headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(raw) if packed else raw
        batch = json.loads(text)
        ids = [json.loads(body)["id"] for _sha, body in batch["entries"]]
        seen = Seen(monotonic(), ids, packed, batch["waiting"])
        with self.door.lock:
            self.door.seen.append(seen)
            mode = self.door.roll()
        try:
            meet = FAULTS.get(mode, Handler.take)
            meet(self, batch)
        except OSError:
            self.close_connection = True  # the browser has gone
        seen.ended = monotonic()

    def take(self, batch: dict[str, Any], cut: int = 0) -> None:
        if not intact(batch):
            self.told(400, {"error": "damaged"})
        elif len(batch["entries"]) > self.door.most:
            self.answer(413, "text/html", b"<h1>413</h1>")
        else:
            with self.door.lock:
                answer = self.door.ledger.receive(batch)
            time = datetime.now(UTC).isoformat()
            self.told(200, {"nonce": batch["nonce"], "time": time, **answer}, cut)

    def told(self, status: int, answer: dict[str, Any], cut: int = 0) -> None:
        self.answer(status, MEDIA, json.dumps({"proto": 1, **answer}).encode(), cut=cut)

    def answer(self, status: int, media: str, body: bytes, *, cut: int = 0, rest: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Cache-Control", self.door.cache)
        if rest:
            self.send_header("Retry-After", rest)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) - cut])
        if cut:
            self.hang_up()

    def hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def drop_before(self, _batch: dict[str, Any]) -> None:
        self.hang_up()

    def ack_lost(self, batch: dict[str, Any]) -> None:
        with self.door.lock:
            self.door.ledger.receive(batch)
        self.hang_up()

    def ack_late(self, batch: dict[str, Any]) -> None:
        with self.door.lock:
            answer = self.door.ledger.receive(batch)
        sleep(1.5)
        self.told(200, {"nonce": batch["nonce"], **answer})

    def trunc(self, batch: dict[str, Any]) -> None:
        cut = [[sha, body[:-9]] for sha, body in batch["entries"]]
        self.take(batch | {"entries": cut})

    def cut(self, batch: dict[str, Any]) -> None:
        self.take(batch, cut=20)

    def slow(self, batch: dict[str, Any]) -> None:
        sleep(0.3)
        self.take(batch)

    def hang(self, _batch: dict[str, Any]) -> None:
        sleep(HANG_S)

    def broken(self, _batch: dict[str, Any]) -> None:
        self.answer(500, "text/html", b"<h1>500</h1>")

    def broken_late(self, batch: dict[str, Any]) -> None:
        sleep(0.7)
        self.broken(batch)

    def busy(self, _batch: dict[str, Any]) -> None:
        self.answer(429, "text/plain", b"", rest="2")

    def signed_out(self, _batch: dict[str, Any]) -> None:
        self.told(401, {"error": "sign_in"})

    def other_person(self, _batch: dict[str, Any]) -> None:
        self.told(403, {"error": "other_person"})

    def portal(self, _batch: dict[str, Any]) -> None:
        self.answer(200, "text/html", b"<!doctype html><h1>Welcome to our wireless network</h1>")

    def stale(self, batch: dict[str, Any]) -> None:
        """Somebody else's answer: all is well, in our own format."""
        results = [
            {"id": json.loads(body)["id"], "sha": sha, "status": "applied"}
            for sha, body in batch["entries"]
        ]
        self.told(200, {"nonce": "another", "results": results, "expected": 99})

    def wrong_sha(self, batch: dict[str, Any]) -> None:
        results = [
            {"id": json.loads(body)["id"], "sha": "0" * 64, "status": "applied"}
            for _sha, body in batch["entries"]
        ]
        self.told(200, {"nonce": batch["nonce"], "results": results, "expected": 1})


FAULTS: dict[str, Callable[[Handler, dict[str, Any]], None]] = {
    "drop_before": Handler.drop_before,
    "ack_lost": Handler.ack_lost,
    "ack_late": Handler.ack_late,
    "trunc": Handler.trunc,
    "cut": Handler.cut,
    "500": Handler.broken,
    "late_500": Handler.broken_late,
    "429": Handler.busy,
    "401": Handler.signed_out,
    "403": Handler.other_person,
    "portal200": Handler.portal,
    "stale": Handler.stale,
    "wrong_sha": Handler.wrong_sha,
    "slow": Handler.slow,
    "hang": Handler.hang,
}
