"""Reads of photos, and who sees their pictures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core import clock
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.core.latest import grouped, latest
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.media.models import Blob, Sender
from app.media.queries import names_pictures, told_of_arrivals
from app.visits.models import Photo, Visit
from app.visits.rules import may_be_given_up


@dataclass(frozen=True)
class PhotoTold:
    """A photo, who took it, and its picture once that is here."""

    what: Photo
    person: Person
    picture: Blob | None

    @property
    def overdue(self) -> bool:
        """Whether the picture is missing for so long that it may be given up."""
        missing = self.picture is None and self.what.given_up_at is None
        return missing and may_be_given_up(clock.now() - self.what.received_at)

    def closed_by(self, person: Person) -> bool:
        """Whether `person`, who sees the customer, may close the matter: the author, a manager."""
        return self.person.id == person.id or person.leads


@names_pictures
def photos_named() -> Any:
    return select(Photo.sha256, Photo.person_id, Customer.owner_id, Customer.team_id).join(
        Customer, col(Customer.id) == col(Photo.customer_id)
    )


@told_of_arrivals
def notice(db: Session, person_id: UUID, sha256: str) -> None:
    """Write the photo as it is: whoever keeps pages that show it is told by the database."""
    named = (col(Photo.sha256) == sha256, col(Photo.person_id) == person_id)
    db.connection().execute(update(Photo).where(*named).values(sha256=sha256))


def photos_told(db: Session, ids: Collection[UUID], limit: int) -> Mapping[UUID, list[PhotoTold]]:
    """The latest photos of customers that were found with permission, newest first."""
    at = col(Photo.written_at).desc()
    wanted = with_pictures().where(col(Photo.id).in_(latest(Photo.customer_id, ids, limit, at)))
    told = grouped(ids)
    for photo, person, picture in db.exec(wanted.order_by(at)):
        told[photo.customer_id].append(PhotoTold(photo, person, picture))
    return told


def photos_of_visit(db: Session, visit: Visit) -> Sequence[PhotoTold]:
    wanted = with_pictures().where(Photo.visit_id == visit.id)
    rows = db.exec(wanted.order_by(col(Photo.written_at)))
    return [PhotoTold(photo, person, picture) for photo, person, picture in rows]


def photo_to_close(db: Session, person: Person, photo_id: UUID) -> PhotoTold:
    """The photo, if this person took it, or leads whoever did."""
    may = (
        or_(col(Photo.person_id) == person.id, seen_by(person))
        if person.leads
        else (col(Photo.person_id) == person.id)
    )
    wanted = with_pictures().join(Customer, col(Customer.id) == col(Photo.customer_id))
    found = db.exec(wanted.where(Photo.id == photo_id, may)).first()
    if found is None:
        raise NotFound(_("This photo is not one of yours."))
    return PhotoTold(*found)


def with_pictures() -> Any:
    """A picture counts when the one who took it has sent it: others may have the same one."""
    sent = and_(
        col(Sender.blob_id) == col(Photo.sha256), col(Sender.person_id) == col(Photo.person_id)
    )
    return (
        select(Photo, Person, Blob)
        .join(Person, col(Person.id) == col(Photo.person_id))
        .join(Sender, sent, isouter=True)
        .join(Blob, col(Blob.sha256) == col(Sender.blob_id), isouter=True)
    )


def customer_of_photo(db: Session, photo_id: UUID) -> UUID:
    return db.get_one(Photo, photo_id).customer_id
