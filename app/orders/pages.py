from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.current import CurrentPerson
from app.core.commands import execute
from app.core.forms import Form, nested
from app.core.packs import Item, Packed, Packing, Soon, each, once
from app.core.web import Db, fields, page, posted, retry, see
from app.customers.queries import customer_to_visit
from app.orders.commands import PlaceOrder
from app.orders.drafts import customer_id_of, drafted, turned_back
from app.orders.goods import goods
from app.orders.queries import LINKED, Placed, order_of, orders_of, orders_told, told_in_full

router = APIRouter()


@router.get("/orders")
def orders(request: Request, db: Db, person: CurrentPerson) -> Response:
    return page(request, "orders/list.html", orders=orders_of(db, person))


@router.get("/orders/{order_id}")
def order(request: Request, db: Db, person: CurrentPerson, order_id: UUID) -> Response:
    return page(request, "orders/order.html", placed=order_of(db, person, order_id))


@once
def packed_list(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """The list, and the pages that it leads to."""
    if soon is not Soon.TODAY or not (packing.all or packing.touched):
        return
    orders = orders_of(packing.db, packing.person)
    wanted = [o for o in orders if packing.all or o.customer.id in packing.subjects]
    if wanted or packing.all or packing.regrouped:  # else it is as it was
        yield Packed("/orders", "orders/list.html", {"orders": orders})
    for placed in told_in_full(packing.db, wanted):
        yield packed_order(placed)


@each
def packed_orders(packing: Packing, found: Sequence[Any]) -> Iterator[Packed]:
    told = orders_told(packing.db, {known.customer.id: known.customer for known in found}, LINKED)
    for orders in told.values():
        yield from map(packed_order, orders)


def packed_order(placed: Placed) -> Packed:
    url, context = f"/orders/{placed.order.id}", {"placed": placed}
    return Packed(url, "orders/order.html", context, subject=placed.customer.id)


@once
def packed_goods(packing: Packing, soon: Soon) -> Iterator[Item]:
    """What can be ordered, for each price list that the person's customers buy by."""
    if soon is Soon.FORTNIGHT:
        whole = packing.all or packing.regrouped
        for url, row in goods(packing.db, packing.person, None if whole else packing.subjects):
            yield Item(url, row)


@router.post("/orders/draft")
def draft(
    request: Request,
    db: Db,
    person: CurrentPerson,
    pairs: Annotated[list[tuple[str, str]], Depends(fields)],
) -> Response:
    """The order so far, with one line more or fewer, priced as it will be charged."""
    values = nested(pairs)
    customer = customer_to_visit(db, person, customer_id_of(values))
    return page(request, "orders/place.html", block="form", draft=drafted(db, customer, values))


@router.post("/orders")
def place(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[PlaceOrder], posted(PlaceOrder)],
) -> Response:
    if form.command is None:
        customer = customer_to_visit(db, person, customer_id_of(form.values))
        draft = turned_back(db, customer, form)
        return retry(request, "orders/place.html", form, draft=draft)
    execute(db, person, form.command)
    return see(f"/customers/{form.command.customer_id}/visit")
