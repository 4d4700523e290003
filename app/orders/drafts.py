"""An order while it is being put together. Nothing of it is kept here: the form holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from app.catalog.queries import Offer, find_products, offers
from app.core.errors import NotFound, Refused
from app.core.forms import Form, sentence
from app.core.i18n import mark as _
from app.customers.models import Customer
from app.orders.commands import MAX_LINES, MAX_UNIT, Entry, LineWish, PlaceOrder
from app.orders.queries import Priced, chosen_product, priced_line


@dataclass
class Draft:
    """Lines priced as they will be charged, what else was typed, and what is wrong with it."""

    customer: Customer
    visit_id: UUID | None
    sold: Priced
    id: UUID | None = None  # of the order, from its first line on: sent twice, it is one
    entry: dict[str, Any] = field(default_factory=dict)
    choices: list[Offer] = field(default_factory=list)
    remark: str = ""
    deliver_on: str = ""
    signature: str = ""
    signed_by: str = ""
    error: str = ""
    entry_error: str = ""
    added: bool = False

    @property
    def empty(self) -> bool:
        return not self.sold.lines


def new_draft(customer: Customer, visit_id: UUID | None = None) -> Draft:
    return Draft(customer, visit_id, Priced([], customer.currency))


def customer_id_of(values: dict[str, Any]) -> UUID:
    """Which customer a draft is for. Raises NotFound when it does not say."""
    try:
        return UUID(str(values.get("customer_id")))
    except ValueError as wrong:
        raise NotFound(_("This order is for no customer. Open the visit again.")) from wrong


def drafted(db: Session, customer: Customer, values: dict[str, Any]) -> Draft:
    """The draft that a form holds, with its entry added or a line removed, as the form asks."""
    draft = new_draft(customer, as_id(values.get("visit_id")))
    draft.id = as_id(values.get("id"))
    draft.remark, draft.deliver_on = values.get("remark", ""), values.get("deliver_on", "")
    lines = without(understood(draft, values.get("lines")), values.get("drop"))
    entry = values.get("entry")
    if entry and isinstance(entry, dict):
        new = entered(db, draft, entry)
        lines, draft.added = lines + new, bool(new)
    draft.signed_by = values.get("signed_by", "")
    # Signed is what the customer saw: with other lines it is to be signed again.
    if not draft.added and not values.get("drop"):
        draft.signature = values.get("signature", "")
    draft.sold = sellable(db, draft, lines)
    return draft


def turned_back(db: Session, customer: Customer, form: Form[PlaceOrder]) -> Draft:
    """The draft of an order that could not be placed, and why not."""
    draft = drafted(db, customer, form.values)
    if draft.empty and not draft.entry_error:
        draft.entry_error = str(Refused(_("Type a product's name, code or barcode.")))
    if not draft.empty and not draft.error:
        draft.error = next(form.sentences())
    return draft


def understood(draft: Draft, raw: Any) -> list[LineWish]:
    """The lines that can be read; one that cannot is named, and its quantity starts again at 1."""
    lines = []
    for line in raw if isinstance(raw, list) else []:
        try:
            lines.append(LineWish.model_validate(line))
        except ValidationError as wrong:
            draft.error = sentence(wrong.errors()[0])
            if product_id := as_id(line.get("product_id") if isinstance(line, dict) else None):
                lines.append(
                    LineWish(product_id=product_id, quantity=Decimal(1), unit=unit_of(line))
                )
    return lines


def unit_of(line: dict[str, Any]) -> str:
    """The unit that a broken line names, where that is one."""
    unit = line.get("unit", "")
    return unit if isinstance(unit, str) and len(unit) <= MAX_UNIT else ""


def without(lines: list[LineWish], drop: Any) -> list[LineWish]:
    return [line for index, line in enumerate(lines) if str(index) != str(drop)]


def entered(db: Session, draft: Draft, raw: dict[str, Any]) -> list[LineWish]:
    """The line that was typed; an unclear one stays in the entry, with a sentence and choices."""
    try:
        entry = Entry.model_validate(raw)
        offer = chosen_product(db, draft.customer, entry)
        line = LineWish(product_id=offer.product.id, quantity=entry.quantity, unit=entry.unit)
        priced_line(offer, line)
    except ValidationError as wrong:
        draft.entry, draft.entry_error = raw, sentence(wrong.errors()[0])
    except Refused as no:
        draft.entry, draft.entry_error = raw, str(no)
        draft.choices = choices(db, draft.customer, str(raw.get("text", "")))
    else:
        return [line]
    return []


def choices(db: Session, customer: Customer, text: str) -> list[Offer]:
    found = find_products(db, text) if text else []
    offered = offers(db, customer.price_list_id, [product.id for product in found])
    return [offered[product.id] for product in found]


def sellable(db: Session, draft: Draft, lines: Sequence[LineWish]) -> Priced:
    """The lines with their prices; what is not sold any more falls out, with a sentence."""
    if len(lines) > MAX_LINES:
        draft.error = str(Refused(_("An order has at most %(most)s lines."), most=MAX_LINES))
    offered = offers(db, draft.customer.price_list_id, [line.product_id for line in lines])
    kept = []
    for line in lines[:MAX_LINES]:
        try:
            kept.append(priced_line(offered.get(line.product_id), line))
        except Refused as no:
            draft.error = str(no)
    return Priced(kept, kept[0].offer.currency if kept else draft.customer.currency)


def as_id(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
