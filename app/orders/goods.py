"""What can be ordered, as the phone looks it up without a signal: name, units, prices."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlmodel import Session

from app.accounts.models import Person
from app.catalog.queries import Offer, offers, products_among
from app.core import money
from app.core.db import as_json
from app.core.packs import Row
from app.orders.queries import price_lists


def goods(
    db: Session, person: Person, ids: Collection[UUID] | None
) -> Iterator[tuple[str, Row | None]]:
    """An address and a row for each product on each list; None: of all. No row: not sold any more.

    A row's prices are in minor units, its units smallest first; the first is the usual one.
    """
    found = products_among(db, ids)
    for name, price_list_id in price_lists(db, person).items():
        offered = offers(db, price_list_id, found)
        for product_id in found:
            offer = offered.get(product_id)
            sold = offer is not None and offer.sold_in
            yield f"/goods/{name}/{product_id}", row_of(offer) if offer and sold else None


def row_of(offer: Offer) -> Row:
    product = offer.product
    prices = [[unit, offer.price(unit)] for unit in offer.sold_in]
    holes = {
        "key": str(product.id),
        "name": product.name,
        "code": product.code,
        "barcode": product.barcode,
        "meta": " · ".join(filter(None, (product.size, product.code))),
        "units": as_json(prices),
        "currency": offer.currency,
        "digits": str(money.digits(offer.currency)),
    }
    return {"f": product.search_text, "s": product.sort_key, "p": None, "h": holes}
