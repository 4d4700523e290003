"""Entries are done under one savepoint; when one fails, by halves, until it is alone."""

import logging
import zlib
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.core.commands import Command, clean, execute_all, understood
from app.core.errors import Refused
from app.core.forms import Form
from app.core.i18n import mark as _
from app.sync.envelopes import Entry, Envelope, authored_at, contents
from app.sync.rules import CLOCK_AHEAD, FURTHEST, TRIES, UNDONE, Status
from app.sync.turns import Fresh, Last, Result, Row, Turn, say

log = logging.getLogger(__name__)
SHUT_OUT = _("This phone or account is shut out. The office looks at what it sent.")
WRITTEN_SINCE = _("This was written after the phone was shut out. The office looks at it.")


class Run:
    """Entries that follow each other, as they are if all that they ask for can be done."""

    def __init__(self, turn: Turn) -> None:
        self.turn, self.last = turn, turn.last
        self.rows: dict[UUID, Fresh] = {}
        self.commands: list[Command] = []
        self.replaced: dict[UUID, UUID] = {}
        self.told: list[tuple[Entry, Status | None]] = []  # None: as its row says

    def known(self, command_id: UUID | None) -> Row | None:
        if command_id is None:
            return None
        return self.rows.get(command_id) or self.turn.known.get(command_id)


def take(turn: Turn, entries: list[Entry]) -> None:
    """The same as one after the other, each under a savepoint of its own."""
    run = planned(turn, entries)
    wrong = failure(turn, run.commands)
    if wrong and len(run.told) > 1:
        half = len(run.told) // 2
        take(turn, entries[:half])
        take(turn, entries[half : len(run.told)])
        return
    if wrong:
        run.replaced.clear()
        (row,) = run.rows.values()
        fail(row, wrong)
    end(run)


def planned(turn: Turn, entries: list[Entry]) -> Run:
    run = Run(turn)
    for entry in entries:
        run.told.append((entry, placed(run, entry)))
        if run.told[-1][1] is Status.GAP:
            break
    return run


def placed(run: Run, entry: Entry) -> Status | None:
    """The answer to what uses up no number; None for what gets a row."""
    envelope, turn = entry.envelope, run.turn
    before = run.known(envelope.id)
    # An author's phone takes the place of an unproven file.
    if before and not (before.unproven and turn.proven):
        same = before.sha == entry.sha or says_the_same(before, envelope)
        return Status.DUP if same and before.person_id == turn.person.id else Status.MISMATCH
    if envelope.seq != run.last.seq + 1 and not turn.hands:
        return Status.GAP
    row = written_down(run, entry)
    run.last = Last(row.seq, entry.sha, clean(envelope.app.build)[:64] or run.last.build)
    if not entry.sound:
        say(row, Status.REVIEW, _("This could not be read. The office looks at it."))
    elif not turn.proven:
        say(row, Status.REVIEW, _("Nothing shows which phone wrote this. The office looks at it."))
    elif command := wanted(run, row, envelope):
        run.commands.append(command)
        succeed(run, row, envelope)
    run.rows[envelope.id] = row
    return None


def says_the_same(row: Row, envelope: Envelope) -> bool:
    try:
        return contents(opened(row)) == contents(envelope)
    except ValidationError:
        return False  # what could not be read then is nothing that came again


def opened(row: Row) -> Envelope:
    return Envelope.model_validate_json(zlib.decompress(row.body))


def written_down(run: Run, entry: Entry) -> Fresh:
    """The entry as it came, with what its chain and its clock tell."""
    turn, envelope = run.turn, entry.envelope
    at, seq = authored_at(envelope, turn.now), number(run.last, envelope)
    ahead = at - turn.now
    chained = envelope.prev == run.last.sha and seq == run.last.seq + 1
    return Fresh(
        command_id=envelope.id,
        device_id=turn.device.id,
        person_id=turn.person.id,
        seq=seq,
        name=clean(envelope.name)[:100],
        sha=entry.sha,
        prev="" if chained else clean(envelope.prev)[:64],
        body=zlib.compress(entry.body.encode()),
        status=Status.DEFERRED,
        broken_chain=not chained,
        clock_ahead_s=int(ahead.total_seconds()) if ahead > CLOCK_AHEAD else 0,
        carried_by=turn.hands.carrier_id if turn.hands else None,
        unproven=not turn.proven,
        authored_at=at,
        received_at=turn.now,
        changed_at=turn.now,
    )


def number(last: Last, envelope: Envelope) -> int:
    """Its own, where that goes on from the last; else the next. Only a file may leave some out."""
    ahead = envelope.seq - last.seq
    return envelope.seq if 0 < ahead <= FURTHEST else last.seq + 1


def wanted(run: Run, row: Row, envelope: Envelope) -> Command | None:
    """The command to be done; None when the row's status and detail say why there is none."""
    revoked_at = run.turn.device.revoked_at
    if revoked_at or not run.turn.person.active:
        later = revoked_at is not None and row.authored_at > revoked_at
        say(row, Status.REVIEW, WRITTEN_SINCE if later else SHUT_OUT)
        return None
    row.blocked_by = next((dep for dep in envelope.deps if undone(run, dep)), None)
    if row.blocked_by:
        say(row, Status.BLOCKED, _("This waits for something before it that was not taken."))
        return None
    return readable(run, row, envelope)


def readable(run: Run, row: Row, envelope: Envelope) -> Command | None:
    kind, pairs = understood(envelope.name, successors(run, envelope))
    if kind is None:
        say(row, Status.DEFERRED, _("This server is older than the app. It will be done later."))
        return None
    form = Form.read(kind, [*pairs, ("id", str(row.command_id)), ("at", str(row.authored_at))])
    if form.command is None:
        row.status, row.detail = Status.REJECTED, {"errors": form.errors}
    return form.command


def undone(run: Run, dep: UUID) -> bool:
    """Whether what was asked before is refused or waits, and nothing has taken its place."""
    row = run.known(dep)
    return row is not None and row.status in UNDONE and successor(run, dep) is None


def successor(run: Run, dep: UUID) -> UUID | None:
    row = run.known(dep)
    return run.replaced.get(dep) or (row.superseded_by if row else None)


def successors(run: Run, envelope: Envelope) -> list[tuple[str, str]]:
    """The fields, with the ids of mended commands in place of those that were refused."""
    replaced = {str(dep): str(by) for dep in envelope.deps if (by := successor(run, dep))}
    return [(name, replaced.get(value, value)) for name, value in envelope.fields]


def succeed(run: Run, row: Row, envelope: Envelope) -> None:
    row.status, row.detail, row.blocked_by = Status.APPLIED, None, None
    old = run.known(envelope.supersedes)
    if old and old.person_id == run.turn.person.id and old.status is not Status.APPLIED:
        run.replaced[old.command_id] = row.command_id


def failure(turn: Turn, commands: list[Command]) -> Exception | None:
    """What stood against doing all of these; then none of them is done."""
    if not commands:
        return None
    before = set(turn.db.identity_map.keys())
    try:
        with turn.db.begin_nested():
            execute_all(turn.db, turn.person, commands)
    except OperationalError:
        raise  # the database's trouble, not the command's: the whole batch comes again
    except Exception as wrong:  # noqa: BLE001 - told by `fail` once it is alone
        forget_but(turn.db, before)
        return wrong
    return None


def forget_but(db: Session, before: set[Any]) -> None:
    """What was written, then read, is no longer there; the session does not see that by itself."""
    for key in set(db.identity_map.keys()) - before:
        if (row := db.identity_map.get(key)) is not None:
            db.expunge(row)


def fail(row: Row, wrong: Exception) -> None:
    if isinstance(wrong, Refused):
        say(row, Status.REJECTED, wrong.message, **wrong.params)
        return
    log.error("%s %s crashed", row.name, row.command_id, exc_info=wrong)
    # Three tries, then the office looks: a command that crashes must not be tried for ever.
    row.tries += 1
    if row.tries >= TRIES:
        say(row, Status.REVIEW, _("This could not be done. The office looks at it."))
    else:
        say(row, Status.DEFERRED, _("This could not be done yet. It will be tried again."))


def end(run: Run) -> None:
    """What was planned has come true."""
    turn = run.turn
    turn.instead |= turn.known.keys() & run.rows.keys()
    turn.known |= run.rows
    turn.fresh |= run.rows
    turn.last = run.last
    for old, by in run.replaced.items():
        turn.known[old].superseded_by, turn.known[old].changed_at = by, turn.now
    for entry, status in run.told:
        row = turn.known[entry.envelope.id] if status in {None, Status.DUP} else None
        said = status or turn.known[entry.envelope.id].status
        turn.results.append(Result(entry.envelope.id, entry.sha, said, row))


def take_again(turn: Turn, row: Row, envelope: Envelope) -> None:
    """Come back to what has waited here."""
    run = Run(turn)
    if command := wanted(run, row, envelope):
        if wrong := failure(turn, [command]):
            fail(row, wrong)
        else:
            succeed(run, row, envelope)
    end(run)
