"""Reads of pictures: who sees one is decided by what names it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, union_all
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import within_sight
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.media.models import Blob, Sender

Names = Callable[[], Any]
_names: list[Names] = []
Tell = Callable[[Session, UUID, str], None]
_told: list[Tell] = []


def names_pictures(names: Names) -> Names:
    """Register where a slice above names pictures.

    The statement selects `sha256`, `person_id` (who named it), and `owner_id` and `team_id` of what
    it was named at, which decide who may see it.
    """
    _names.append(names)
    return names


def told_of_arrivals(tell: Tell) -> Tell:
    """Register what is told when a picture has become whole: by whom it was sent, its name."""
    _told.append(tell)
    return tell


def tell_of_arrival(db: Session, person_id: UUID, sha256: str) -> None:
    for tell in _told:
        tell(db, person_id, sha256)


def picture_of(db: Session, person: Person, sha256: str) -> Blob:
    """The picture, if this person sent it or sees what it was taken for."""
    seen = sent_by(person) | seen_by(person)
    found = db.exec(select(Blob).where(Blob.sha256 == sha256, seen)).first()
    if found is None:
        raise NotFound(_("This photo is not among those you may see."))
    return found


def seen_by(person: Person) -> ColumnElement[bool]:
    """Named where the person sees it, by somebody who has sent it: a name alone proves nothing."""
    named = everything_named().alias()
    proved = and_(col(Sender.blob_id) == named.c.sha256, col(Sender.person_id) == named.c.person_id)
    seen = within_sight(person, named.c.owner_id, named.c.team_id)
    return (
        exists().select_from(named.join(Sender, proved)).where(named.c.sha256 == Blob.sha256, seen)
    )


def sent_by(person: Person) -> ColumnElement[bool]:
    return exists().where(
        col(Sender.blob_id) == Blob.sha256,
        col(Sender.person_id) == person.id,
    )


def arrived_from(db: Session, person: Person, sha256: str) -> Blob | None:
    """The picture, if this person has sent it whole."""
    return db.exec(select(Blob).where(Blob.sha256 == sha256, sent_by(person))).first()


def whole(db: Session, person: Person, asked: Iterable[str]) -> list[str]:
    """Those of these pictures that this person has sent whole."""
    mine = select(Sender.blob_id).where(
        Sender.person_id == person.id, col(Sender.blob_id).in_(set(asked))
    )
    return sorted(db.exec(mine))


def held(db: Session, person: Person, asked: Iterable[str]) -> list[str]:
    """Those that are whole and named by a command of this person: the phone may let go of them."""
    named = everything_named().alias()
    mine = select(Sender.blob_id).where(
        Sender.person_id == person.id,
        col(Sender.blob_id).in_(set(asked)),
        exists().where(named.c.sha256 == Sender.blob_id, named.c.person_id == person.id),
    )
    return sorted(db.exec(mine))


def everything_named() -> Any:
    return union_all(*(names() for names in _names))
