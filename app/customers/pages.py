from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from app.accounts.current import CurrentPerson
from app.accounts.posting import takes
from app.core import clock
from app.core.commands import execute
from app.core.forms import Form, nested
from app.core.geo import Point
from app.core.packs import Packed, Packing, Soon, once
from app.core.places import Fix
from app.core.web import Db, page, posted, retry, see
from app.customers.commands import (
    AddCustomer,
    MergeCustomers,
    SetVisitMinutes,
    TellApart,
    UnmergeCustomers,
)
from app.customers.doubles import Card, doubles_for
from app.customers.queries import added_on, customers_of, visitor
from app.customers.rules import Grade, Kind

router = APIRouter()
CHOICES: dict[str, Any] = {"grades": list(Grade), "kinds": list(Kind)}


@router.get("/customers")
def customers(  # noqa: PLR0917 - a search form's fields
    request: Request,
    db: Db,
    person: CurrentPerson,
    q: Annotated[str, Query(max_length=100)] = "",
    grade: Grade | None = None,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    listing = customers_of(db, person, query=q, grade=grade, skip=skip)
    return page(
        request,
        "customers/list.html",
        block="more" if skip else "found",
        listing=listing,
        q=q,
        grade=grade,
        skip=skip,
        grades=list(Grade),
    )


@once
def packed_list(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """The first screen; what is typed, the phone looks for by itself."""
    if soon is Soon.TODAY and (packing.all or packing.touched):
        listing = customers_of(packing.db, packing.person)
        context = {"listing": listing, "q": "", "grade": None, "skip": 0, "grades": list(Grade)}
        yield Packed("/customers", "customers/list.html", context)


@router.get("/customers/new")
def new(
    request: Request,
    db: Db,
    person: CurrentPerson,
    name: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The form, and what was added today: there the visit begins."""
    added = added_on(db, visitor(person), clock.today(person.time_zone))
    form = Form(AddCustomer, name=name)
    return page(request, "customers/new.html", form=form, added=added, **CHOICES)


@once
def packed_new(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """The form; for today with what was added today."""
    if soon is not Soon.TODAY or not packing.person.visits:
        return
    form = {"form": Form(AddCustomer), **CHOICES}
    if packing.all:
        yield Packed("/customers/new", "customers/new.html", form | {"added": []})
    added = added_on(packing.db, packing.person, packing.today)
    if added and (packing.all or packing.touched):
        today = packing.today.isoformat()
        yield Packed("/customers/new", "customers/new.html", form | {"added": added}, day=today)


@router.get("/customers/new/alike")
def alike(
    request: Request,
    db: Db,
    person: CurrentPerson,
    name: Annotated[str, Query(max_length=200)] = "",
    phone: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """A part of the form's page: which customers this may be already."""
    doubles = doubles_for(db, visitor(person), Card(name, (phone,), point_in(request)))
    return page(request, "customers/alike.html", doubles=doubles)


def point_in(request: Request) -> Point | None:
    """Where the phone is, if it says so in what it asks."""
    said = nested(request.query_params.multi_items())
    try:
        return Fix.model_validate(said.get("position")).point
    except ValidationError:
        return None


@router.post("/customers")
def add(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[AddCustomer], posted(AddCustomer)],
) -> Response:
    if form.command is None:
        return retry(request, "customers/new.html", form, added=[], **CHOICES)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.id}")


takes(
    router,
    "/customers/visit-minutes",
    SetVisitMinutes,
    "customers/visit_minutes.html",
    "/customers/{customer_id}",
)


takes(router, "/customers/merge", MergeCustomers, "customers/broken.html", "/customers/{keep_id}")
takes(
    router, "/customers/unmerge", UnmergeCustomers, "customers/broken.html", "/customers/{gone_id}"
)


takes(router, "/customers/tell-apart", TellApart, "customers/broken.html", "/customers/alike")
