"""Who is asking: the signed-in person as a dependency of pages."""

from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.accounts.actions import hashed, renew
from app.accounts.models import Person
from app.accounts.queries import signed_in
from app.core import i18n
from app.core.db import READ_ONLY, transaction
from app.core.errors import Refused, SignInNeeded
from app.core.i18n import mark as _
from app.core.web import Db

COOKIE = "session"
COOKIE_LASTS = 400 * 86_400  # seconds; the server decides when a session ends


class SomebodyElse(Refused):
    """A page of one person in the browser of another: its forms are not theirs to send."""

    status = 403


def found(request: Request, db: Db) -> Person:
    return known_by_cookie(request, db, closed_too=False)


def known_by_cookie(
    request: Request, db: Session, *, closed_too: bool, only_reads: bool = False
) -> Person:
    token = request.cookies.get(COOKIE, "")
    known = signed_in(db, hashed(token), closed_too=closed_too) if token else None
    if known is None:
        raise SignInNeeded(_("Please sign in."))
    person, session = known
    db.expunge(person)  # still readable on the page that says why a transaction was rolled back
    if not only_reads and request.method not in READ_ONLY:
        renew(session)
    return person


async def current(request: Request, person: Annotated[Person, Depends(found)]) -> Person:
    """The person, whose language and time zone the rest of the request speaks."""
    if request.headers.get("person", str(person.id)) != str(person.id):
        raise SomebodyElse(_("Somebody else has signed in here since. Nothing was recorded."))
    # Async on purpose: what a thread-pool dependency sets in a context variable is lost.
    request.state.person = person
    i18n.speak(person.language or i18n.language(), person.time_zone)
    return person


def sender(request: Request, db: Db) -> Person:
    """Whose phone hands something in: also somebody whose account was closed since."""
    return known_by_cookie(request, db, closed_too=True)


async def sending(request: Request, person: Annotated[Person, Depends(sender)]) -> Person:
    return await current(request, person)


def found_early(request: Request) -> Person:
    """Found before the request waits for its turn to write: what takes long comes first."""
    with transaction(request.app.state.engine, writes=False) as db:
        return known_by_cookie(request, db, closed_too=False, only_reads=True)


async def early(request: Request, person: Annotated[Person, Depends(found_early)]) -> Person:
    return await current(request, person)


EarlyPerson = Annotated[Person, Depends(early)]
Sender = Annotated[Person, Depends(sending)]
CurrentPerson = Annotated[Person, Depends(current)]


def remember(request: Request, response: Response, token: str) -> None:
    """Set the session cookie."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LASTS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
