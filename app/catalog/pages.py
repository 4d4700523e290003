from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.catalog.queries import LISTED, find_products, offers
from app.core.web import Db, page

router = APIRouter()


@router.get("/products")
def products(
    request: Request,
    db: Db,
    _person: CurrentPerson,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The catalogue with the prices of the default list."""
    found = find_products(db, q, limit=LISTED)
    offered = offers(db, None, [product.id for product in found])
    listed = [offered[product.id] for product in found]
    return page(request, "catalog/list.html", block="found", q=q, offers=listed)


@router.get("/products/options")
def options(
    request: Request,
    db: Db,
    _person: CurrentPerson,
    q: Annotated[str, Query(alias="entry[text]", max_length=100)] = "",
    price_list: UUID | None = None,
) -> Response:
    """What a product field suggests while somebody types."""
    found = find_products(db, q) if q.strip() else []
    offered = offers(db, price_list, [product.id for product in found])
    return page(
        request,
        "catalog/options.html",
        q=q,
        offers=[offered[product.id] for product in found],
    )
