"""What a phone sends, checked: docs/sync.md says what each part means."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from app.core.commands import possible
from app.sync.rules import MAX_ENTRIES, MAX_HELD, PROTO


class Damaged(Exception):  # noqa: N818 - as Refused, it is an answer
    """The batch is not what the phone sent. Nothing was done; it is to be sent again."""


class Authored(BaseModel):
    """`at` is text: a phone's clock may say anything, and that must hold up nothing."""

    person_id: UUID
    at: str
    tz: str = ""
    mono_ms: float = 0
    boot_id: str = ""


class App(BaseModel):
    build: str = ""
    form: str = ""


class Envelope(BaseModel):
    """Only kinds are checked here: what is too long or too much is refused as a command is."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    device_id: UUID
    seq: int = Field(ge=1, lt=2**53)
    name: str
    fields: list[tuple[str, str]]
    deps: list[UUID] = Field(default_factory=list)
    supersedes: UUID | None = None
    authored: Authored
    app: App = App()
    prev: str = ""


class Lost(BaseModel):
    """A device whose database is gone. Nothing here may hold up what else is sent."""

    device: UUID
    last_seq: int = Field(0, ge=0, lt=2**31)
    why: str = ""


class Batch(BaseModel):
    """`secret` is False while the phone has none of this device."""

    proto: int = Field(ge=PROTO, le=PROTO)
    nonce: str = Field(min_length=1, max_length=100)
    device: UUID
    entries: list[tuple[str, str]] = Field(max_length=MAX_ENTRIES)
    waiting: int = Field(0, ge=0)
    held: list[UUID] = Field(default_factory=list, max_length=MAX_HELD)
    withdrawn: list[UUID] = Field(default_factory=list, max_length=MAX_HELD)
    secret: bool = True
    lost: Lost | None = None

    @field_validator("lost", mode="wrap")
    @classmethod
    def _only_if_understood(cls, raw: Any, read: ValidatorFunctionWrapHandler) -> Lost | None:
        try:
            return cast("Lost | None", read(raw))
        except ValidationError:
            return None


class Day(BaseModel):
    """A phone asks what is here of its day; `named` asks for each by name."""

    device: UUID
    start: AwareDatetime = Field(alias="from")
    end: AwareDatetime = Field(alias="to")
    nonce: str = Field("", max_length=100)
    named: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An envelope with the text it came in and that text's hash; `sound` if all of it was read."""

    sha: str
    body: str
    envelope: Envelope
    sound: bool = True


def read_batch(raw: bytes) -> Batch:
    """Raises Damaged for anything that is not a batch of ours."""
    try:
        return Batch.model_validate_json(raw)
    except ValidationError as wrong:
        raise Damaged(str(wrong.errors()[0]["loc"])) from wrong


def read_entry(batch: Batch, sha: str, body: str) -> Entry:
    """Raises Damaged when the text is not the one that was hashed.

    What arrived as it was sent and still cannot be read must not come for ever: it is taken in by
    its id and number alone, for the office to look at.
    """
    if sha256(body.encode()).hexdigest() != sha:
        raise Damaged("sha")
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError:
        return Entry(sha=sha, body=body, envelope=bare(batch, body), sound=False)
    return Entry(sha=sha, body=body, envelope=envelope, sound=envelope.device_id == batch.device)


def bare(batch: Batch, body: str) -> Envelope:
    """As much of an envelope as can be read. Raises Damaged when that is not even its number."""
    try:
        said = json.loads(body)
        return Envelope(
            id=said["id"],
            device_id=batch.device,
            seq=said["seq"],
            name=str(said.get("name", "")),
            fields=[],
            authored=Authored(person_id=said["authored"]["person_id"], at=""),
            prev=str(said.get("prev", "")),
        )
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as wrong:
        raise Damaged("envelope") from wrong


def authored_at(envelope: Envelope, now: datetime) -> datetime:
    """When the phone's clock said it was written; now, where that cannot be."""
    try:
        at = datetime.fromisoformat(envelope.authored.at)
    except ValueError:
        return now
    return possible(at) if at.tzinfo else now


def contents(envelope: Envelope) -> str:
    """SHA-256 of what is asked for, whatever its number."""
    said = json.dumps([envelope.name, envelope.fields])
    return sha256(said.encode()).hexdigest()
