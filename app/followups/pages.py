from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.accounts.posting import takes
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page
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


takes(router, "/promises", MakePromise, "followups/promise.html", "/customers/{customer_id}/visit")
takes(router, "/promises/kept", KeepPromise, "followups/keep.html", "/inbox")
