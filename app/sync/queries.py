from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock, upsert
from app.sync.models import Device, Received
from app.sync.rules import WAITING


def locked_device(db: Session, person: Person, device_id: UUID, browser: str) -> Device:
    """The device, made at its first word; nobody else writes for it until this is committed."""
    now = clock.now()
    new = {
        "id": device_id,
        "person_id": person.id,
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


def received_before(db: Session, ids: Iterable[UUID]) -> dict[UUID, Received]:
    rows = db.exec(select(Received).where(col(Received.command_id).in_(list(ids))))
    return {row.command_id: row for row in rows}


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
        select(Received, Person.username)
        .join(Device, col(Device.id) == col(Received.device_id))
        .join(Person, col(Person.id) == col(Received.person_id))
        .order_by(col(Device.first_seen), col(Received.device_id), col(Received.seq))
    )
    for row, username in db.exec(
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
        }
