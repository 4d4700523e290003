"""The real server, as the relay speaks to it."""

import gzip
import json
from http.client import HTTPConnection

from tests.browser.engines.faults import Answer

HOPS = {"connection", "keep-alive", "transfer-encoding", "content-length", "cookie"}
OWN = HOPS | {"cache-control", "date", "server"}
PATIENCE_S = 60


def passed_on(port: int, headers: list[tuple[str, str]], body: bytes, *, token: str) -> Answer:
    upstream = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        upstream.putrequest("POST", "/sync/commands", skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            upstream.putheader(name, value)
        upstream.putheader("Cookie", f"session={token}")
        upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders(body)
        response = upstream.getresponse()
        kept = (one for one in response.getheaders() if one[0].lower() not in OWN)
        return Answer(response.status, tuple(kept), response.read())
    finally:
        upstream.close()


def contents(body: bytes, packed: str | None) -> tuple[int, str]:
    """How many entries, and in words which."""
    batch = json.loads(gzip.decompress(body) if packed == "gzip" else body)
    numbers = [json.loads(text)["seq"] for _sha, text in batch["entries"]]
    which = f"{numbers[0]}–{numbers[-1]}" if numbers else "a question"
    return len(numbers), f"{which} of {batch['waiting']} waiting"
