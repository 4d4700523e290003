"""Between a browser and the real server: serves the robot's page, passes its batches on, or not."""

import json
import random
import socket
import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.engines.faults import FAULTS, Answer, html
from tests.browser.engines.page import Tab, Who
from tests.browser.engines.upstream import HOPS, contents, passed_on

HERE = Path(__file__).parent
HTMX = HERE.parents[2] / "node_modules/htmx.org/dist/htmx.min.js"
POLL_S = 10
TRACED = 200  # batches that are told of when something went wrong


class Relay:
    """`mode` says how batches are met; `chances` may say otherwise, by the run's dice."""

    def __init__(self, script: Path, upstream: int, who: Who, seed: int = 0) -> None:
        self.script, self.upstream, self.who = script, upstream, who
        self.dice = random.Random(seed)
        self.mode, self.chances, self.before = "up", dict[str, float](), ""
        self.tabs: list[Tab] = []
        self.said: list[str] = []
        self.saved: set[str] = set()  # the same
        self.complaints: list[str] = []
        self.trace: list[str] = []
        self.met: Counter[str] = Counter()
        self.under_way: list[tuple[float, float]] = []
        self.last: Answer | None = None
        self.late: list[threading.Thread] = []
        self.news = threading.Condition()
        self.began = monotonic()
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.door.daemon_threads = True
        self.door.relay = self  # type: ignore[attr-defined] # our own attribute
        self.url = f"http://localhost:{self.door.server_port}"

    def open(self) -> None:
        threading.Thread(target=self.door.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.door.shutdown()
        self.door.server_close()

    def roll(self) -> tuple[str, float]:
        with self.news:
            names, odds = [*self.chances], [*self.chances.values()]
            mode = self.dice.choices([*names, self.mode], [*odds, 1 - sum(odds)])[0]
            self.met[mode] += 1
            return mode, self.dice.random()

    def tell(self, line: str) -> None:
        self.trace.append(f"{monotonic() - self.began:8.2f} s {line}")

    def settled(self) -> None:
        """Waits for what is still on its way to the server."""
        for thread in self.late:
            thread.join()
        self.late.clear()

    def report(self) -> str:
        return "\n".join([*self.trace[-TRACED:], *(f"complaint: {one}" for one in self.complaints)])

    def page(self, asked: dict[str, list[str]]) -> bytes:
        with self.news:
            self.tabs.append(Tab(len(self.tabs)))
            number = self.tabs[-1].number
        text = (HERE / "robot.html").read_text(encoding="utf-8")
        holes = {
            "{htmx}": '<script src="/htmx.js"></script>' if "htmx" in asked else "",
            "{person}": self.who.person,
            "{customer}": self.who.customer,
            "{page}": str(number),
        }
        for hole, filling in holes.items():
            text = text.replace(hole, filling)
        return text.encode()

    def asked(self, number: int, after: int) -> dict[str, Any] | None:
        """The order that a tab has not had yet, or None when there was none for a while."""
        tab = self.tabs[number]

        def news() -> dict[str, Any] | None:
            return next((order for order in tab.orders if order["number"] > after), None)

        with self.news:
            return self.news.wait_for(news, POLL_S)

    def heard(self, what: str, told: dict[str, Any]) -> None:
        tab, body = self.tabs[int(told["page"])], told["body"]
        with self.news:
            if what == "said":
                self.said += body
                self.saved.update(body)
            elif what == "done":
                tab.answers[body["number"]] = body
                self.complaints += [body["error"]] if "error" in body else []
            elif what == "hello":
                tab.address = body
                self.tell(f"page {tab.number} is there {body}")
            else:
                self.complaints.append(f"page {tab.number}: {body}")
            self.news.notify_all()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self) -> None:
        with suppress(OSError):  # killed browsers do that
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    @property
    def relay(self) -> Relay:
        return self.server.relay  # type: ignore[attr-defined, no-any-return] # the attribute that the relay set

    def log_message(self, format: str, *args: Any) -> None:
        """Not on the test's screen."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        if address.path == "/robot/next":
            order = self.relay.asked(int(asked["page"][0]), int(asked["after"][0]))
            said = json.dumps(order).encode()
            self.reply(Answer(200 if order else 204, (("Content-Type", "text/json"),), said))
        elif address.path == "/":
            self.reply(html(200, self.relay.page(asked)))
        elif address.path == "/frame":
            frame = f'<!doctype html><html><iframe src="{self.relay.url}/"></iframe></html>'
            self.reply(html(200, frame.encode()))
        else:
            self.reply(self.file(address.path))

    def file(self, path: str) -> Answer:
        if path == "/before.js":
            body = self.relay.before.encode()
        elif path in {"/robot.js", "/htmx.js"}:
            body = (self.relay.script if path == "/robot.js" else HTMX).read_bytes()
        else:
            return html(404, b"")
        return Answer(200, (("Content-Type", "text/javascript"),), body)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.body = self.rfile.read(length)
        if len(self.body) < length:
            self.close_connection = True  # killed while it was speaking
        elif self.path == "/sync/commands":
            self.meet()
        elif self.path.startswith("/robot/"):
            self.relay.heard(self.path.removeprefix("/robot/"), json.loads(self.body))
            self.reply(html(204, b""))
        else:
            self.relay.complaints.append(f"POST {self.path}: not kept, but posted")
            self.reply(html(204, b""))  # the page stays where it is

    def meet(self) -> None:
        relay, began = self.relay, monotonic()
        mode, self.chance = relay.roll()
        self.entries, told = contents(self.body, self.headers.get("Content-Encoding"))
        self.outcome = "hung up"
        try:
            FAULTS[mode](self)
        except (OSError, HTTPException) as gone:
            self.outcome = f"{type(gone).__name__}"
            self.close_connection = True
        relay.under_way.append((began, monotonic()))
        relay.tell(f"{monotonic() - began:.2f} s {mode}: {told} → {self.outcome}")

    def forward(self, body: bytes | None = None) -> Answer:
        headers = [
            (name, value) for name, value in self.headers.items() if name.lower() not in HOPS
        ]
        relay, whole = self.relay, self.body if body is None else body
        answer = passed_on(relay.upstream, headers, whole, token=relay.who.token)
        if answer.status == 200:
            relay.last = answer
        return answer

    def forward_later(self, delay_s: float) -> None:
        def later() -> None:
            sleep(delay_s)
            with suppress(OSError, HTTPException):
                self.forward()

        self.relay.late.append(threading.Thread(target=later, daemon=True))
        self.relay.late[-1].start()

    def last(self) -> Answer | None:
        return self.relay.last

    def reply(self, answer: Answer, *, cut: int = 0, pieces: int = 1) -> None:
        self.outcome = f"{answer.status}"
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        body = b"" if answer.status == 204 else answer.body
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        whole = body[: len(body) - cut]
        step = len(whole) // pieces + 1
        for start in range(0, len(whole), step):
            self.wfile.write(whole[start : start + step])
            if pieces > 1:
                self.wfile.flush()
                sleep(0.05)
        if cut:
            self.hang_up()
            self.outcome += f" without the last {cut} bytes"

    def hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
