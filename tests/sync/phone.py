"""A phone for tests: numbers, chains and hashes what it writes as docs/sync.md says."""

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from app.sync.rules import MEDIA_TYPE

Entry = tuple[str, str]
Pairs = list[tuple[str, str]]


@dataclass
class Phone:
    """One person's app on one phone."""

    person_id: UUID
    browser: TestClient
    device: UUID = field(default_factory=uuid4)
    seq: int = 0
    sha: str = ""

    def write(self, name: str, fields: Pairs, **more: Any) -> Entry:
        """An entry as it waits in the outbox; the next one follows it."""
        self.seq += 1
        entry = self.envelope(self.seq, self.sha, name, fields, **more)
        self.sha = entry[0]
        return entry

    def envelope(self, seq: int, prev: str, name: str, fields: Pairs, **more: Any) -> Entry:
        body = json.dumps(
            {
                "id": str(more.get("id") or uuid4()),
                "device_id": str(self.device),
                "seq": seq,
                "name": name,
                "fields": fields,
                "deps": [str(dep) for dep in more.get("deps", [])],
                "supersedes": str(more["supersedes"]) if "supersedes" in more else None,
                "authored": {
                    "person_id": str(more.get("person_id", self.person_id)),
                    "at": more.get("at", datetime.now(UTC).isoformat()),
                    "tz": "Asia/Shanghai",
                },
                "app": {"build": "test", "form": ""},
                "prev": prev,
            }
        )
        return sha256(body.encode()).hexdigest(), body

    def send(self, *entries: Entry, packed: bool = False, **more: Any) -> Any:
        """The raw answer of the door."""
        batch = {
            "proto": 1,
            "nonce": uuid4().hex,
            "device": str(self.device),
            "entries": entries,
            "waiting": len(entries),
        }
        raw = json.dumps(batch | more).encode()
        headers = {"content-type": MEDIA_TYPE}
        if packed:
            raw, headers["content-encoding"] = gzip.compress(raw), "gzip"
        return self.browser.post("/sync/commands", content=raw, headers=headers)

    def results(self, *entries: Entry) -> list[dict[str, Any]]:
        answer = self.send(*entries)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    def statuses(self, *entries: Entry) -> list[str]:
        return [result["status"] for result in self.results(*entries)]


def id_of(entry: Entry) -> UUID:
    return UUID(json.loads(entry[1])["id"])
