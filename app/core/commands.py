"""Commands: what a person asked for, however it reached us.

A command is one class. The HTML form, the outbox and Python code build the same class, and all end
in `execute`, the only way to write.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import JSON
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field as Column
from sqlmodel import Session, SQLModel

from app.core import clock
from app.core.columns import Moment
from app.core.errors import Refused
from app.core.i18n import mark as _

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Wish(BaseModel):
    """A part of a command, or the whole: frozen, nothing unknown in it, blank means absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def blank_means_absent(cls, fields: Any) -> Any:
        if isinstance(fields, dict):
            return {name: clean(value) for name, value in fields.items() if not blank(value)}
        return fields


class Command(Wish):
    """`id` is minted where the form is shown and becomes the new row's key."""

    wire_name: ClassVar[str]  # waits on phones for weeks: a new meaning is a new name

    id: UUID = Field(default_factory=uuid4)
    at: AwareDatetime = Field(
        default_factory=clock.now, ge=EARLIEST, le=LATEST
    )  # the phone's clock

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked for, whenever and however it is sent."""
        said = self.model_dump_json(exclude={"at"}, exclude_defaults=True)
        return sha256(f"{self.wire_name} {said}".encode()).hexdigest()


class Author(Protocol):
    id: UUID


class CommandLog(SQLModel, table=True):
    """Every command ever done, for ever: proof against repeats, and the audit trail."""

    __tablename__ = "command_log"

    id: UUID = Column(primary_key=True)
    name: str
    person_id: UUID | None = Column(
        default=None, foreign_key="person.id", index=True
    )  # None: the console
    contents: dict[str, Any] = Column(sa_type=JSON)
    digest: str
    authored_at: datetime = Column(sa_type=Moment)
    received_at: datetime = Column(sa_type=Moment, index=True)


C = TypeVar("C", bound=Command)
Handler = Callable[[Session, Any, C], Any]
_handlers: dict[type[Command], Handler[Any]] = {}


def handles(command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the one function that does what `command` asks for."""

    def register(handler: Handler[C]) -> Handler[C]:
        if command in _handlers:
            raise ValueError(f"{command.wire_name} has a handler already")
        _handlers[command] = handler
        return handler

    return register


def registry() -> dict[str, type[Command]]:
    """Every command that we understand, by its wire name."""
    return {command.wire_name: command for command in _handlers}


def execute(db: Session, person: Author, command: Command) -> None:
    """Do it once. A repeat changes nothing; other contents under a used id are refused."""
    if claimed(db, person, command):
        _handlers[type(command)](db, person, command)
        return
    known = db.get_one(CommandLog, command.id)
    if known.digest != command.digest or known.person_id != person.id:
        raise Refused(_("This was already sent with other contents. Open the form again."))


def claimed(db: Session, person: Author | None, command: Command) -> bool:
    """Write the log first: of two repeats at once, the key lets one through.

    Called alone only for what the console does (an import), where `person` is None.
    """
    entry = {
        "id": command.id,
        "name": command.wire_name,
        "person_id": person.id if person else None,
        "contents": command.model_dump(mode="json", exclude={"id", "at"}, exclude_defaults=True),
        "digest": command.digest,
        "authored_at": command.at,
        "received_at": clock.now(),
    }
    upsert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = upsert(CommandLog).values(entry).on_conflict_do_nothing()
    return db.connection().execute(statement).rowcount == 1


def clean(value: Any) -> Any:
    """Text without the one character that PostgreSQL cannot keep."""
    return value.replace("\0", "") if isinstance(value, str) else value


def blank(value: object) -> bool:
    """Nothing was written: empty text, or a group of fields that are all empty."""
    if isinstance(value, dict):
        return all(blank(part) for part in value.values())
    return isinstance(value, str) and not value.strip()
