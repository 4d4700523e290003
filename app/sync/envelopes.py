"""What a phone sends, checked: docs/sync.md says what each part means."""

import json
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.commands import possible
from app.sync.rules import MAX_ENTRIES, PROTO


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


class Batch(BaseModel):
    proto: int = Field(ge=PROTO, le=PROTO)
    nonce: str = Field(min_length=1, max_length=100)
    device: UUID
    entries: list[tuple[str, str]] = Field(max_length=MAX_ENTRIES)
    waiting: int = Field(0, ge=0)


class Entry(BaseModel):
    """An envelope with the text it came in and that text's hash."""

    sha: str
    body: str
    envelope: Envelope


def read_batch(raw: bytes) -> Batch:
    """Raises Damaged for anything that is not a batch of ours."""
    try:
        return Batch.model_validate_json(raw)
    except ValidationError as wrong:
        raise Damaged(str(wrong.errors()[0]["loc"])) from wrong


def read_entry(batch: Batch, sha: str, body: str) -> Entry:
    """Raises Damaged when the text is not the one that was hashed, or no envelope."""
    if sha256(body.encode()).hexdigest() != sha:
        raise Damaged("sha")
    try:
        envelope = Envelope.model_validate(json.loads(body))
    except (ValueError, RecursionError) as wrong:
        raise Damaged("envelope") from wrong
    if envelope.device_id != batch.device:
        raise Damaged("device")
    return Entry(sha=sha, body=body, envelope=envelope)


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
