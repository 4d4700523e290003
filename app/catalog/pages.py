from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.accounts.current import CurrentPerson
from app.catalog.queries import LISTED, find_products, offers, products_among
from app.core.packs import Packed, Packing, Soon, once
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
    return page(request, "catalog/list.html", block="found", **listed(db, q))


@once
def packed_catalogue(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """Its first screen; any change of a product or a price makes it anew."""
    if soon is not Soon.FORTNIGHT:
        return
    if packing.all or products_among(packing.db, packing.subjects):
        yield Packed("/products", "catalog/list.html", listed(packing.db, ""))


def listed(db: Session, q: str) -> dict[str, Any]:
    found = find_products(db, q, limit=LISTED)
    offered = offers(db, None, [product.id for product in found])
    return {"q": q, "offers": [offered[product.id] for product in found]}


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
