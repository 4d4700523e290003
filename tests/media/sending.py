"""The phone's half of the photos' lane, as docs/media.md has it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient

from tests.media.album import name_of

CHUNK = 256 * 1024


def append(
    browser: TestClient,
    name: str,
    offset: int,
    chunk: bytes,
    *,
    last: bool = False,
    more: Mapping[str, str] | None = None,
) -> Any:
    headers = {"Upload-Offset": str(offset), "Upload-Complete": "?1" if last else "?0"}
    return browser.patch(f"/media/{name}", content=chunk, headers={**headers, **(more or {})})


def cut(file: bytes, size: int = CHUNK) -> Iterator[tuple[int, bytes, bool]]:
    """Offset, contents and whether it is the last."""
    for offset in range(0, len(file), size):
        yield offset, file[offset : offset + size], offset + size >= len(file)


def send(browser: TestClient, file: bytes, size: int = CHUNK) -> Any:
    """The whole picture; the answer to its last chunk."""
    answer = None
    for offset, chunk, last in cut(file, size):
        answer = append(browser, name_of(file), offset, chunk, last=last)
    return answer


def progress(answer: Any) -> tuple[int, bool]:
    assert answer.status_code == 204, answer.text
    return int(answer.headers["upload-offset"]), answer.headers["upload-complete"] == "?1"


def so_far(browser: TestClient, name: str) -> tuple[int, bool]:
    return progress(browser.head(f"/media/{name}"))


def refusal(answer: Any) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["error"]


def held(browser: TestClient, *names: str) -> dict[str, Any]:
    question = {"nonce": uuid4().hex, "pictures": list(names)}
    answer = browser.post("/media/held", json=question)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    assert said.pop("nonce") == question["nonce"]
    return said
