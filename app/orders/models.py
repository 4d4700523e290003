from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.columns import MinorUnits, Moment, choice
from app.orders.rules import Stage


class Order(SQLModel, table=True):
    """`total` is in minor units of `currency`. The number is given here, never on a phone.

    `signature` is what the customer wrote below the order, an SVG path on a sheet of 600 by 240.
    """

    __tablename__ = "sales_order"
    __table_args__ = (
        Index("order_of_customer", "customer_id", "placed_at"),
        Index("order_of_person", "person_id", "placed_at"),
        {"info": {"touches": "customer_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: str = Field(unique=True)
    customer_id: UUID = Field(foreign_key="customer.id")
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id", index=True)
    person_id: UUID = Field(foreign_key="person.id")
    stage: Stage = Field(default=Stage.ENTERED, sa_type=choice(Stage))
    placed_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    currency: str
    total: int = Field(sa_type=MinorUnits)
    line_count: int
    remark: str = ""
    deliver_on: date | None = None
    signature: str = ""
    signed_by: str = ""


class OrderLine(SQLModel, table=True):
    """`unit_price` is what is charged, `quoted_price` what the phone showed when they differ."""

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    order_id: UUID = Field(foreign_key="sales_order.id")
    position: int
    product_id: UUID = Field(foreign_key="product.id")
    product_name: str
    quantity: Decimal = Field(max_digits=12, decimal_places=3)
    unit: str
    unit_price: int = Field(sa_type=MinorUnits)
    quoted_price: int | None = Field(default=None, sa_type=MinorUnits)
    amount: int = Field(sa_type=MinorUnits)


class OrderNumber(SQLModel, table=True):
    """The last number given on a day."""

    __tablename__ = "order_number"

    day: date = Field(primary_key=True)
    last: int
