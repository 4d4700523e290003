"""Signing in and out. The two writes that are not commands: there is nobody yet to ask for them."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, delete, update
from sqlmodel import Session, col, select

from app.accounts.commands import ChooseLook, ChooseMap, Theme
from app.accounts.events import SignedIn
from app.accounts.models import Person, SignIn, Team, WrongPasswords
from app.accounts.queries import person_named, team_named
from app.accounts.rules import (
    PER_ADDRESS,
    PER_NAME,
    RENEW_AFTER,
    SESSION_LASTS,
    Attempts,
    Role,
    resting,
)
from app.core import clock, upsert
from app.core.commands import handles
from app.core.errors import Refused
from app.core.events import emit
from app.core.i18n import mark as _

hasher = PasswordHasher()
# Checked when nobody has the name, so that a wrong name takes as long as a wrong password.
NOBODY = hasher.hash(secrets.token_urlsafe())
MIN_PASSWORD = 8


class WrongNameOrPassword(Refused):
    status = 422


def sign_in(
    db: Session, username: str, password: str, *, address: str, browser: str, phone: str = ""
) -> str:
    """The token for the cookie. Raises WrongNameOrPassword, which the caller must commit."""
    name = username.strip().lower()
    tired = [tried(db, f"name:{name}", PER_NAME), tried(db, f"address:{address}", PER_ADDRESS)]
    if any(tired):
        raise WrongNameOrPassword(_("Too many tries. Wait a quarter of an hour, then try again."))
    person = person_named(db, name)
    known = matches(person.password_hash if person else NOBODY, password)
    if person is None or not known or not person.active:
        raise WrongNameOrPassword(_("The name or the password is not right."))
    db.exec(delete(WrongPasswords).where(col(WrongPasswords.key) == f"name:{name}"))
    forgive(db, f"address:{address}")
    return open_session(db, person.id, browser, phone)


def tried(db: Session, key: str, policy: Attempts) -> bool:
    """Count this try, in one statement that locks its row; whether the key must rest now."""
    now = clock.now()
    stale = col(WrongPasswords.since) <= now - policy.window
    counted = (
        upsert.into(db, WrongPasswords)
        .values(key=key, count=1, since=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((stale, 1), else_=col(WrongPasswords.count) + 1),
                "since": case((stale, now), else_=col(WrongPasswords.since)),
            },
        )
        .returning(WrongPasswords)
    )
    row = db.scalars(counted, execution_options={"populate_existing": True}).one()
    return resting(row.count, row.since, now, policy)


def forgive(db: Session, key: str) -> None:
    """A right password takes back the try that was counted for it."""
    row = db.get_one(WrongPasswords, key)
    row.count -= 1


def matches(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def open_session(db: Session, person_id: UUID, browser: str, phone: str = "") -> str:
    """`phone` is what its cookie says, "" where it has none."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.exec(delete(SignIn).where(col(SignIn.expires_at) < now))
    session = SignIn(
        token_hash=hashed(token),
        person_id=person_id,
        browser=browser[:200],
        phone=hashed(phone) if phone else "",
        created_at=now,
        expires_at=now + SESSION_LASTS,
    )
    db.add(session)
    emit(db, SignedIn(session))
    return token


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def renew(session: SignIn) -> None:
    """Push the end of a session out, at most once a day."""
    ends = clock.now() + SESSION_LASTS
    if ends - session.expires_at >= RENEW_AFTER:
        session.expires_at = ends


def sign_out(db: Session, token: str) -> None:
    db.exec(delete(SignIn).where(col(SignIn.token_hash) == hashed(token)))


def shut_sessions(db: Session, person_id: UUID, phone: str, at: datetime) -> None:
    """Nothing is shown to this person on this phone any more."""
    mine = update(SignIn).where(col(SignIn.person_id) == person_id, col(SignIn.phone) == phone)
    db.exec(mine.where(col(SignIn.shut_out_at).is_(None)).values(shut_out_at=at))


def forget_sessions(db: Session, person_id: UUID, phone: str) -> None:
    """Of a phone that was shut out: whoever goes on there signs in anew."""
    mine = delete(SignIn).where(col(SignIn.person_id) == person_id, col(SignIn.phone) == phone)
    db.exec(mine.where(col(SignIn.shut_out_at).is_not(None)))


@handles(ChooseLook)
def choose_look(db: Session, person: Person, command: ChooseLook) -> None:
    me = db.get_one(Person, person.id)
    if command.language:
        me.language = command.language
    if command.theme:
        me.theme = "" if command.theme is Theme.SYSTEM else command.theme
    me.rev, me.changed_at = me.rev + 1, clock.now()


@handles(ChooseMap)
def choose_map(db: Session, person: Person, command: ChooseMap) -> None:
    me = db.get_one(Person, person.id)
    me.map_app = command.map_app
    me.rev, me.changed_at = me.rev + 1, clock.now()


def add_person(
    db: Session, *, username: str, name: str, role: Role, team: Team, password: str
) -> Person:
    """Raises Refused when the name is taken or the password is too short."""
    if person_named(db, username):
        raise Refused(_("There is somebody called %(username)s already."), username=username)
    if len(password) < MIN_PASSWORD:
        raise Refused(_("A password has at least %(least)s characters."), least=MIN_PASSWORD)
    person = Person(
        username=username.strip().lower(),
        name=name,
        role=role,
        team_id=team.id,
        password_hash=hasher.hash(password),
    )
    db.add(person)
    return person


def team_for(db: Session, name: str) -> Team:
    """The team of this name, or the company itself; made when there is none."""
    root = db.exec(select(Team).where(col(Team.parent_id).is_(None))).first()
    known = team_named(db, name) if name else root
    if known is None:
        known = Team(name=name or "Company", parent_id=root.id if root else None)
        db.add(known)
        db.flush()
    return known
