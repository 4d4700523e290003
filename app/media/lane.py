"""Where photos come in, beside the outbox: what is half here, and how many are unpacked at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from app.media.refusals import Ahead, Away, Busy, TooLarge
from app.media.rules import AT_ONCE, MAX_BEGUN, MAX_BYTES, MAX_WAITING, beyond
from app.media.store import Store


class Lane:
    """`begun` is the folder of what is not whole yet, a file for each person and picture."""

    def __init__(self, store: Store, begun: Path, *, place_kept: bool = False) -> None:
        self.store, self.begun, self.place_kept = store, begun, place_kept
        self._places, self._waiting = asyncio.Semaphore(AT_ONCE), 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Waited for without a thread, so that photos never hold up orders. Raises Busy."""
        if self._waiting >= MAX_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._places:
                yield
        finally:
            self._waiting -= 1

    def part(self, person_id: UUID, sha256: str) -> Path:
        """Nobody writes into what another sends: a wrong byte would cost them the whole."""
        return self.begun / str(person_id) / sha256


def here(part: Path) -> int:
    """How many bytes have arrived."""
    try:
        return part.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def add(part: Path, offset: int, chunk: bytes) -> int:
    """Put a chunk where it belongs; how many bytes are here then. Raises Ahead or TooLarge.

    Two phones may do so at once: what is written in one place is the same bytes.
    """
    known = here(part)
    if offset > known:
        raise Ahead(known)
    if offset + len(chunk) > MAX_BYTES:
        part.unlink(missing_ok=True)
        raise TooLarge(MAX_BYTES)
    new = beyond(known, offset, chunk)
    if not new:
        return known
    try:
        make_room(part)
        with part.open("r+b") as file:
            file.seek(known)
            file.write(new)
    except OSError as wrong:
        raise Away from wrong
    return known + len(new)


def make_room(part: Path) -> None:
    if part.exists():
        return
    part.parent.mkdir(parents=True, exist_ok=True)
    begun = sorted(part.parent.iterdir(), key=lambda one: one.stat().st_mtime)
    for old in begun[: max(len(begun) - MAX_BEGUN + 1, 0)]:
        old.unlink(missing_ok=True)
    part.touch()
