"""The columns of a price list or catalogue, and one row of it read into a product."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import money
from app.core.errors import Refused
from app.core.headings import matched, normal
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.tables import Row, number_of
from app.core.words import folded

# fmt: off
HEADINGS: dict[str, tuple[str, ...]] = {  # the better heading first
    "code": (
        "code", "product code", "item code", "item no", "item number", "item", "sku", "article no",
        "产品编码", "商品编码", "产品编号", "商品编号", "货号", "编码", "编号", "物料编码",
    ),
    "name": (
        "name", "product name", "product", "item name", "description", "产品名称", "商品名称",
        "品名", "名称", "物料名称",
    ),
    "category": ("category", "类别", "分类", "品类", "商品分类"),
    "maker": (
        "maker", "manufacturer", "vendor", "supplier", "brand", "厂家", "生产厂家", "厂商",
        "供应商", "品牌",
    ),
    "size": ("size", "规格", "规格型号", "型号"),
    "volume": ("volume ml", "ml", "容量ml", "容量"),
    "pack": ("pack", "pack size", "units per case", "case qty", "箱规", "装箱数", "每箱数量"),
    "barcode": ("upc12", "ean13", "barcode", "ean", "upc", "gtin", "条码", "条形码", "商品条码"),
    "unit": ("unit", "base unit", "单位", "计量单位", "基本单位"),
    "listed_on": ("list date", "listed on", "上市日期", "上架日期"),
    "active": ("status", "active", "状态", "在售"),
}
PRICES = {
    "price": (
        "bottle price", "unit price", "price", "list price", "selling price", "retail price",
        "单价", "售价", "价格", "销售价", "零售价", "批发价",
    ),
    "case_price": ("case price", "箱价", "整箱价"),
}
CURRENCIES = {"cny": "CNY", "rmb": "CNY", "usd": "USD", "eur": "EUR", "gbp": "GBP", "hkd": "HKD"}
UNITS = {
    "bottle": ("bottle", "bottles", "btl", "瓶"),
    "case": ("case", "cases", "箱", "件"),
    "piece": ("piece", "pieces", "pc", "pcs", "ea", "each", "个", "只", "支"),
}
WITHDRAWN = ("inactive", "no", "false", "0", "discontinued", "停售", "停产", "下架", "否")
# fmt: on
UNIT_NAMES = {word: unit for unit, words in UNITS.items() for word in words}


@dataclass(frozen=True)
class Columns:
    """The file's headings for our fields; `currency` is what the prices' headings say."""

    fields: dict[str, list[str]]
    currency: str | None
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """What a row says. `units` are factors, `prices` minor units, both by the unit's name."""

    line: int
    fields: dict[str, Any]
    units: dict[str, Decimal] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return str(self.fields["code"])


def _in_currencies(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word + code for code in ("", *CURRENCIES) for word in words)


PRICE_HEADINGS = {name: _in_currencies(words) for name, words in PRICES.items()}
_KNOWN = {normal(word) for words in (HEADINGS | PRICE_HEADINGS).values() for word in words}


def known(heading: str) -> bool:
    return normal(heading) in _KNOWN


def recognise(headings: Sequence[str]) -> Columns:
    fields = matched(headings, HEADINGS | PRICE_HEADINGS)
    for name, example in (("code", "code, 货号"), ("name", "name, 品名")):
        if name not in fields:
            raise Refused(
                _("Products need a column with their %(what)s."), what=f"{name} ({example})"
            )
    said = {_currency(heading) for name in PRICES for heading in fields.get(name, ())} - {None}
    if len(said) > 1:
        raise Refused(_("The prices are in several currencies. Leave one in the file."))
    used = {heading for own in fields.values() for heading in own}
    unused = tuple(heading for heading in headings if heading not in used)
    return Columns(fields, next(iter(said), None), unused)


def _currency(heading: str) -> str | None:
    return next((code for end, code in CURRENCIES.items() if normal(heading).endswith(end)), None)


def read_product(row: Row, columns: Columns, currency: str) -> Written:
    """Read a row; refused when it cannot be taken at all."""
    said = {
        name: next(filter(None, (row.cells.get(heading) for heading in headings)), "")
        for name, headings in columns.fields.items()
    }
    said = {name: text for name, text in said.items() if text}
    for name in ("code", "name"):
        if name not in said:
            raise Refused(_("There is no code.") if name == "code" else _("There is no name."))
    texts = ("code", "name", "category", "maker", "size", "barcode")
    written = Written(row.line, {name: said[name] for name in texts if name in said})
    _read_size(written, said)
    _read_units(written, said)
    _read_date(written, said)
    _read_prices(written, said, currency)
    if "active" in said:
        written.fields["active"] = folded(said["active"]) not in WITHDRAWN
    return written


def _read_size(written: Written, said: dict[str, str]) -> None:
    if "size" in said or "volume" not in said:
        return
    volume = said["volume"]
    written.fields["size"] = f"{volume} ml" if re.fullmatch(r"[\d.]+", volume) else volume


def _read_units(written: Written, said: dict[str, str]) -> None:
    """What is sold by the pack or by volume comes in bottles, anything else in pieces."""
    base = UNIT_NAMES.get(folded(said.get("unit", "")), said.get("unit"))
    if base is None and said.keys() & {"pack", "volume"}:
        base = "bottle"
    if base:
        written.fields["base_unit"] = base
    if "pack" not in said:
        return
    try:
        factor = number_of(said["pack"])
    except Refused as refusal:
        written.warnings.append(str(refusal))
        return
    if factor > 1 and base != "case":
        written.units["case"] = factor.quantize(Decimal("0.001"))


def _read_date(written: Written, said: dict[str, str]) -> None:
    if "listed_on" not in said:
        return
    text = said["listed_on"]
    try:
        year, month, day = (int(part) for part in re.findall(r"\d+", text)[:3])
        written.fields["listed_on"] = date(year, month, day)
    except ValueError:
        written.warnings.append(
            gettext(_("“%(text)s” is not a date such as 2026-03-31. Left out."), text=text)
        )


def _read_prices(written: Written, said: dict[str, str], currency: str) -> None:
    units = {"price": written.fields.get("base_unit", ""), "case_price": "case"}
    for name, unit in units.items():
        if name not in said:
            continue
        try:
            amount = money.minor(number_of(said[name]), currency)
        except Refused as refusal:
            written.warnings.append(str(refusal))
            continue
        if amount < 0:
            sentence = gettext(
                _("The price %(price)s is below nothing. Left out."), price=said[name]
            )
            written.warnings.append(sentence)
            continue
        written.prices[unit] = amount
