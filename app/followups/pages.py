from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.core.commands import execute
from app.core.forms import Form
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page, posted, retry, see
from app.followups.commands import KeepPromise, MakePromise
from app.followups.queries import open_promises

router = APIRouter()
SHOWN = 30


@router.get("/inbox")
def inbox(
    request: Request,
    db: Db,
    person: CurrentPerson,
    shown: Annotated[int, Query(ge=1, le=1000)] = SHOWN,
) -> Response:
    """What waits for this person: open promises, the most urgent first."""
    waiting = open_promises(db, person, shown)
    return page(request, "followups/inbox.html", waiting=waiting, shown=shown)


@once
def packed_inbox(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and (packing.all or packing.touched):
        waiting = open_promises(packing.db, packing.person, SHOWN)
        yield Packed("/inbox", "followups/inbox.html", {"waiting": waiting, "shown": SHOWN})


@router.post("/promises")
def make(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[MakePromise], posted(MakePromise)],
) -> Response:
    if form.command is None:
        return retry(request, "followups/promise.html", form)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.customer_id}/visit")


@router.post("/promises/kept")
def keep(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[KeepPromise], posted(KeepPromise)],
) -> Response:
    if form.command is None:
        return retry(request, "followups/keep.html", form)
    execute(db, person, form.command)
    return see("/inbox")
