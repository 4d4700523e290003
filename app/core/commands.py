"""Commands: what a person asked for, however it reached us.

A command is one class. The HTML form, the outbox and Python code build the same class, and all end
in `execute`, the only way to write.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import JSON
from sqlmodel import Field as Column
from sqlmodel import Session, SQLModel, col

from app.core import clock, upsert
from app.core.columns import Moment
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.core.memory import remembering

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Wish(BaseModel):
    """A part of a command, or the whole: frozen, nothing unknown in it, blank means absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def blank_means_absent(cls, fields: Any) -> Any:
        if isinstance(fields, dict):
            cleaned = {name: clean(value) for name, value in fields.items()}
            return {name: value for name, value in cleaned.items() if not blank(value)}
        return fields


def possible(at: datetime) -> datetime:
    """A phone whose battery was empty may think it is 1970: then it is when it reached us."""
    return at if EARLIEST <= at <= LATEST else clock.now()


class Command(Wish):
    """`id` is minted where the form is shown and becomes the new row's key.

    `at` is when it was written, by the phone's clock.
    """

    wire_name: ClassVar[str]  # waits on phones for weeks: a new meaning is a new name

    id: UUID = Field(default_factory=uuid4)
    at: Annotated[AwareDatetime, AfterValidator(possible)] = Field(default_factory=clock.now)

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
    person_id: UUID | None = Column(default=None, foreign_key="person.id")  # None: the console
    contents: dict[str, Any] = Column(sa_type=JSON)
    digest: str
    authored_at: datetime = Column(sa_type=Moment)
    received_at: datetime = Column(sa_type=Moment)


C = TypeVar("C", bound=Command)
Handler = Callable[[Session, Any, C], Any]
Pairs = list[tuple[str, str]]
Upcaster = Callable[[Pairs], tuple[str, Pairs]]
_upcasters: dict[str, Upcaster] = {}
_handlers: dict[type[Command], Handler[Any]] = {}
_named: dict[str, type[Command]] = {}


def handles(command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the one function that does what `command` asks for."""

    def register(handler: Handler[C]) -> Handler[C]:
        if command in _handlers:
            raise ValueError(f"{command.wire_name} has a handler already")
        _handlers[command] = handler
        _named[command.wire_name] = command
        return handler

    return register


def upcasts(name: str) -> Callable[[Upcaster], Upcaster]:
    """Register how the fields of a command that phones may still hold become today's."""

    def register(upcaster: Upcaster) -> Upcaster:
        _upcasters[name] = upcaster
        return upcaster

    return register


def understood(name: str, fields: Pairs) -> tuple[type[Command] | None, Pairs]:
    """The command of this wire name, and its fields as that command takes them."""
    while name in _upcasters:
        name, fields = _upcasters[name](fields)
    return _named.get(name), fields


def registry() -> dict[str, type[Command]]:
    """Every command that we understand, by its wire name."""
    return dict(_named)


def execute(db: Session, person: Author, command: Command) -> None:
    """Do it once. A repeat changes nothing; other contents under a used id are refused."""
    execute_all(db, person, [command])


def execute_all(db: Session, person: Author, commands: Sequence[Command]) -> None:
    """Each once, in this order, and all or none: whoever catches a refusal must roll back."""
    new = claims(db, person, commands)
    made: list[Any] = []  # the session holds a row only as long as somebody else does
    with remembering(db):
        for command in commands:
            if command.id in new:
                new.remove(command.id)
                made.append(_handlers[type(command)](db, person, command))
            else:
                recognise(db, person, command)


def recognise(db: Session, person: Author, command: Command) -> None:
    known = db.get_one(CommandLog, command.id)
    if known.digest != command.digest or known.person_id != person.id:
        raise Refused(_("This was already sent with other contents. Open the form again."))


def claimed(db: Session, person: Author | None, command: Command) -> bool:
    """Called alone only for what the console does (an import), where `person` is None."""
    return bool(claims(db, person, [command]))


def claims(db: Session, person: Author | None, commands: Sequence[Command]) -> set[UUID]:
    """Write the log first: of two repeats at once, the key lets one through. Returns whose."""
    if not commands:
        return set()
    now = clock.now()
    entries = [
        {
            "id": command.id,
            "name": command.wire_name,
            "person_id": person.id if person else None,
            "contents": command.model_dump(
                mode="json", exclude={"id", "at"}, exclude_defaults=True
            ),
            "digest": command.digest,
            "authored_at": command.at,
            "received_at": now,
        }
        for command in commands
    ]
    written = upsert.into(db, CommandLog).on_conflict_do_nothing()
    # Asked back, because not every driver counts the rows of an insert.
    asked_back = written.returning(col(CommandLog.id))
    return set(db.connection().execute(asked_back, entries).scalars())


def clean(value: Any) -> Any:
    """Text without what databases cannot keep (NUL, halves of characters), its lines ended one way.

    Browsers count a line's end as one character and, without script, send it as two.
    """
    if not isinstance(value, str):
        return value
    whole = value.encode("utf-8", "replace").decode()
    return whole.replace("\0", "").replace("\r\n", "\n")


def blank(value: object) -> bool:
    """Nothing was written: empty text, or a group of fields that are all empty."""
    if isinstance(value, dict):
        return all(blank(part) for part in value.values())
    return isinstance(value, str) and not value.strip()
