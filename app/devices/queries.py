"""Phones as people see them: their own, their team's, or everybody's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select

from app.accounts.models import Person, Team
from app.core import words
from app.devices.rules import HANDHELD, browser_in, system_in
from app.sync.models import Device
from app.sync.queries import devices_seen_by

PAGE = 50
Ender = aliased(Person)
Newer = aliased(Device)


@dataclass(frozen=True)
class Phone:
    """One person on one phone. `here`: it is the one that asks. `may_shut`: by whoever asks."""

    id: UUID
    owner: Person
    team: str
    browser: str
    system: str
    build: str
    waiting: int
    last_seen: datetime
    shut_out_at: datetime | None
    shut_out_by: Person | None
    wiped_at: datetime | None
    here: bool
    may_shut: bool

    @property
    def handheld(self) -> bool:
        return self.system in HANDHELD


@dataclass(frozen=True)
class Listing:
    """One screen of phones; `more` says that there are others behind it."""

    rows: list[Phone]
    more: bool


def phones_of(db: Session, person: Person, here: str) -> list[Phone]:
    """The person's own; `here` tells the phone that asks."""
    return found(db, person, here, [col(Device.person_id) == person.id], 0).rows


def phones_seen_by(
    db: Session, person: Person, here: str, *, query: str = "", skip: int = 0
) -> Listing:
    """Found by the names of their owners; those that are shut out and not yet wiped come first."""
    named = [called(word) for word in query.split()]
    return found(db, person, here, [devices_seen_by(person), *named], skip)


def called(word: str) -> ColumnElement[bool]:
    names = (Person.name, Person.latin_name, Person.username)
    return or_(*(col(name).ilike(words.pattern(word), escape="\\") for name in names))


def found(
    db: Session, person: Person, here: str, wanted: list[ColumnElement[bool]], skip: int
) -> Listing:
    going = and_(col(Device.revoked_at).is_not(None), col(Device.wiped_at).is_(None))
    rows = db.exec(
        select(Device, Person, Team.name, Ender)
        .join(Person, col(Person.id) == col(Device.person_id))
        .join(Team, col(Team.id) == col(Person.team_id))
        .join(Ender, col(Ender.id) == col(Device.revoked_by), isouter=True)
        .where(*wanted, is_a_phone(), ~outlived())
        .order_by(case((going, 0), else_=1), col(Device.last_seen).desc(), col(Device.id))
        .offset(skip)
        .limit(PAGE + 1)
    ).all()
    phones = [
        Phone(
            id=device.id,
            owner=owner,
            team=team,
            browser=browser_in(device.browser),
            system=system_in(device.browser),
            build=device.build,
            waiting=device.waiting,
            last_seen=device.last_seen,
            shut_out_at=device.revoked_at,
            shut_out_by=ender,
            wiped_at=device.wiped_at if device.revoked_at else None,
            here=bool(here) and device.phone == here and owner.id == person.id,
            may_shut=person.administers or owner.id == person.id,  # as shut_out_by
        )
        for device, owner, team, ender in rows[:PAGE]
    ]
    return Listing(phones, more=len(rows) > PAGE)


def is_a_phone() -> ColumnElement[bool]:
    """Not what stands for a file that no phone proves."""
    return or_(col(Device.phone) != "", col(Device.secret).is_not(None))


def outlived() -> ColumnElement[bool]:
    """The same phone has spoken since with another database: one row a phone."""
    return exists().where(
        col(Device.phone) != "",
        col(Newer.phone) == col(Device.phone),
        col(Newer.person_id) == col(Device.person_id),
        or_(
            col(Newer.last_seen) > col(Device.last_seen),
            and_(col(Newer.last_seen) == col(Device.last_seen), col(Newer.id) > col(Device.id)),
        ),
    )
