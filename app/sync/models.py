from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.sync.rules import Status


class Device(SQLModel, table=True):
    """One person on one phone: the IndexedDB that numbers what is sent.

    `last_seq` and `last_sha` are of the last entry taken in. `waiting` is what the phone said it
    still holds.
    """

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    browser: str = ""
    build: str = ""
    last_seq: int = 0
    last_sha: str = ""
    waiting: int = 0
    first_seen: datetime = Field(sa_type=Moment)
    last_seen: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


UNFINISHED = text("status IN ('deferred', 'blocked')")


class Received(SQLModel, table=True):
    """An entry as it came, kept for ever: `body` is the envelope's text, packed with zlib.

    `prev` is kept only where the chain is broken: else it is the `sha` of the number before.
    `detail` tells the person why: a message and its parameters, or sentences by field.
    """

    __table_args__ = (
        Index("received_in_order", "device_id", "seq", unique=True),
        Index(
            "received_waiting", "person_id", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
        ),
    )

    command_id: UUID = Field(primary_key=True)
    device_id: UUID = Field(foreign_key="device.id")
    person_id: UUID = Field(foreign_key="person.id")
    seq: int
    name: str
    sha: str
    prev: str
    body: bytes
    status: Status = Field(sa_type=choice(Status))
    detail: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    blocked_by: UUID | None = None
    superseded_by: UUID | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    tries: int = 0
    broken_chain: bool = False
    clock_ahead_s: int = 0
    authored_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)
