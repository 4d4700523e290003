"""Products and prices from a file: new ones are added, known ones brought up to date."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.catalog.columns import Columns, Written, known, read_product, recognise
from app.catalog.commands import ImportProducts
from app.catalog.models import PackUnit, Price, PriceList, Product
from app.catalog.search import search_fields
from app.core import clock
from app.core.commands import claimed
from app.core.errors import Refused
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.tables import Report, Row, Tally, batches, fingerprint, open_table

BATCH = 500
SEARCHED = ("name", "code", "barcode", "maker")  # as search_fields takes them
BASE = Decimal(1)

Packed = TypeVar("Packed", PackUnit, Price)


@dataclass
class _Intake:
    """One import on its way."""

    db: Session
    columns: Columns
    prices: PriceList
    now: datetime
    tally: Tally = field(default_factory=Tally)
    lines: dict[str, int] = field(default_factory=dict)  # where each code was first


def import_products(
    db: Session, path: Path, *, currency: str | None, by: Person | None, usual: str = "CNY"
) -> Report:
    """Take in a CSV or XLSX catalogue; the caller commits.

    A product is known by its code. Prices are in `currency`; None: in what their heading says,
    else in the `usual` one. Blank cells and missing columns change nothing.
    """
    with open_table(path, known) as table:
        columns = recognise(table.headings)
        spoken = _agreed(currency, columns.currency) or usual
        wish = ImportProducts(file_name=path.name, sha256=fingerprint(path), currency=spoken)
        claimed(db, by, wish)
        intake = _Intake(db, columns, _price_list(db, spoken), clock.now())
        for batch in batches(_written(intake, table.rows), BATCH):
            _take(intake, batch)
        return intake.tally.report(table, columns.unused, _notes(intake))


def _agreed(asked: str | None, written: str | None) -> str | None:
    if asked and written and asked != written:
        raise Refused(
            _("The file says that its prices are in %(written)s, not in %(asked)s."),
            written=written,
            asked=asked,
        )
    return asked or written


def _price_list(db: Session, currency: str) -> PriceList:
    """The list in this currency, the default one first; made where there is none."""
    lists = db.exec(select(PriceList).order_by(col(PriceList.is_default).desc())).all()
    own = [one for one in lists if one.currency == currency]
    if own:
        return own[0]
    name = gettext(_("Prices in %(currency)s"), currency=currency)
    first = not any(one.is_default for one in lists)
    made = PriceList(name=name, currency=currency, is_default=first)
    db.add(made)
    db.flush()
    return made


def _notes(intake: _Intake) -> list[str]:
    if intake.prices.is_default:
        return []
    return [gettext(_("The price list %(name)s is not the default."), name=intake.prices.name)]


def _written(intake: _Intake, rows: Iterator[Row]) -> Iterator[Written]:
    """Rows that can be taken; the others, and those that repeat a code, are reported."""
    for row in rows:
        try:
            written = read_product(row, intake.columns, intake.prices.currency)
            _first_time(intake, written)
        except Refused as refusal:
            intake.tally.bad(row.line, str(refusal))
            continue
        for warning in written.warnings:
            intake.tally.warn(row.line, warning)
        yield written


def _first_time(intake: _Intake, written: Written) -> None:
    first = intake.lines.setdefault(written.code, written.line)
    if first != written.line:
        raise Refused(
            _("The code %(code)s stands in line %(first)s already."), code=written.code, first=first
        )


def _take(intake: _Intake, batch: list[Written]) -> None:
    codes = [written.code for written in batch]
    found = intake.db.exec(select(Product).where(col(Product.code).in_(codes)))
    stored = {product.code: product for product in found}
    _add(intake, [written for written in batch if written.code not in stored])
    _update(intake, [(stored[w.code], w) for w in batch if w.code in stored])


def _add(intake: _Intake, batch: list[Written]) -> None:
    said = {"code": "", "name": "", "changed_at": intake.now}
    blank = Product.model_validate(said).model_dump()
    products, units, prices = [], [], []
    for written in batch:
        product = blank | {"id": uuid4()} | written.fields
        product |= search_fields(*(product[name] for name in SEARCHED))
        products.append(product)
        base = product["base_unit"]
        units += _units(product["id"], {base: BASE} | written.units)
        prices += _prices(intake, product["id"], base, written)
    for table, rows in ((Product, products), (PackUnit, units), (Price, prices)):
        if rows:
            intake.db.execute(insert(table), rows)
    intake.tally.added += len(batch)


def _units(product_id: UUID, factors: dict[str, Decimal]) -> list[dict[str, Any]]:
    return [{"product_id": product_id, "unit": u, "factor": f} for u, f in factors.items()]


def _prices(intake: _Intake, product_id: UUID, base: str, written: Written) -> list[dict[str, Any]]:
    key = {"price_list_id": intake.prices.id, "product_id": product_id}
    return [
        key | {"id": uuid4(), "unit": unit or base, "amount": amount}
        for unit, amount in written.prices.items()
    ]


def _update(intake: _Intake, pairs: list[tuple[Product, Written]]) -> None:
    if not pairs:
        return
    units, prices = _known_packs(intake, [product.id for product, _written in pairs])
    for product, written in pairs:
        renewed = _renew(product, written.fields)
        for unit, factor in ({product.base_unit: BASE} | written.units).items():
            pack = {"product_id": product.id, "unit": unit, "factor": factor}
            renewed |= _put(intake.db, PackUnit, units, pack)
        for price in _prices(intake, product.id, product.base_unit, written):
            renewed |= _put(intake.db, Price, prices, price)
        if renewed:
            product.rev, product.changed_at = product.rev + 1, intake.now
        intake.tally.changed += renewed
        intake.tally.unchanged += not renewed
    intake.db.flush()


def _known_packs(
    intake: _Intake, ids: list[UUID]
) -> tuple[dict[tuple[UUID, str], PackUnit], dict[tuple[UUID, str], Price]]:
    of_list = col(Price.price_list_id) == intake.prices.id
    units = intake.db.exec(select(PackUnit).where(col(PackUnit.product_id).in_(ids)))
    prices = intake.db.exec(select(Price).where(of_list, col(Price.product_id).in_(ids)))
    return (
        {(one.product_id, one.unit): one for one in units},
        {(one.product_id, one.unit): one for one in prices},
    )


def _renew(product: Product, said: dict[str, Any]) -> bool:
    changed = {name: value for name, value in said.items() if getattr(product, name) != value}
    product.sqlmodel_update(changed)
    if changed.keys() & set(SEARCHED):
        product.sqlmodel_update(search_fields(*(getattr(product, name) for name in SEARCHED)))
    return bool(changed)


def _put(
    db: Session,
    table: type[Packed],
    known: dict[tuple[UUID, str], Packed],
    wanted: dict[str, Any],
) -> bool:
    """Store a unit's factor or price; whether that changed anything."""
    stored = known.get((wanted["product_id"], wanted["unit"]))
    if stored is None:
        db.add(table(**wanted))
        return True
    changed = {name: wanted[name] for name in wanted.keys() & {"factor", "amount"}}
    if all(getattr(stored, name) == value for name, value in changed.items()):
        return False
    stored.sqlmodel_update(changed)
    return True
