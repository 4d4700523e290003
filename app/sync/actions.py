"""The outbox's door: every entry is taken in once, in order, and answered for by name and hash."""

from collections.abc import Iterator
from secrets import token_bytes
from uuid import UUID

from sqlmodel import Session

from app.accounts.actions import shut_sessions
from app.accounts.models import Person
from app.core import clock
from app.core.commands import clean
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.sync.envelopes import Batch, Entry, Lost, read_entry
from app.sync.models import Device, Received
from app.sync.queries import locked_device, on_the_same_phone, received_before, still_waiting
from app.sync.rules import SECRET_BYTES, Status
from app.sync.runs import opened, take, take_again
from app.sync.turns import Result, Turn, write_down


class OtherPerson(Refused):
    status = 403


def receive(db: Session, person: Person, batch: Batch, *, browser: str, phone: str = "") -> Turn:
    """Take a batch in. Raises Damaged or OtherPerson before anything is done.

    `phone` is that of the session, "" where nothing tells it.
    """
    entries = [read_entry(batch, sha, body) for sha, body in batch.entries]
    if any(entry.envelope.authored.person_id != person.id for entry in entries):
        raise OtherPerson(_("This was written by somebody else. It waits for them to sign in."))
    device = locked_device(db, person, batch.device, browser)
    if device.person_id != person.id:
        raise OtherPerson(_("This was written by somebody else. It waits for them to sign in."))
    device.phone = phone or device.phone
    if not device.last_seq:
        be_shut_out_too(db, device)
    turn = Turn(db, person, device, clock.now(), received_before(db, named_in(entries)))
    take_in(turn, entries)
    device.last_seen, device.browser = turn.now, browser[:200]
    answered = sum(one.status is not Status.GAP for one in turn.results)
    device.waiting = max(0, batch.waiting - answered)
    if device.revoked_at:
        shut_sessions(db, person.id, device.phone, turn.now)
    if batch.secret is False:
        device.secret = device.secret or token_bytes(SECRET_BYTES)
    if batch.lost:
        note_lost(turn, batch.lost, browser)
    withdraw(turn, batch.withdrawn)
    held = received_before(db, batch.held)
    if any(row.status is Status.DEFERRED and not row.tries for row in held.values()):
        turn.updates += go_on(turn)
    turn.updates += last_words(turn, held)
    return turn


def be_shut_out_too(db: Session, device: Device) -> None:
    """A database that is born on a phone that was shut out has not escaped."""
    others = on_the_same_phone(db, device.person_id, device.phone)
    if shut := next((one for one in others if one.revoked_at), None):
        device.revoked_at, device.revoked_by = shut.revoked_at, shut.revoked_by


def take_in(turn: Turn, entries: list[Entry]) -> None:
    """In their order; what waited for one of them is done as well."""
    if entries:
        take(turn, entries)
        write_down(turn)
    if any(result.status is Status.APPLIED for result in turn.results):
        turn.updates += go_on(turn)


def note_lost(turn: Turn, lost: Lost, browser: str) -> None:
    """The phone's database is gone, and with it what was not sent: the office must know."""
    device = locked_device(turn.db, turn.person, lost.device, browser)
    if device.person_id == turn.person.id and device.lost_at is None:
        device.lost_at, device.lost_why = turn.now, clean(lost.why)[:20]
        device.lost_seq = lost.last_seq


def named_in(entries: list[Entry]) -> Iterator[UUID]:
    for entry in entries:
        yield entry.envelope.id
        yield from entry.envelope.deps
        if entry.envelope.supersedes:
            yield entry.envelope.supersedes


def go_on(turn: Turn) -> Iterator[Result]:
    """Come back to what waits here, in the order it was written."""
    turn.db.flush()
    waiting = [(row, opened(row)) for row in still_waiting(turn.db, turn.person)]
    deps = {dep for _row, envelope in waiting for dep in envelope.deps}
    turn.known |= received_before(turn.db, deps)
    turn.known |= {row.command_id: row for row, _envelope in waiting}
    for row, envelope in waiting:
        was = row.status
        take_again(turn, row, envelope)
        if row.status is not was:
            row.changed_at = turn.now
            yield Result(row.command_id, row.sha, row.status, row)


def withdraw(turn: Turn, ids: list[UUID]) -> None:
    """What its author took back is no longer open for the office."""
    for row in received_before(turn.db, ids).values():
        if row.person_id == turn.person.id and row.status is not Status.APPLIED:
            row.withdrawn_at = row.withdrawn_at or turn.now


def last_words(turn: Turn, held: dict[UUID, Received]) -> Iterator[Result]:
    """How things stand with what the phone still holds: an answer may have been lost before."""
    told = {result.id for result in (*turn.results, *turn.updates)}
    for row in held.values():
        if row.person_id == turn.person.id and row.command_id not in told:
            yield Result(row.command_id, row.sha, row.status, row)
