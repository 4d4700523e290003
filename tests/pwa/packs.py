"""A pack as the phone gets it."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient


@dataclass
class Pack:
    """What came, by address and day; `asked` is what the phone would say next time."""

    lines: list[dict[str, Any]]

    @property
    def version(self) -> str:
        return str(self.lines[0]["version"])

    @property
    def pages(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(one["u"], one.get("d", "")): one for one in self.lines if "h" in one}

    @property
    def items(self) -> dict[str, Any]:
        """What has no page: rows, None for one that is gone."""
        return {one["u"]: one["r"] for one in self.lines if "u" in one and "h" not in one}

    @property
    def urls(self) -> set[str]:
        return {url for url, _day in self.pages}

    @property
    def hashes(self) -> dict[tuple[str, str], str]:
        return {key: one["h"] for key, one in self.pages.items()}

    @property
    def end(self) -> dict[str, Any]:
        return self.lines[-1]


def asked(browser: TestClient, has: str = "", cursor: str = "") -> Pack | None:
    """None: nothing is lacking."""
    answer = browser.get("/pack", params={"has": has, "cursor": cursor})
    if answer.status_code == 304:
        assert answer.content == b""
        return None
    assert answer.status_code == 200
    pack = Pack([json.loads(line) for line in answer.text.splitlines()])
    assert pack.end["end"] is True
    return pack


def whole(browser: TestClient) -> Pack:
    pack = asked(browser)
    assert pack
    return pack
