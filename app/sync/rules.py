"""What became of a command that a phone sent."""

from datetime import timedelta
from enum import StrEnum

PROTO = 1
MEDIA_TYPE = "application/vnd.roadbook.sync+json"
MAX_ENTRIES = 500
MAX_HELD = 200  # commands whose last word a phone asks for
MAX_BODY = 2 * 1024 * 1024  # bytes, as sent and as unpacked
MAX_WAITING = 64  # batches at the door of one process; more are asked to come back
RETRY_AFTER_S = (1, 5)
TRIES = 3  # of a command that crashes, before the office looks
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

WAITING = {Status.DEFERRED, Status.BLOCKED}
"""The server itself comes back to these."""
