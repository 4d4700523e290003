from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page
from app.customers.queries import customers_of
from app.customers.rules import Grade

router = APIRouter()


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
