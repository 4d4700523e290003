from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import teams_below
from app.core import clock, upsert
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.sync.models import Device, Received
from app.sync.rules import WAITING, Status

Carrier = aliased(Person)


def locked_device(db: Session, person: Person, device_id: UUID, browser: str) -> Device:
    """The device, made at its first word; nobody else writes for it until this is committed."""
    now = clock.now()
    new = {
        "id": device_id,
        "person_id": person.id,
        "phone": "",
        "browser": browser[:200],
        "build": "",
        "last_seq": 0,
        "last_sha": "",
        "waiting": 0,
        "first_seen": now,
        "last_seen": now,
    }
    db.connection().execute(upsert.into(db, Device).values(new).on_conflict_do_nothing())
    return db.exec(select(Device).where(Device.id == device_id).with_for_update()).one()


def device_to_write(db: Session, device_id: UUID) -> Device | None:
    """The device if it is known; nobody else writes for it until this is committed."""
    return db.exec(select(Device).where(Device.id == device_id).with_for_update()).first()


def on_the_same_phone(db: Session, person_id: UUID, phone: str) -> Sequence[Device]:
    """All databases that this person has had there; none where nothing tells which phone it is."""
    same = select(Device).where(Device.person_id == person_id, Device.phone == phone)
    ordered = same.order_by(col(Device.id))
    return db.exec(ordered.with_for_update()).all() if phone else []


def latest_shut_out(db: Session, person: Person, phone: str) -> Device | None:
    """What was shut out of this person's there, "" being all that nothing tells apart."""
    mine = select(Device).where(Device.person_id == person.id, Device.phone == phone)
    shut = mine.where(col(Device.revoked_at).is_not(None))
    return db.exec(shut.order_by(col(Device.revoked_at).desc())).first()


def devices_seen_by(person: Person) -> ColumnElement[bool]:
    """Of rows with their Person: one's own, a team's for whoever leads it, all for who runs it."""
    if person.administers:
        return true()
    if person.leads:
        return (col(Person.id) == person.id) | col(Person.team_id).in_(teams_below(person.team_id))
    return col(Person.id) == person.id


def shut_out_by(person: Person) -> ColumnElement[bool]:
    """Of rows with their Person: whose phones this person may shut out and let in again."""
    return true() if person.administers else col(Person.id) == person.id


def device_to_shut(db: Session, person: Person, device_id: UUID) -> Device:
    """The phone, if this person may shut it out; nobody else writes for it meanwhile."""
    found = db.exec(
        select(Device)
        .join(Person, col(Person.id) == col(Device.person_id))
        .where(Device.id == device_id, shut_out_by(person))
        .with_for_update(of=Device)
    ).first()
    if found is None:
        raise NotFound(_("This phone is not among yours."))
    return found


def leaver(db: Session, device_id: UUID, secret: bytes) -> Person | None:
    """Whose phone proves itself: only one that is shut out, or of a closed account.

    The device itself is not loaded: whoever writes for it must see it as it is once it is locked.
    """
    found = db.exec(
        select(Device.secret, Device.revoked_at, Person)
        .join(Person, col(Person.id) == col(Device.person_id))
        .where(Device.id == device_id)
    ).first()
    if found is None or not secret:
        return None
    known, revoked_at, person = found
    proven = compare_digest(known or b"", secret)
    return person if proven and (revoked_at or not person.active) else None


def kept_back(db: Session, device: Device) -> Sequence[Received]:
    """What came from this phone and waits for the office."""
    return db.exec(
        select(Received).where(
            Received.device_id == device.id,
            Received.status == Status.REVIEW,
            col(Received.withdrawn_at).is_(None),
        )
    ).all()


def received_before(db: Session, ids: Iterable[UUID]) -> dict[UUID, Received]:
    wanted = set(ids)
    if not wanted:
        return {}
    rows = db.exec(select(Received).where(col(Received.command_id).in_(wanted)))
    return {row.command_id: row for row in rows}


def held(
    db: Session, person: Person, device_id: UUID, start: datetime, end: datetime
) -> list[tuple[str, str]]:
    """Id and hash of what this person wrote on this device from `start` until before `end`."""
    rows = db.exec(
        select(Received.command_id, Received.sha).where(
            Received.device_id == device_id,
            Received.person_id == person.id,
            Received.authored_at >= start,
            Received.authored_at < end,
        )
    )
    return [(str(id), sha) for id, sha in rows]


def still_waiting(db: Session, person: Person) -> Sequence[Received]:
    """What the server has yet to do for this person, in the order it was written."""
    return db.exec(
        select(Received)
        .where(
            Received.person_id == person.id,
            col(Received.status).in_(WAITING),
            col(Received.withdrawn_at).is_(None),
        )
        .order_by(col(Received.received_at), col(Received.seq))
        .limit(200)
    ).all()


def entries(db: Session, device_id: UUID | None = None) -> Iterator[dict[str, Any]]:
    """The ledger: everything received, by device and number, for people and for tests."""
    rows = (
        select(Received, Person.username, Carrier.username)
        .join(Device, col(Device.id) == col(Received.device_id))
        .join(Person, col(Person.id) == col(Received.person_id))
        .join(Carrier, col(Carrier.id) == col(Received.carried_by), isouter=True)
        .order_by(col(Device.first_seen), col(Received.device_id), col(Received.seq))
    )
    for row, username, carrier in db.exec(
        rows.where(Received.device_id == device_id) if device_id else rows
    ):
        yield {
            "device": str(row.device_id),
            "seq": row.seq,
            "id": str(row.command_id),
            "name": row.name,
            "sha": row.sha,
            "status": str(row.status),
            "person": username,
            "authored": row.authored_at.isoformat(),
            "received": row.received_at.isoformat(),
            "carried_by": carrier or "",
        }


def lost_devices(db: Session, device_id: UUID | None = None) -> Iterator[dict[str, Any]]:
    """Phones that found their database gone, and how many numbers never reached us."""
    rows = (
        select(Device, Person.username)
        .join(Person, col(Person.id) == col(Device.person_id))
        .where(col(Device.lost_at).is_not(None))
        .order_by(col(Device.lost_at))
    )
    for row, username in db.exec(rows.where(Device.id == device_id) if device_id else rows):
        yield {
            "device": str(row.id),
            "lost": row.lost_at.isoformat() if row.lost_at else "",
            "why": row.lost_why or "",
            "person": username,
            "missing": max((row.lost_seq or 0) - row.last_seq, 0),
        }
