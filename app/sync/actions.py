"""The outbox's door: every entry is taken in once, in order, and answered for by name and hash."""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock
from app.core.commands import clean, execute, understood
from app.core.errors import Refused
from app.core.forms import Form
from app.core.i18n import mark as _
from app.sync.envelopes import Batch, Entry, Envelope, authored_at, contents, read_entry
from app.sync.models import Device, Received
from app.sync.queries import locked_device, received_before, still_waiting
from app.sync.rules import CLOCK_AHEAD, TRIES, UNDONE, Status

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What became of one entry. `row` is None where its number was not used."""

    id: UUID
    sha: str
    status: Status
    row: Received | None = None


@dataclass
class Turn:
    """One batch at the door, with what was received before under the ids that it names."""

    db: Session
    person: Person
    device: Device
    now: datetime
    known: dict[UUID, Received]
    results: list[Result] = field(default_factory=list)
    updates: list[Result] = field(default_factory=list)


class OtherPerson(Refused):
    status = 403


def receive(db: Session, person: Person, batch: Batch, *, browser: str) -> Turn:
    """Take a batch in. Raises Damaged or OtherPerson before anything is done."""
    entries = [read_entry(batch, sha, body) for sha, body in batch.entries]
    if any(entry.envelope.authored.person_id != person.id for entry in entries):
        raise OtherPerson(_("This was written by somebody else. It waits for them to sign in."))
    device = locked_device(db, person, batch.device, browser)
    if device.person_id != person.id:
        raise OtherPerson(_("This was written by somebody else. It waits for them to sign in."))
    turn = Turn(db, person, device, clock.now(), received_before(db, named_in(entries)))
    for entry in entries:
        turn.results.append(take(turn, entry))
        if turn.results[-1].status is Status.GAP:
            break
    device.waiting, device.last_seen = batch.waiting, turn.now
    if any(result.status is Status.APPLIED for result in turn.results):
        turn.updates += go_on(turn)
    withdraw(turn, batch.withdrawn)
    turn.updates += last_words(turn, batch.held)
    return turn


def named_in(entries: list[Entry]) -> Iterator[UUID]:
    for entry in entries:
        yield entry.envelope.id
        yield from entry.envelope.deps
        if entry.envelope.supersedes:
            yield entry.envelope.supersedes


def take(turn: Turn, entry: Entry) -> Result:
    envelope, device = entry.envelope, turn.device
    if before := turn.known.get(envelope.id):
        same = before.sha == entry.sha or says_the_same(before, envelope)
        if same and before.person_id == turn.person.id:
            return Result(envelope.id, entry.sha, Status.DUP, before)
        return Result(envelope.id, entry.sha, Status.MISMATCH)
    if envelope.seq != device.last_seq + 1:
        return Result(envelope.id, entry.sha, Status.GAP)
    row = written_down(turn, entry)
    if entry.sound:
        decide(turn, row, envelope)
    else:
        say(row, Status.REVIEW, _("This could not be read. The office looks at it."))
    device.last_seq, device.last_sha = envelope.seq, entry.sha
    device.build = clean(envelope.app.build)[:64] or device.build
    turn.db.add(row)
    turn.known[envelope.id] = row
    return Result(envelope.id, entry.sha, row.status, row)


def written_down(turn: Turn, entry: Entry) -> Received:
    """The entry as it came, with what its chain and its clock tell."""
    envelope, at = entry.envelope, authored_at(entry.envelope, turn.now)
    ahead = at - turn.now
    chained = envelope.prev == turn.device.last_sha
    return Received(
        command_id=envelope.id,
        device_id=turn.device.id,
        person_id=turn.person.id,
        seq=envelope.seq,
        name=clean(envelope.name)[:100],
        sha=entry.sha,
        prev="" if chained else clean(envelope.prev)[:64],
        body=zlib.compress(entry.body.encode()),
        status=Status.DEFERRED,
        broken_chain=not chained,
        clock_ahead_s=int(ahead.total_seconds()) if ahead > CLOCK_AHEAD else 0,
        authored_at=at,
        received_at=turn.now,
        changed_at=turn.now,
    )


def decide(turn: Turn, row: Received, envelope: Envelope) -> None:
    """Do what is asked, or say why not; the row's status and detail tell."""
    if turn.device.revoked_at or not turn.person.active:
        shut = _("This phone or account is shut out. The office looks at what it sent.")
        say(row, Status.REVIEW, shut)
        return
    row.blocked_by = next((dep for dep in envelope.deps if undone(turn, dep)), None)
    if row.blocked_by:
        say(row, Status.BLOCKED, _("This waits for something before it that was not taken."))
        return
    attempt(turn, row, envelope)


def undone(turn: Turn, dep: UUID) -> bool:
    """Whether what was asked before is refused or waits, and nothing has taken its place."""
    row = turn.known.get(dep)
    return row is not None and row.status in UNDONE and row.superseded_by is None


def attempt(turn: Turn, row: Received, envelope: Envelope) -> None:
    kind, pairs = understood(envelope.name, successors(turn, envelope))
    if kind is None:
        say(row, Status.DEFERRED, _("This server is older than the app. It will be done later."))
        return
    form = Form.read(kind, [*pairs, ("id", str(row.command_id)), ("at", str(row.authored_at))])
    if form.command is None:
        row.status, row.detail = Status.REJECTED, {"errors": form.errors}
        return
    try:
        with turn.db.begin_nested():
            execute(turn.db, turn.person, form.command)
    except Refused as no:
        say(row, Status.REJECTED, no.message, **no.params)
    except OperationalError:
        raise  # the database's trouble, not the command's: the whole batch comes again
    except Exception:
        log.exception("%s %s crashed", row.name, row.command_id)
        crashed(row)
    else:
        row.status, row.detail, row.blocked_by = Status.APPLIED, None, None
        superseded(turn, row, envelope)


def successors(turn: Turn, envelope: Envelope) -> list[tuple[str, str]]:
    """The fields, with the ids of mended commands in place of those that were refused."""
    replaced = {
        str(dep): str(row.superseded_by)
        for dep in envelope.deps
        if (row := turn.known.get(dep)) and row.superseded_by
    }
    return [(name, replaced.get(value, value)) for name, value in envelope.fields]


def superseded(turn: Turn, row: Received, envelope: Envelope) -> None:
    old = turn.known.get(envelope.supersedes) if envelope.supersedes else None
    if old and old.person_id == turn.person.id and old.status is not Status.APPLIED:
        old.superseded_by, old.changed_at = row.command_id, turn.now


def crashed(row: Received) -> None:
    """Three tries, then the office looks: a command that crashes must not be tried for ever."""
    row.tries += 1
    if row.tries >= TRIES:
        say(row, Status.REVIEW, _("This could not be done. The office looks at it."))
    else:
        say(row, Status.DEFERRED, _("This could not be done yet. It will be tried again."))


def says_the_same(row: Received, envelope: Envelope) -> bool:
    try:
        return contents(opened(row)) == contents(envelope)
    except ValidationError:
        return False  # what could not be read then is nothing that came again


def opened(row: Received) -> Envelope:
    return Envelope.model_validate_json(zlib.decompress(row.body))


def go_on(turn: Turn) -> Iterator[Result]:
    """Come back to what waits here, in the order it was written."""
    turn.db.flush()
    for row in still_waiting(turn.db, turn.person):
        envelope = opened(row)
        turn.known |= received_before(turn.db, envelope.deps)
        turn.known[row.command_id] = row
        was = row.status
        decide(turn, row, envelope)
        if row.status is not was:
            row.changed_at = turn.now
            yield Result(row.command_id, row.sha, row.status, row)


def withdraw(turn: Turn, ids: list[UUID]) -> None:
    """What its author took back is no longer open for the office."""
    for row in received_before(turn.db, ids).values():
        if row.person_id == turn.person.id and row.status is not Status.APPLIED:
            row.withdrawn_at = row.withdrawn_at or turn.now


def last_words(turn: Turn, held: list[UUID]) -> Iterator[Result]:
    """How things stand with what the phone still holds: an answer may have been lost before."""
    told = {result.id for result in (*turn.results, *turn.updates)}
    for row in received_before(turn.db, held).values():
        if row.person_id == turn.person.id and row.command_id not in told:
            yield Result(row.command_id, row.sha, row.status, row)


def say(row: Received, status: Status, message: str, **params: Any) -> None:
    """A status with its reason, kept as a message so that every reader has it in their language."""
    row.status = status
    row.detail = {
        "message": message,
        "params": {name: str(value) for name, value in params.items()},
    }
