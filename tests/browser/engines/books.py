"""What was said to be saved against what the server has: the only judge of a run."""

import json
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from tests.browser.engines.plan import APPLIED, BLOCKED, REJECTED, Wish
from tests.browser.server import Server

LEDGER = """
  SELECT device_id, seq, command_id, sha, status, broken_chain, body
  FROM received ORDER BY device_id, seq
"""
# Where each command leaves its mark; an applied one leaves it once.
MARKS = {
    "visits.check_in.v1": "SELECT id, reason FROM visit",
    "visits.write_note.v1": "SELECT id, text FROM note",
    "orders.place.v1": "SELECT id, remark FROM sales_order",
    "followups.make_promise.v1": "SELECT id, what FROM promise",
    "visits.check_out.v1": "SELECT id, next_step FROM visit",
}
STATES = {REJECTED: {"needs_you", "withdrawn"}, BLOCKED: {"received"}}


@dataclass(frozen=True)
class Line:
    """One row of the ledger; `prev` is what the envelope says was before it."""

    device: str
    seq: int
    id: str
    sha: str
    status: str
    broken: bool
    body: str

    @property
    def envelope(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Verdict:
    """Each list names commands, with what is wrong with them; all empty is as it must be."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    broken_chains: list[str] = field(default_factory=list)
    stalled: list[str] = field(default_factory=list)
    misjudged: list[str] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    def faults(self) -> dict[str, list[str]]:
        return {name: found for name, found in vars(self).items() if found}


def ledger(server: Server) -> list[Line]:
    rows = server.rows(LEDGER)
    return [
        Line(
            device,
            seq,
            str(UUID(id)),
            sha,
            status.lower(),
            bool(broken),
            zlib.decompress(body).decode(),
        )
        for device, seq, id, sha, status, broken, body in rows
    ]


def examined(
    server: Server, planned: list[Wish], said: list[str], left: list[dict[str, Any]]
) -> Verdict:
    """`planned` is what the page was asked to submit, `left` what the phone still holds."""
    lines, wishes = ledger(server), {wish.id: wish for wish in planned}
    verdict = Verdict()
    there = {line.id for line in lines} | {one["id"] for one in left}
    verdict.lost = [one for one in said if one not in there]
    verdict.twice = [*doubled(server, planned), *strangers(lines, wishes)]
    verdict.disordered = [*gaps(lines), *overtaken(lines, wishes)]
    verdict.broken_chains = [*broken_chains(lines)]
    verdict.misjudged = [*misjudged(lines, wishes)]
    verdict.left_behind = [*left_behind(left, wishes)]
    verdict.untold = [*untold(left, planned)]
    return verdict


def doubled(server: Server, planned: list[Wish]) -> list[str]:
    """Done more than once, or not at all though the ledger says so; by the mark in the rows."""
    status = {line.id: line.status for line in ledger(server)}
    found = []
    for name, statement in MARKS.items():
        marks = Counter(mark_in(text) for _id, text in server.rows(statement))
        for wish in (one for one in planned if one.name == name):
            wanted = int(status.get(wish.id) == APPLIED)
            if marks[wish.mark] != wanted:
                found.append(f"{wish.id} {name}: {marks[wish.mark]} rows instead of {wanted}")
    return found


def mark_in(text: str) -> str:
    return text.partition(" ")[0]


def strangers(lines: list[Line], wishes: dict[str, Wish]) -> list[str]:
    """Ids that nobody asked for: a command that was given another id was written twice."""
    return [f"{line.id} was never asked for" for line in lines if line.id not in wishes]


def gaps(lines: list[Line]) -> list[str]:
    found, last = [], defaultdict[str, int](int)
    for line in lines:
        if line.seq != last[line.device] + 1:
            found.append(f"{line.id}: {line.seq} follows {last[line.device]}")
        last[line.device] = line.seq
    return found


def overtaken(lines: list[Line], wishes: dict[str, Wish]) -> list[str]:
    """Taken in before something that was written earlier on the same phone."""
    found, last = [], defaultdict[str, int](lambda: -1)
    for line in lines:
        number = wishes[line.id].number if line.id in wishes else last[line.device]
        if number < last[line.device]:
            found.append(f"{line.id}: command {number} after command {last[line.device]}")
        last[line.device] = number
    return found


def broken_chains(lines: list[Line]) -> list[str]:
    found, last = [], defaultdict[str, str](str)
    for line in lines:
        if line.broken or line.envelope["prev"] != last[line.device]:
            found.append(f"{line.id} does not follow what was before it")
        if sha256(line.body.encode()).hexdigest() != line.sha:
            found.append(f"{line.id} is not what was hashed")
        last[line.device] = line.sha
    return found


def misjudged(lines: list[Line], wishes: dict[str, Wish]) -> list[str]:
    return [
        f"{line.id} {wishes[line.id].name}: {line.status} instead of {wishes[line.id].expected}"
        for line in lines
        if line.id in wishes and line.status != wishes[line.id].expected
    ]


def left_behind(left: list[dict[str, Any]], wishes: dict[str, Wish]) -> list[str]:
    """In the outbox at the end though nobody refused it on purpose."""
    return [
        f"{entry['id']} is still {entry['state']}: {entry.get('result')}"
        for entry in left
        if entry["id"] not in wishes
        or entry["state"] not in STATES.get(wishes[entry["id"]].expected, set())
    ]


def untold(left: list[dict[str, Any]], planned: list[Wish]) -> list[str]:
    """Refused on purpose, and the phone does not show it to whoever wrote it."""
    shown = {entry["id"] for entry in left}
    refused = (wish for wish in planned if wish.expected in STATES)
    return [f"{wish.id} was {wish.expected}" for wish in refused if wish.id not in shown]
