from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.core.forms import Form
from app.core.packs import Packed, Packing, Soon, each, once
from app.core.web import Db, page
from app.customers.commands import SetVisitMinutes
from app.customers.models import Customer
from app.customers.queries import row_of
from app.followups.commands import MakePromise
from app.orders.drafts import new_draft
from app.planning.commands import PlanVisit
from app.visits.commands import CheckIn, CheckOut, RecordContact, TakePhoto, WriteNote
from app.visits.queries import visits_today
from app.visits.rules import ContactKind
from app.workspace.queries import (
    MOST_SHOWN,
    PACKED,
    SHOWN,
    WORK_MARKS,
    CustomerPage,
    VisitPage,
    blank_page,
    customer_page,
    customer_pages,
    doubles_page,
    marked_work,
    visit_page,
    visit_pages,
)
from app.workspace.queries import blank_visit as visit_of_blank

router = APIRouter()

MARKS = ("id", "name", "address", "phone", "note")  # of AddCustomer's fields, and its id


@router.get("/customers/alike")
def alike(request: Request, db: Db, person: CurrentPerson) -> Response:
    """Cards that may be of one customer, to be decided about."""
    return page(request, "workspace/doubles.html", doubles=doubles_page(db, person))


@router.get("/customers/blank")
def blank(request: Request, _db: Db, person: CurrentPerson) -> Response:
    """The page of any customer that only a phone knows: docs/sync.md."""
    known = blank_page(person)
    forms = forms_of(known.customer.id, known.customer.visit_minutes)
    return page(request, "workspace/customer.html", known=known, **forms)


@router.get("/customers/blank/visit")
def blank_visit(request: Request, _db: Db, person: CurrentPerson) -> Response:
    here = visit_of_blank(person)
    return page(request, "workspace/visit.html", here=here, forms=forms_for(here))


@router.get("/customers/{customer_id}")
def customer(
    request: Request,
    db: Db,
    person: CurrentPerson,
    customer_id: UUID,
    shown: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = SHOWN,
) -> Response:
    known = customer_page(db, person, customer_id, shown)
    forms = forms_of(known.customer.id, known.customer.visit_minutes)
    return page(request, "workspace/customer.html", known=known, **forms)


@router.get("/customers/{customer_id}/visit")
def visit(request: Request, db: Db, person: CurrentPerson, customer_id: UUID) -> Response:
    here = visit_page(db, person, customer_id)
    return page(request, "workspace/visit.html", here=here, forms=forms_for(here))


@each
def packed_customers(packing: Packing, found: Sequence[Any]) -> Iterator[Packed]:
    """Each customer's page, with what the phone's search looks through, and the visit's page."""
    for known in customer_pages(packing.db, packing.person, found, PACKED):
        url = f"/customers/{known.customer.id}"
        yield Packed(
            url,
            "workspace/customer.html",
            {"known": known, "linked": known.linked},
            row=row_of(known.customer, **free_minutes(known)),
            subject=known.customer.id,
        )
    if packing.person.visits:
        yield from packed_visits(packing, [known.customer for known in found])


@once
def packed_blanks(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """The pages of a customer that only the phone knows."""
    if soon is not Soon.TODAY or not packing.all or not packing.person.visits:
        return
    known, here = blank_page(packing.person), visit_of_blank(packing.person)
    of_visit = {"here": here, "forms": forms_for(here)}
    yield Packed("/customers/{id}", "workspace/customer.html", {"known": known}, marks=MARKS)
    yield Packed("/customers/{id}/visit", "workspace/visit.html", of_visit, marks=MARKS)


@once
def packed_work(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """What all visits before they begin, and all customers' pages, have in common, once."""
    if soon is Soon.TODAY and packing.all and packing.person.visits:
        here = marked_work()
        marks = WORK_MARKS
        context = {"here": here, "forms": forms_for(here), "marks": marks}
        yield Packed("part:work", "workspace/work.html", context)
        forms = forms_of("{contact_id}")
        yield Packed("part:contact", "visits/contact_form.html", {"form": forms["contact"]})
        yield Packed("part:plan", "workspace/plan.html", forms_of("{plan_id}", "{plan_minutes}"))


def packed_visits(packing: Packing, customers: Sequence[Customer]) -> Iterator[Packed]:
    """As on any day; where there was a visit today, also as today."""
    for here in visit_pages(packing.db, customers, {}):
        yield packed_visit(here)
    for customer_id in visits_today(packing.db, packing.person, [one.id for one in customers]):
        here = visit_page(packing.db, packing.person, customer_id)
        yield packed_visit(here, packing.today.isoformat())


def packed_visit(here: VisitPage, day: str = "") -> Packed:
    url = f"/customers/{here.customer.id}/visit"
    context = {"here": here, "forms": forms_for(here)}
    return Packed(url, "workspace/visit.html", context, day, subject=here.customer.id)


def free_minutes(known: CustomerPage) -> dict[str, str]:
    """How long a visit takes, and since when one is due; that is "" where there was none yet."""
    due = known.dues.visit if known.dues else None
    since = {} if due is None else {"due": due.on.isoformat() if due.on else ""}
    return {"takes": str(known.takes), **since}


def forms_of(customer_id: UUID | str, minutes: int | str | None = None) -> dict[str, Any]:
    """The forms of a customer's page; a mark may stand for the customer and for `minutes`."""
    return {
        "contact": Form(RecordContact, customer_id=customer_id, kind=ContactKind.PHONE),
        "plan": Form(PlanVisit, customer_id=customer_id),
        "minutes": Form(SetVisitMinutes, customer_id=customer_id, minutes=minutes),
    }


def forms_for(here: VisitPage) -> dict[str, Any]:
    """The empty forms of a visit, knowing where they belong."""
    customer_id, visit_id = here.customer.id, here.visit.id if here.visit else None
    return {
        "check_in": Form(CheckIn, customer_id=customer_id),
        "note": Form(WriteNote, customer_id=customer_id, visit_id=visit_id),
        "photo": Form(TakePhoto, customer_id=customer_id, visit_id=visit_id),
        "draft": new_draft(here.customer, visit_id),
        "promise": Form(MakePromise, customer_id=customer_id, visit_id=visit_id),
        "check_out": Form(CheckOut, visit_id=visit_id, outcome=here.likely_outcome),
    }
