from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
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
