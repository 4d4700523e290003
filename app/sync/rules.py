"""What became of a command that a phone sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

PROTO = 1
MEDIA_TYPE = "application/vnd.roadbook.sync+json"
FILE_TYPE = "application/vnd.roadbook.outbox+json"
FILE_VERSION = 1
MAX_ENTRIES = 500
MAX_HELD = 200  # commands whose last word a phone asks for
MAX_BODY = 2 * 1024 * 1024  # bytes, as sent and as unpacked
MAX_WAITING = 64  # batches at the door of one process; more are asked to come back
RETRY_AFTER_S = (1, 5)
TRIES = 3  # of a command that crashes, before the office looks
SECRET_BYTES = 32
FURTHEST = 10_000  # numbers that a file may leave out
MAX_CARRIED = 5_000  # entries of a file
MAX_FILE = 10 * 1024 * 1024  # bytes of a file that is handed in
CLOCK_AHEAD = timedelta(minutes=10)


class Status(StrEnum):
    APPLIED = "applied"
    DUP = "dup"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    REVIEW = "review"
    DEFERRED = "deferred"
    BLOCKED = "blocked"
    MISMATCH = "mismatch"
    GAP = "gap"


UNDONE = {Status.REJECTED, Status.CONFLICT, Status.REVIEW, Status.DEFERRED, Status.BLOCKED}
"""Whatever depends on a command with one of these has to wait for it."""


def digest_of(pairs: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of ids and hashes, in order, a line each: equal where the same was received."""
    lines = sorted(f"{id} {sha}" for id, sha in pairs)
    return sha256("\n".join(lines).encode()).hexdigest()


WAITING = {Status.DEFERRED, Status.BLOCKED}
"""The server itself comes back to these."""


@dataclass(frozen=True)
class Farewell:
    """What a phone that was shut out is told: when, and when it is wiped at the latest.

    `own`: by its own person, not by the office.
    """

    since: datetime
    due: datetime
    own: bool
    wipe: bool


def farewell(since: datetime, now: datetime, *, own: bool, left: int, grace: timedelta) -> Farewell:
    """Wiped once it has handed everything over; after `grace` whatever is `left` on it."""
    due = since + grace
    return Farewell(since, due, own, wipe=left == 0 or now >= due)
