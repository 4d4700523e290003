from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.columns import MinorUnits, Moment


class PriceList(SQLModel, table=True):
    """Prices in one currency; the default one serves customers that have none of their own."""

    __tablename__ = "price_list"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(unique=True)
    currency: str = "CNY"
    is_default: bool = False


class Product(SQLModel, table=True):
    """`base_unit` is what stock is counted in. A barcode is not a key: makers reuse them."""

    __table_args__ = ({"info": {"touches": "id"}},)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(unique=True)
    name: str
    category: str = ""
    maker: str = ""
    size: str = ""
    barcode: str = Field(default="", index=True)
    base_unit: str = "piece"
    listed_on: date | None = None
    active: bool = True
    search_text: str = ""
    sort_key: str = Field(default="", index=True)
    rev: int = 1
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


class PackUnit(SQLModel, table=True):
    """A unit the product is sold in: `factor` base units. The base unit itself has factor 1."""

    __tablename__ = "pack_unit"
    __table_args__ = ({"info": {"touches": "product_id"}},)

    product_id: UUID = Field(foreign_key="product.id", primary_key=True)
    unit: str = Field(primary_key=True)
    factor: Decimal = Field(default=Decimal(1), max_digits=12, decimal_places=3)


class Price(SQLModel, table=True):
    """What one `unit` of a product costs on a list, in minor units of the list's currency."""

    __table_args__ = (
        UniqueConstraint("price_list_id", "product_id", "unit"),
        {"info": {"touches": "product_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    price_list_id: UUID = Field(foreign_key="price_list.id")
    product_id: UUID = Field(foreign_key="product.id", index=True)
    unit: str
    amount: int = Field(sa_type=MinorUnits)
