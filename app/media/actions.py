"""Taking photos in. They are no commands: a command names them, before or after they are here."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.models import Person
from app.core import clock, upsert
from app.core.db import transaction
from app.media.lane import Lane, add
from app.media.models import Blob, Sender
from app.media.pictures import looked_at
from app.media.queries import arrived_from, tell_of_arrival
from app.media.refusals import Ahead, NotTaken, NotTheSame


@dataclass(frozen=True)
class Chunk:
    """A part of a picture. `last`: with it the picture is whole."""

    offset: int
    contents: bytes
    last: bool


@dataclass(frozen=True)
class Landed:
    """How many bytes are here; `blob`, when they have just become all, and are good."""

    here: int
    complete: bool = False
    blob: Blob | None = None


def land(lane: Lane, engine: Engine, person: Person, name: str, chunk: Chunk) -> Landed:
    """Raises NotTaken. What takes long is done outside of any transaction, and holds up nobody."""
    with transaction(engine, writes=False) as db:
        known = arrived_from(db, person, name)
    if known:
        return Landed(known.size, complete=True)
    part = lane.part(person.id, name)
    here = add(part, chunk.offset, chunk.contents)
    if not chunk.last:
        return Landed(here)
    return Landed(here, complete=True, blob=developed(lane, part, name))


def developed(lane: Lane, part: Path, name: str) -> Blob:
    """The picture, kept in the store. What is no picture, or another one, is thrown away."""
    try:
        file = part.read_bytes()
    except FileNotFoundError as wrong:  # finished, or thrown away, by another phone just now
        raise Ahead(0) from wrong
    try:
        if sha256(file).hexdigest() != name:
            raise NotTheSame
        picture = looked_at(file, place_kept=lane.place_kept)
    except NotTaken:
        part.unlink(missing_ok=True)
        raise
    return Blob(
        sha256=name,
        size=len(file),
        kind=picture.kind,
        width=picture.width,
        height=picture.height,
        kept_sha256=kept(lane, picture.kept),
        kept_size=len(picture.kept),
        thumb_sha256=kept(lane, picture.thumb),
        arrived_at=clock.now(),
    )


def kept(lane: Lane, file: bytes) -> str:
    key = sha256(file).hexdigest()
    lane.store.put(key, file)
    return key


def finish(part: Path, engine: Engine, person: Person, blob: Blob) -> None:
    """Write down what has become whole; only then its parts go."""
    with transaction(engine) as db:
        write_down(db, person, blob)
    part.unlink(missing_ok=True)


def write_down(db: Session, person: Person, blob: Blob) -> None:
    """Whoever was first, it is one picture, and each of its senders has proved to have it."""
    sender = {"blob_id": blob.sha256, "person_id": person.id, "arrived_at": blob.arrived_at}
    for table, row in ((Blob, blob.model_dump()), (Sender, sender)):
        new = upsert.into(db, table).values(row).on_conflict_do_nothing()
        db.connection().execute(new)
    tell_of_arrival(db, person.id, blob.sha256)
