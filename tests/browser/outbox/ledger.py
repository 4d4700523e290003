"""The other end of docs/sync.md with nothing behind it: who sent what, and what was answered."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

WORDS = {"reject": "rejected", "conflict": "conflict", "ask": "review", "later": "deferred"}


@dataclass
class Taken:
    envelope: dict[str, Any]
    sha: str
    status: str


@dataclass
class Ledger:
    """`taken` is everything that used up a number, in the order in which it came."""

    taken: dict[str, Taken] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)  # by device
    chain: dict[str, str] = field(default_factory=dict)  # the last sha, by device
    broken: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)  # as phones told of it

    def receive(self, batch: dict[str, Any]) -> dict[str, Any]:
        device, results = batch["device"], []
        for sha, body in batch["entries"]:
            results.append(self.take(device, sha, body))
            if results[-1]["status"] == "gap":
                break
        self.withdrawn += batch["withdrawn"]
        self.lost += [batch["lost"]] if batch.get("lost") else []
        held = [(one, self.taken[one]) for one in batch["held"] if one in self.taken]
        told = [
            {
                "id": one,
                "sha": taken.sha,
                "status": taken.status,
                "reason": f"It is {taken.status}.",
            }
            for one, taken in held
        ]
        return {"results": results, "updates": told, "expected": self.last.get(device, 0) + 1}

    def take(self, device: str, sha: str, body: str) -> dict[str, Any]:
        envelope = json.loads(body)
        answer = {"id": envelope["id"], "sha": sha}
        if known := self.taken.get(envelope["id"]):
            if contents(known.envelope) != contents(envelope):
                return answer | {"status": "mismatch"}
            return answer | {"status": "dup", "was": known.status}
        if envelope["seq"] != self.last.get(device, 0) + 1:
            return answer | {"status": "gap"}
        if envelope["prev"] != self.chain.get(device, ""):
            self.broken.append(envelope["id"])
        self.last[device], self.chain[device] = envelope["seq"], sha
        status = self.judged(envelope)
        self.taken[envelope["id"]] = Taken(envelope, sha, status)
        return answer | {"status": status, "reason": f"It is {status}."}

    def judged(self, envelope: dict[str, Any]) -> str:
        """The command's text says what becomes of it."""
        parents = [self.taken[dep] for dep in envelope["deps"] if dep in self.taken]
        if any(parent.status != "applied" for parent in parents):
            return "blocked"
        return WORDS.get(said(envelope), "applied")

    def applied(self) -> list[str]:
        """The texts of what was done, in the order in which it was done."""
        done = (one for one in self.taken.values() if one.status == "applied")
        return [said(one.envelope) for one in done]


def intact(batch: dict[str, Any]) -> bool:
    return all(sha256(body.encode()).hexdigest() == sha for sha, body in batch["entries"])


def contents(envelope: dict[str, Any]) -> tuple[str, Any]:
    return envelope["name"], envelope["fields"]


def said(envelope: dict[str, Any]) -> str:
    return str(dict(envelope["fields"]).get("text", ""))
