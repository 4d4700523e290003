"""What waited on a phone, handed in as a file by a colleague or at the office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.queries import take_turn
from app.core import clock
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.sync.actions import named_in, take_in
from app.sync.envelopes import Batch, Damaged, Entry, authored_at, read_entry
from app.sync.models import Device
from app.sync.queries import device_to_write, received_before
from app.sync.rules import MAX_CARRIED, PROTO, Status
from app.sync.sealed import Opened, Unreadable, opened
from app.sync.turns import Hands, Result, Turn, why


@dataclass(frozen=True)
class Item:
    """One entry of a file: what it was, when it was written, and what became of it."""

    name: str
    at: datetime
    result: Result

    @property
    def status(self) -> str:
        """What became of it, were it now or before."""
        row = self.result.row
        return row.status if self.result.status is Status.DUP and row else self.result.status

    @property
    def reason(self) -> str:
        return str(why(self.result.row).get("reason", "")) if self.result.row else ""

    @property
    def taken(self) -> bool:
        return self.result.status is not Status.MISMATCH


@dataclass(frozen=True)
class HandedIn:
    """`damaged` entries could not be read; `drafts` were begun and never sent."""

    author: Person
    proven: bool
    items: list[Item]
    damaged: int
    drafts: list[dict[str, object]]

    @property
    def count(self) -> int:
        return len(self.items) + self.damaged

    @property
    def taken(self) -> int:
        return sum(item.taken for item in self.items)

    def facts(self) -> dict[str, object]:
        items = [
            {"id": str(item.result.id), "name": item.name, "at": item.at.isoformat()}
            | {"status": item.status, "reason": item.reason}
            for item in self.items
        ]
        sums = {"count": self.count, "taken": self.taken, "damaged": self.damaged}
        known = {"person": self.author.username, "proven": self.proven, "drafts": self.drafts}
        return known | sums | {"items": items}

    def lines(self) -> Iterator[str]:
        """For the console: a line an entry, and the sum."""
        for item in self.items:
            yield "  ".join(
                filter(None, (item.at.isoformat(), item.name, item.status, item.reason))
            )
        if self.damaged:
            yield gettext(_("%(count)s could not be read."), count=self.damaged)
        yield gettext(_("%(taken)s of %(count)s received"), taken=self.taken, count=self.count)


def hand_in(db: Session, file: bytes, carrier: Person | None) -> HandedIn:
    """As if its author's phone had sent it. Raises Unreadable before anything is done."""
    what = opened(db, file)
    author = db.get(Person, what.person_id)
    if author is None:
        raise Unreadable(_("This file was made for another company's Roadbook."))
    known = device_to_write(db, what.device_id)
    if known and known.person_id != author.id:
        raise Unreadable(
            _("This file is damaged or was changed. Nothing was taken in; export it once more.")
        )
    proven = known is not None and what.proven_by(known.secret)
    if not proven:
        take_turn(db, author)
    hands = Hands(carrier.id if carrier else None, proven)
    entries, damaged = read_entries(what, author)
    device = known if known and proven else nobodys(author, carrier)
    before = received_before(db, named_in(entries))
    turn = Turn(db, author, device, clock.now(), before, hands)
    if not proven and any(entry.envelope.id not in before for entry in entries):
        db.add(device)
        db.flush()
    take_in(turn, entries)
    items = list(told_apart(turn, entries))
    return HandedIn(author, proven, items, damaged, what.contents.drafts)


def nobodys(author: Person, carrier: Person | None) -> Device:
    """What no phone proves gets numbers of its own: it must not use up those of a real one."""
    now = clock.now()
    by = carrier.username if carrier else "roadbook"
    return Device(
        id=uuid4(), person_id=author.id, browser=f"a file from {by}", first_seen=now, last_seen=now
    )


def read_entries(what: Opened, author: Person) -> tuple[list[Entry], int]:
    """Those that are whole, by their numbers, and how many are not."""
    if len(what.contents.entries) > MAX_CARRIED:
        raise Unreadable(_("This is too large to take in."))
    batch = Batch(proto=PROTO, nonce="file", device=what.device_id, entries=[])
    entries: list[Entry] = []
    for sha, body in what.contents.entries:
        try:
            entries.append(read_entry(batch, sha, body))
        except Damaged:
            continue
    if any(entry.envelope.authored.person_id != author.id for entry in entries):
        raise Unreadable(_("This file holds what several people wrote. Nothing was taken in."))
    entries.sort(key=lambda entry: entry.envelope.seq)
    return entries, len(what.contents.entries) - len(entries)


def told_apart(turn: Turn, entries: list[Entry]) -> Iterator[Item]:
    """Every entry with its last word: one that waited may have been done after it."""
    last = {result.id: result for result in turn.updates}
    for entry, result in zip(entries, turn.results, strict=True):
        envelope = entry.envelope
        at = authored_at(envelope, turn.now)
        yield Item(envelope.name, at, last.get(envelope.id, result))
