"""Who is asking: the signed-in person as a dependency of pages."""

from secrets import token_urlsafe
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.accounts.actions import hashed, renew
from app.accounts.models import Person, SignIn
from app.accounts.queries import signed_in
from app.core import i18n
from app.core.db import READ_ONLY, transaction
from app.core.errors import Refused, SignInNeeded
from app.core.i18n import mark as _
from app.core.web import Db

COOKIE = "session"
PHONE_COOKIE = "dev"  # tells this phone from others, whoever is signed in there
COOKIE_LASTS = 400 * 86_400  # seconds; the server decides when a session ends


class ShutOut(SignInNeeded):
    """The session of a phone that was shut out, or of an account that was closed."""


class SomebodyElse(Refused):
    """A page of one person in the browser of another: its forms are not theirs to send."""

    status = 403


def found(request: Request, db: Db) -> Person:
    return known_by_cookie(request, db, closed_too=False)


def known_by_cookie(
    request: Request, db: Session, *, closed_too: bool, only_reads: bool = False
) -> Person:
    token = request.cookies.get(COOKIE, "")
    known = signed_in(db, hashed(token)) if token else None
    if known is None:
        raise SignInNeeded(_("Please sign in."))
    person, session = known
    if not closed_too and (session.shut_out_at or not person.active):
        raise ShutOut(_("This phone was shut out. Nothing is shown here any more."))
    db.expunge(person)  # still readable on the page that says why a transaction was rolled back
    if not only_reads and request.method not in READ_ONLY:
        renew(session)
        if phone := request.cookies.get(PHONE_COOKIE):
            bind(session, phone)
    request.state.session = session
    return person


def bind(session: SignIn, phone: str) -> None:
    """Once, so that nobody can make a session look like another phone's."""
    session.phone = session.phone or hashed(phone)


async def current(request: Request, person: Annotated[Person, Depends(found)]) -> Person:
    """The person, whose language and time zone the rest of the request speaks."""
    if request.headers.get("person", str(person.id)) != str(person.id):
        raise SomebodyElse(_("Somebody else has signed in here since. Nothing was recorded."))
    # Async on purpose: what a thread-pool dependency sets in a context variable is lost.
    request.state.person = person
    i18n.speak(person.language or i18n.language(), person.time_zone)
    return person


def sender(request: Request, db: Db) -> Person:
    """Whose phone hands something in: also of a closed account, and once it was shut out."""
    return known_by_cookie(request, db, closed_too=True)


def leaver(request: Request, db: Db) -> Person | None:
    try:
        return known_by_cookie(request, db, closed_too=True)
    except SignInNeeded:
        return None


async def leaving(
    request: Request, person: Annotated[Person | None, Depends(leaver)]
) -> Person | None:
    return await current(request, person) if person else None


def found_early(request: Request) -> Person:
    """Found before the request waits for its turn to write: what takes long comes first."""
    with transaction(request.app.state.engine, writes=False) as db:
        return known_by_cookie(request, db, closed_too=False, only_reads=True)


async def early(request: Request, person: Annotated[Person, Depends(found_early)]) -> Person:
    return await current(request, person)


def sender_early(request: Request) -> Person:
    """Whose phone hands something in, found before the request waits for its turn to write."""
    with transaction(request.app.state.engine, writes=False) as db:
        return known_by_cookie(request, db, closed_too=True, only_reads=True)


async def sending_early(
    request: Request, person: Annotated[Person, Depends(sender_early)]
) -> Person:
    return await current(request, person)


EarlySender = Annotated[Person, Depends(sending_early)]
"""Also of a closed account, and once the phone was shut out: it hands over what it holds."""
EarlyPerson = Annotated[Person, Depends(early)]
CurrentPerson = Annotated[Person, Depends(current)]
Leaver = Annotated[Person | None, Depends(leaving)]
"""Whoever was signed in here, also when nothing is shown to them any more."""


def drop_ended(request: Request, db: Session, response: Response) -> None:
    """Take the session cookie back from a phone, unless somebody else is signed in there."""
    token = request.cookies.get(COOKIE)
    if token and signed_in(db, hashed(token)) is None:
        response.delete_cookie(COOKIE)


def phone_token(request: Request) -> str:
    """What this phone is known by; new where it has not been here before."""
    return request.cookies.get(PHONE_COOKIE) or token_urlsafe(32)


def remember(request: Request, response: Response, token: str, cookie: str = COOKIE) -> None:
    """Set the session cookie, or another that no script reads."""
    response.set_cookie(
        cookie,
        token,
        max_age=COOKIE_LASTS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
