"""Between a browser and the real server, for a day: passes everything on, or nothing.

Beside it there is a page with a walker in it: it opens the app in a frame and does what it is told.
"""

import json
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.browser.engines.browsers import Browser
from tests.browser.engines.upstream import HOPS

HERE = Path(__file__).parent
POLL_S = 10
PATIENCE_S = 60
PIECES, PIECE_S = 60, 0.1
# What keeps pages out of frames, and what is said anew on the way.
LEFT_OUT = HOPS | {"content-security-policy", "date", "server", "set-cookie"}


class Lost(AssertionError):  # noqa: N818 - it is the phone that is lost, not we who erred
    """The walker did not answer, or could not do what it was told."""


class Street:
    """`signal` False: no request gets through."""

    def __init__(self, upstream: int, token: str) -> None:
        self.upstream, self.token, self.signal = upstream, token, True
        self.slow = ""  # what comes a little at a time
        self.pages = self.orders = 0
        self.order: dict[str, Any] | None = None
        self.done: dict[int, dict[str, Any]] = {}
        self.news = threading.Condition()
        self.door = Door(self)
        self.url = f"http://localhost:{self.door.server_port}"
        threading.Thread(target=self.door.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.door.shutdown()
        self.door.server_close()


class Door(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, street: Street) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.street = street


class Walker:
    """A browser on this street, in the zone of its clocks; `walk` says what it does in the app."""

    def __init__(self, browser: Browser, street: Street, zone: str) -> None:
        self.browser, self.street, self.zone = browser, street, zone

    def switch_on(self) -> None:
        known = self.street.pages
        self.browser.start(f"{self.street.url}/walker/", TZ=self.zone)
        with self.street.news:
            if not self.street.news.wait_for(lambda: self.street.pages > known, PATIENCE_S):
                log = self.browser.log.read_text(errors="replace")[-2_000:]
                raise Lost(f"no page came:\n{log}")

    def kill(self) -> None:
        """All its processes, as when the battery goes."""
        self.browser.kill()
        self.street.order = None

    def walk(self, script: str, *args: object, patience: float = PATIENCE_S) -> Any:
        """What the script returns: a function's body, of `args` and the walker's words."""
        street = self.street
        with street.news:
            street.orders += 1
            number = street.orders
            street.order = {"number": number, "script": script, "args": args}
            street.news.notify_all()
            if not street.news.wait_for(lambda: number in street.done, patience):
                raise Lost(f"no answer to: {script}")
            answer = street.done[number]
        if "error" in answer:
            raise Lost(f"{answer['error']}\n{script}")
        return answer["value"]

    def until(self, script: str, *args: object, patience: float = PATIENCE_S) -> None:
        """Asked again and again, until it is true."""
        end = monotonic() + patience
        while not self.walk(script, *args):
            if monotonic() > end:
                raise Lost(f"waited in vain for: {script}")
            sleep(0.2)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def street(self) -> Street:
        return cast(Door, self.server).street

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the test's screen."""

    def handle(self) -> None:
        with suppress(OSError):  # killed browsers do that
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if not address.path.startswith("/walker/"):
            return self.pass_on()
        if address.path == "/walker/next":
            return self.next_order(int(parse_qs(address.query)["after"][0]))
        name = "walker.js" if address.path.endswith(".js") else "walker.html"
        kind = "text/javascript" if name.endswith(".js") else "text/html; charset=utf-8"
        return self.answer(200, {"Content-Type": kind}, (HERE / name).read_bytes())

    def next_order(self, after: int) -> None:
        street = self.street

        def fresh() -> dict[str, Any] | None:
            return street.order if street.order and street.order["number"] > after else None

        with street.news:
            if after == 0:
                street.pages += 1
                street.order = None
                street.news.notify_all()
            order = street.news.wait_for(fresh, POLL_S)
        self.answer(200, {"Content-Type": "application/json"}, json.dumps(order or None).encode())

    def do_POST(self) -> None:
        if self.path == "/walker/done":
            told = json.loads(self.body())
            with self.street.news:
                self.street.done[told["number"]] = told
                self.street.news.notify_all()
            return self.answer(204, {}, b"")
        return self.pass_on()

    def do_HEAD(self) -> None:
        self.pass_on()

    def do_PATCH(self) -> None:
        self.pass_on()

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def pass_on(self) -> None:
        body = self.body()
        if not self.street.signal:
            self.close_connection = True
            return
        upstream = HTTPConnection("127.0.0.1", self.street.upstream, timeout=PATIENCE_S)
        try:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOPS:
                    upstream.putheader(name, value)
            upstream.putheader("Cookie", f"session={self.street.token}")
            upstream.putheader("Content-Length", str(len(body)))
            upstream.endheaders(body)
            response = upstream.getresponse()
            headers = {n: v for n, v in response.getheaders() if n.lower() not in LEFT_OUT}
            self.answer(response.status, headers, response.read())
        except (OSError, HTTPException):
            self.close_connection = True
        finally:
            upstream.close()

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD" or status in {204, 304}:
            return
        slow = self.street.slow and self.path.startswith(self.street.slow)
        step = len(body) // PIECES + 1 if slow else len(body) + 1
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            sleep(PIECE_S if slow else 0)
