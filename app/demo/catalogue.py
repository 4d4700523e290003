"""The forty products, their units and two price lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from app.catalog.models import PackUnit, Price, PriceList, Product
from app.catalog.queries import Offer, offers
from app.catalog.search import search_fields
from app.core import money
from app.demo.goods import GOODS, Good

CURRENCY = "CNY"
LISTED, DEALERS = "标准价", "经销商价"
DEALERS_PAY = Decimal("0.88")
TEN_FEN = Decimal("0.1")
SPACE = UUID("5f3c1f0a-6d7e-4b58-9a52-0d1c2e3f4a5b")  # so that a product has the same id everywhere


@dataclass
class Stock:
    """What can be sold, by category, on the default list and on the dealers'."""

    dealers: PriceList
    listed: list[Offer]
    for_dealers: list[Offer]


def stock_up(db: Session) -> Stock:
    """The demo's goods, made if they are not there yet."""
    codes = [good.code for good in GOODS]
    known = {p.code: p for p in db.exec(select(Product).where(col(Product.code).in_(codes)))}
    lists = price_lists(db)
    new = {good.code: product_of(good) for good in GOODS if good.code not in known}
    db.add_all(new.values())
    db.flush()
    for good in GOODS:
        if good.code in new:
            db.add_all(units_of(good, new[good.code]))
            db.add_all(prices_of(good, new[good.code], lists))
    db.flush()
    ids = [product.id for product in (known | new).values()]
    dealers = lists[1]
    by_list = [in_order(offers(db, list_id, ids)) for list_id in (None, dealers.id)]
    return Stock(dealers, *by_list)


def in_order(offered: dict[UUID, Offer]) -> list[Offer]:
    return sorted(offered.values(), key=lambda offer: offer.product.code)


def price_lists(db: Session) -> tuple[PriceList, PriceList]:
    """The default list, whatever it is called, and the dealers'."""
    default = db.exec(select(PriceList).where(PriceList.is_default)).first()
    dealers = db.exec(select(PriceList).where(PriceList.name == DEALERS)).first()
    default = default or PriceList(name=LISTED, currency=CURRENCY, is_default=True)
    dealers = dealers or PriceList(name=DEALERS, currency=CURRENCY)
    db.add_all([default, dealers])
    db.flush()
    return default, dealers


def product_of(good: Good) -> Product:
    barcode = barcode_of(good)
    product = Product(
        id=uuid5(SPACE, good.code),
        code=good.code,
        name=f"{good.name} {good.size}",
        category=good.category,
        maker=good.maker,
        size=good.size,
        barcode=barcode,
        base_unit=good.unit,
    )
    product.sqlmodel_update(search_fields(product.name, good.code, barcode, good.maker))
    return product


def units_of(good: Good, product: Product) -> list[PackUnit]:
    return [
        PackUnit(product_id=product.id, unit=unit, factor=Decimal(factor))
        for unit, factor in ((good.unit, 1), (good.case, good.per_case))
    ]


def prices_of(good: Good, product: Product, lists: tuple[PriceList, PriceList]) -> Iterator[Price]:
    for list_, share in zip(lists, (Decimal(1), DEALERS_PAY), strict=True):
        for unit, yuan in ((good.unit, good.price), (good.case, good.case_price)):
            amount = money.minor(reduced(Decimal(yuan), share), CURRENCY)
            yield Price(price_list_id=list_.id, product_id=product.id, unit=unit, amount=amount)


def reduced(price: Decimal, share: Decimal) -> Decimal:
    """A discounted price in whole ten fen, as dealers' lists have it."""
    if share == 1:
        return price
    return (price * share).quantize(TEN_FEN, rounding=ROUND_HALF_UP)


def barcode_of(good: Good) -> str:
    """An EAN-13 in the range 20 to 29, which is everybody's own and no maker's."""
    digits = f"2086{ord(good.code[0]):05}{good.code[1:]}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Of an EAN-13: the twelve digits weigh 1 and 3 in turn."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-weighed % 10)
