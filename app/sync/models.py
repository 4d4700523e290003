from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, false, text
from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.sync.rules import Status


class Device(SQLModel, table=True):
    """One person on one phone: the IndexedDB that numbers what is sent.

    `last_seq` and `last_sha` are of the last entry taken in. `waiting` is what the phone still
    holds, by its own word. `secret` proves what is handed in as a file, and who speaks once the
    session is gone. `phone` is that of the sessions there, "" where nothing tells it. `lost_…`: the
    phone found its database gone or broken, the last number it had given being `lost_seq`.
    """

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    browser: str = ""
    build: str = ""
    last_seq: int = 0
    last_sha: str = ""
    waiting: int = 0
    first_seen: datetime = Field(sa_type=Moment)
    last_seen: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_by: UUID | None = None
    wiped_at: datetime | None = Field(default=None, sa_type=Moment)
    secret: bytes | None = None
    lost_at: datetime | None = Field(default=None, sa_type=Moment)
    lost_why: str | None = None
    lost_seq: int | None = None


UNFINISHED = text("status IN ('deferred', 'blocked')")


class Received(SQLModel, table=True):
    """An entry as it came, kept for ever: `body` is the envelope's text, packed with zlib.

    `prev` is kept only where the chain is broken: else it is the `sha` of the number before.
    `detail` tells the person why: a message and its parameters, or sentences by field.
    `carried_by` handed it in as a file; `unproven`: nothing shows that the author's phone made it.
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
    carried_by: UUID | None = None
    unproven: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    authored_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    changed_at: datetime = Field(sa_type=Moment)


class OutboxKey(SQLModel, table=True):
    """The company's one key pair, made once: phones seal files with the public half.

    `public` is an uncompressed P-256 point of 65 bytes, `private` the number of 32 bytes that
    never leaves the server.
    """

    __tablename__ = "outbox_key"

    id: int = Field(default=1, primary_key=True)
    public: bytes
    private: bytes
    made_at: datetime = Field(sa_type=Moment)
