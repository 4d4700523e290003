"""A road engine of a small town, in the words of each kind."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlparse

# From HERE to THERE 400 s and 5 km, back 500 s and 6 km; nobody drives to the island.
SECONDS = [[0, 400, None], [500, 0, None], [None, None, 0]]
METRES = [[0, 5000, None], [6000, 0, None], [None, None, 0]]


class Town(ThreadingHTTPServer):
    """Answers as an engine of each kind does; `asked` is what came in."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Desk)
        self.asked: list[tuple[str, Any, str]] = []
        self.says: Callable[[str, int], Any] = answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Desk(BaseHTTPRequestHandler):
    server: Town

    def do_GET(self) -> None:
        self.reply(self.path.partition("driving/")[2].partition("?")[0].count(";") + 1, None)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(len(body.get("sources") or body["locations"]), body)

    def reply(self, count: int, body: Any) -> None:
        self.server.asked.append((self.path, body, self.headers.get("Authorization", "")))
        said = self.server.says(urlparse(self.path).path, count)
        text = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


def answer(path: str, count: int) -> Any:
    """In the format of the engine that has this path, for the first so many places."""
    seconds = [row[:count] for row in SECONDS[:count]]
    metres = [row[:count] for row in METRES[:count]]
    if path == "/sources_to_targets":
        table = [
            [
                {
                    "from_index": row,
                    "to_index": column,
                    "time": seconds[row][column],
                    "distance": None if (m := metres[row][column]) is None else m / 1000,
                }
                for column in range(count)
            ]
            for row in range(count)
        ]
        return {"algorithm": "costmatrix", "units": "kilometers", "sources_to_targets": table}
    code: dict[str, Any] = {"metadata": {}}
    if path.startswith("/table/v1/driving/"):
        code = {"code": "Ok"}
    return code | {"durations": seconds, "distances": metres}
