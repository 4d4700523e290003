from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.core.forms import Form
from app.core.web import Db, page
from app.followups.commands import MakePromise
from app.orders.drafts import new_draft
from app.visits.commands import CheckIn, CheckOut, WriteNote
from app.workspace.queries import MOST_SHOWN, SHOWN, VisitPage, customer_page, visit_page

router = APIRouter()


@router.get("/customers/{customer_id}")
def customer(
    request: Request,
    db: Db,
    person: CurrentPerson,
    customer_id: UUID,
    shown: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = SHOWN,
) -> Response:
    known = customer_page(db, person, customer_id, shown)
    return page(request, "workspace/customer.html", known=known)


@router.get("/customers/{customer_id}/visit")
def visit(request: Request, db: Db, person: CurrentPerson, customer_id: UUID) -> Response:
    here = visit_page(db, person, customer_id)
    return page(request, "workspace/visit.html", here=here, forms=forms_for(here))


def forms_for(here: VisitPage) -> dict[str, Any]:
    """The empty forms of a visit, knowing where they belong."""
    customer_id, visit_id = here.customer.id, here.visit.id if here.visit else None
    return {
        "check_in": Form(CheckIn, customer_id=customer_id),
        "note": Form(WriteNote, customer_id=customer_id, visit_id=visit_id),
        "draft": new_draft(here.customer, visit_id),
        "promise": Form(MakePromise, customer_id=customer_id, visit_id=visit_id),
        "check_out": Form(CheckOut, visit_id=visit_id, outcome=here.likely_outcome),
    }
