"""Phones: one's own, the team's, everybody's; shut out and let in again."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson, Leaver
from app.accounts.models import Person
from app.core.commands import Command, execute
from app.core.errors import Refused
from app.core.forms import Form
from app.core.i18n import mark as _
from app.core.web import Db, page, posted, see
from app.devices.queries import phones_of, phones_seen_by
from app.sync.commands import LetIn, ShutOut
from app.sync.shut_out import farewell_here

router = APIRouter()
C = TypeVar("C", bound=Command)


@router.get("/more/devices")
def own(request: Request, db: Db, person: CurrentPerson) -> Response:
    phones = phones_of(db, person, request.state.session.phone)
    return page(request, "devices/own.html", phones=phones)


@router.get("/devices")
def devices(
    request: Request,
    db: Db,
    person: CurrentPerson,
    q: Annotated[str, Query(max_length=100)] = "",
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    here = request.state.session.phone
    listing = phones_seen_by(db, person, here, query=q, skip=skip)
    block = "more" if skip else "found"
    return page(request, "devices/all.html", block=block, listing=listing, q=q, skip=skip)


@router.post("/devices/shut-out")
def shut_out(
    db: Db, person: CurrentPerson, form: Annotated[Form[ShutOut], posted(ShutOut)]
) -> Response:
    execute(db, person, whole(form))
    return see(came_from(person))


@router.post("/devices/let-in")
def let_in(db: Db, person: CurrentPerson, form: Annotated[Form[LetIn], posted(LetIn)]) -> Response:
    execute(db, person, whole(form))
    return see(came_from(person))


def whole(form: Form[C]) -> C:
    """There is nothing to fill in, so nothing to mend."""
    if form.command is None:
        raise Refused(_("This form is broken. Open it again."))
    return form.command


def came_from(person: Person) -> str:
    return "/devices" if person.administers else "/more/devices"


@router.get("/shut-out")
def farewell(request: Request, db: Db, person: Leaver, *, wiped: bool = False) -> Response:
    """All that is shown on a phone that was shut out, while it hands over what it holds."""
    order = farewell_here(db, person, request.state.session) if person else None
    if wiped and (order or person is None):
        request.state.person = order = None  # no script of this page opens an outbox again
        return page(request, "devices/shut_out.html", order=order, wiped=True)
    return page(request, "devices/shut_out.html", order=order, wiped=False)
