"""One batch at the door: what is known, what is new, what is answered."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from app.accounts.models import Person
from app.core.i18n import gettext
from app.sync.models import Device, Received
from app.sync.rules import Status


@dataclass
class Fresh:
    """A row of Received that is written when the batch is through: its columns, by their names."""

    command_id: UUID
    device_id: UUID
    person_id: UUID
    seq: int
    name: str
    sha: str
    prev: str
    body: bytes
    status: Status
    broken_chain: bool
    clock_ahead_s: int
    carried_by: UUID | None
    unproven: bool
    authored_at: datetime
    received_at: datetime
    changed_at: datetime
    detail: dict[str, Any] | None = None
    blocked_by: UUID | None = None
    superseded_by: UUID | None = None
    tries: int = 0


Row = Received | Fresh


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one entry. `row` is None where its number was not used."""

    id: UUID
    sha: str
    status: Status
    row: Row | None = None


@dataclass(frozen=True)
class Hands:
    """Who hands a file in (None: the console), and whether its author's phone made it."""

    carrier_id: UUID | None
    proven: bool


class Last(NamedTuple):
    """Number and hash of the last entry that was taken in, and which build wrote it."""

    seq: int
    sha: str
    build: str


@dataclass
class Turn:
    """One batch at the door, with what was received before under the ids that it names.

    `hands` is None where the phone itself speaks. `fresh` is written when all is decided;
    `instead` are those of it that take the place of a row.
    """

    db: Session
    person: Person
    device: Device
    now: datetime
    before: InitVar[Mapping[UUID, Received]]
    hands: Hands | None = None
    results: list[Result] = field(default_factory=list)
    updates: list[Result] = field(default_factory=list)
    fresh: dict[UUID, Fresh] = field(default_factory=dict)
    instead: set[UUID] = field(default_factory=set)

    def __post_init__(self, before: Mapping[UUID, Received]) -> None:
        self.known: dict[UUID, Row] = dict(before)
        self.last = Last(self.device.last_seq, self.device.last_sha, self.device.build)

    @property
    def proven(self) -> bool:
        return self.hands is None or self.hands.proven


def write_down(turn: Turn) -> None:
    """All that is new at once, and how far the device has come."""
    for command_id in turn.instead:
        turn.db.merge(Received(**vars(turn.fresh.pop(command_id))))
    if turn.fresh:
        rows = [vars(row) for row in turn.fresh.values()]
        turn.db.connection().execute(insert(Received), rows)
    turn.device.last_seq, turn.device.last_sha, turn.device.build = turn.last


def say(row: Row, status: Status, message: str, **params: Any) -> None:
    """A status with its reason, kept as a message so that every reader has it in their language."""
    row.status = status
    row.detail = {
        "message": message,
        "params": {name: str(value) for name, value in params.items()},
    }


def why(row: Row) -> dict[str, Any]:
    """The reason of a status, in the reader's language."""
    detail = row.detail or {}
    if "message" in detail:
        return {"reason": gettext(detail["message"], **detail["params"])}
    if "errors" in detail:
        return {"errors": detail["errors"], "reason": " ".join(detail["errors"].values())}
    return {}
