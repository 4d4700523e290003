"""The catalogue and what things cost. Everybody who is signed in may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.catalog.models import PackUnit, Price, PriceList, Product
from app.core import money, words
from app.core.memory import remembered

SHOWN, LISTED = 20, 100
GOODS = Product, PackUnit, Price, PriceList


@dataclass
class Offer:
    """A product as one customer may buy it: units with their factor, prices in minor units."""

    product: Product
    currency: str
    units: dict[str, Decimal] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)

    def price(self, unit: str) -> int | None:
        """The unit's own price, else the base unit's times what is in it; None: not sold so."""
        base = self.prices.get(self.product.base_unit)
        if unit in self.prices or base is None or unit not in self.units:
            return self.prices.get(unit)
        return money.times(base, self.units[unit])

    @property
    def sold_in(self) -> list[str]:
        """The units that have a price, smallest first."""
        known = sorted(self.units, key=lambda unit: self.units[unit])
        return [unit for unit in known if self.price(unit) is not None]


def find_products(db: Session, query: str, limit: int = SHOWN) -> Sequence[Product]:
    """Products by name, code, barcode, pinyin or initials; those named exactly so come first."""
    wanted = select(Product).where(col(Product.active))
    for word in query.split():
        wanted = wanted.where(col(Product.search_text).like(words.pattern(word), escape="\\"))
    rows = db.exec(wanted.order_by(col(Product.sort_key), col(Product.id)).limit(limit)).all()
    exact = products_called(db, query)
    return [*exact, *(row for row in rows if row not in exact)][:limit]


def products_called(db: Session, text: str) -> Sequence[Product]:
    """Products whose name, code or barcode is this text."""
    text = text.strip()
    if not text:
        return []
    names = (col(Product.name), col(Product.code), col(Product.barcode))
    called = or_(*(name == text for name in names))
    return db.exec(select(Product).where(col(Product.active), called).limit(SHOWN)).all()


def offers(db: Session, price_list_id: UUID | None, ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """These products with their units and prices on a customer's list, or the default one.

    Three statements, whatever the number of products. Unknown and withdrawn ones are left out.
    """
    known: dict[UUID, Offer | None] = remembered(db, (offers, price_list_id), dict, of=GOODS)
    wanted = set(ids)
    if missing := wanted - known.keys():
        known |= dict.fromkeys(missing) | looked_up(db, price_list_id, list(missing))
    return {one: offer for one in wanted if (offer := known[one])}


def looked_up(db: Session, price_list_id: UUID | None, wanted: list[UUID]) -> dict[UUID, Offer]:
    prices = select(Price).join(PriceList, col(PriceList.id) == col(Price.price_list_id))
    listed = (
        (PriceList.id == price_list_id) if price_list_id else col(PriceList.is_default).is_(True)
    )
    found = db.exec(
        select(Product, PriceList.currency)
        .join(PriceList, listed, isouter=True)  # type: ignore[arg-type] # SQLModel types no condition here
        .where(col(Product.id).in_(wanted), col(Product.active))
    )
    offered = {product.id: Offer(product, currency or "") for product, currency in found}
    for unit in db.exec(select(PackUnit).where(col(PackUnit.product_id).in_(wanted))):
        if unit.product_id in offered:
            offered[unit.product_id].units[unit.unit] = unit.factor
    for price in db.exec(prices.where(listed, col(Price.product_id).in_(wanted))):
        if price.product_id in offered:
            offered[price.product_id].prices[price.unit] = price.amount
    for offer in offered.values():
        offer.units.setdefault(offer.product.base_unit, Decimal(1))
    return offered


def products_among(db: Session, ids: Iterable[UUID] | None) -> Sequence[UUID]:
    """The keys of products, withdrawn ones too, that are among these; None: all."""
    wanted = select(Product.id).order_by(col(Product.id))
    return db.exec(wanted if ids is None else wanted.where(col(Product.id).in_(ids))).all()


def default_list(db: Session) -> UUID | None:
    return db.exec(select(PriceList.id).where(col(PriceList.is_default).is_(True))).first()


def every_product() -> Any:
    """The keys of the whole catalogue, as a statement."""
    return select(Product.id)
