from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from app.accounts.current import CurrentPerson
from app.core import clock
from app.core.commands import execute
from app.core.forms import Form
from app.core.geo import Point
from app.core.web import Db, page, posted, retry, see
from app.customers.commands import AddCustomer, MergeCustomers, TellApart, UnmergeCustomers
from app.customers.doubles import Card, doubles_for
from app.customers.queries import added_on, customers_of, visitor
from app.customers.rules import Grade, Kind

router = APIRouter()
Degrees = Annotated[float | None, BeforeValidator(lambda said: said or None)]
Latitude = Annotated[Degrees, Query(alias="position[lat]", ge=-90, le=90)]
Longitude = Annotated[Degrees, Query(alias="position[lon]", ge=-180, le=180)]
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


@router.get("/customers/new/alike")
def alike(  # noqa: PLR0917 - what is written down so far
    request: Request,
    db: Db,
    person: CurrentPerson,
    name: Annotated[str, Query(max_length=200)] = "",
    phone: Annotated[str, Query(max_length=40)] = "",
    lat: Latitude = None,
    lon: Longitude = None,
) -> Response:
    """A part of the form's page: which customers this may be already."""
    point = None if lat is None or lon is None else Point(lat, lon)
    doubles = doubles_for(db, visitor(person), Card(name, (phone,), point))
    return page(request, "customers/alike.html", doubles=doubles)


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


@router.post("/customers/merge")
def merge(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[MergeCustomers], posted(MergeCustomers)],
) -> Response:
    if form.command is None:
        return retry(request, "customers/broken.html", form)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.keep_id}")


@router.post("/customers/unmerge")
def unmerge(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[UnmergeCustomers], posted(UnmergeCustomers)],
) -> Response:
    if form.command is None:
        return retry(request, "customers/broken.html", form)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.gone_id}")


@router.post("/customers/tell-apart")
def tell_apart(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[TellApart], posted(TellApart)],
) -> Response:
    if form.command is None:
        return retry(request, "customers/broken.html", form)
    execute(db, person, form.command)
    return see("/customers/alike")
