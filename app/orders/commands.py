from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.commands import Command, Wish
from app.core.i18n import mark as _

Quantity = Annotated[Decimal, Field(gt=0, le=100_000, max_digits=9, decimal_places=3)]
MAX_LINES = 200
MAX_UNIT = 40  # characters
MAX_MINOR = 2**63 - 1  # what a column of minor units holds
STROKES = r"^(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})*)*$"  # an SVG path on a sheet of 600 by 240
MAX_STROKES = 12_000  # characters: half a minute of writing


class LineWish(Wish):
    """One line as the person saw it: `quoted` is the shown price of one unit, in minor units."""

    product_id: UUID
    quantity: Quantity = Field(title=_("Quantity"))
    unit: str = Field("", max_length=MAX_UNIT, title=_("Unit"))
    quoted: int | None = Field(None, ge=0, le=MAX_MINOR)


class PlaceOrder(Command):
    wire_name: ClassVar[str] = "orders.place.v1"

    customer_id: UUID
    visit_id: UUID | None = None
    lines: list[LineWish] = Field(min_length=1, max_length=MAX_LINES)
    deliver_on: date | None = Field(None, title=_("Deliver on"))
    remark: str = Field("", max_length=500, title=_("Remark"))
    signature: str = Field("", max_length=MAX_STROKES, pattern=STROKES, title=_("Signature"))
    signed_by: str = Field("", max_length=100, title=_("Signed by"))


class Entry(Wish):
    """The line being typed: a product chosen from the suggestions, or only its text."""

    text: str = Field("", max_length=100, title=_("Product"))
    product_id: UUID | None = None
    quantity: Quantity = Field(Decimal(1), title=_("Quantity"))
    unit: str = Field("", max_length=MAX_UNIT, title=_("Unit"))
