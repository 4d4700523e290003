"""One row of a customer list, read cell by cell into what it says of a customer."""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID, uuid5

from app.core.errors import Refused
from app.core.geo import Crs, Point, to_wgs84
from app.core.hours import windows_of
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.tables import Row, number_of
from app.core.words import folded
from app.customers.columns import Columns
from app.customers.figures import amount, currency, owed_since, visit_minutes
from app.customers.rules import (
    Grade,
    Kind,
    PinSource,
    Status,
)

# fmt: off
STATUSES = {
    Status.PROSPECT: ("prospect", "lead", "potential", "潜在", "潜在客户", "意向"),
    Status.ACTIVE: ("active", "open", "正常", "在用", "合作", "合作中", "活跃", "有效", "启用"),
    Status.INACTIVE: ("inactive", "closed", "stopped", "停用", "流失", "无效", "关闭", "歇业"),
}
KINDS = {
    Kind.END_USER: ("end_user", "end user", "终端", "终端客户", "最终用户", "直客"),
    Kind.DEALER: ("dealer", "经销商", "代理商"),
    Kind.DISTRIBUTOR: ("distributor", "wholesaler", "分销商", "批发商"),
    Kind.STORE: ("store", "shop", "retail", "门店", "零售", "零售店", "商店"),
    Kind.SITE: ("site", "project", "工地", "项目", "站点"),
}
GRADES: dict[Grade, tuple[str, ...]] = {grade: (grade.value.casefold(),) for grade in Grade} | {
    Grade.A1: ("a1", "a"), Grade.B1: ("b1", "b"),
}
TEXTS = (
    "name", "short_name", "address", "region", "industry", "notes", "payment_terms",
    "current_supplier", "competitors", "source",
)
# fmt: on
WITHOUT_CODE = UUID("5ad3b7a6-3a55-4a0c-9a3e-0f5a52a3c1d7")
GUESSED = ("A", "B")
FEW_DIGITS = 3
TWO_NUMBERS = r"\d{16}"  # a telephone number has no more than 15 digits (ITU-T E.164)

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Written:
    """What a row says. `fields` has only those columns of the card that it says something about.

    `key` stays the same from file to file for a customer without a code.
    """

    line: int
    key: UUID
    fields: dict[str, Any] = field(default_factory=dict)
    owner: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # worth counting, not worth a line each

    @property
    def code(self) -> str | None:
        return self.fields.get("code")


def read_customer(row: Row, columns: Columns, crs: Crs, prefix: str) -> Written:
    """Read a row; refused when it cannot be taken at all."""
    said = {name: _first(row, headings) for name, headings in columns.fields.items()}
    said = {name: text for name, text in said.items() if text}
    if "name" not in said:
        raise Refused(_("There is no name."))
    written = Written(
        line=row.line,
        key=_key(row, said, columns.mark),
        fields={name: said[name] for name in TEXTS if name in said},
        owner=said.get("owner", ""),
        contact=_contact(said),
    )
    if "opening_hours" in said:
        said["windows"] = said["opening_hours"]
    if "code" in said:
        written.fields["code"] = prefix + _code(said["code"])
    for name, read in READERS.items():
        if name in said:
            _attempt(written, read, said[name])
    _read_credit(written, said)
    _read_phones(written, row, columns.fields.get("phones", []))
    if columns.position:
        lat, lon = (row.cells.get(heading, "") for heading in columns.position)
        _read_position(written, lat, lon, crs)
    if (grade := said.get("grade")) in GUESSED:
        written.remarks.append(gettext(_("Grade %(grade)s was taken as %(grade)s1"), grade=grade))
    return written


def _first(row: Row, headings: list[str]) -> str:
    return next(filter(None, (row.cells.get(heading) for heading in headings)), "")


def _key(row: Row, said: dict[str, str], mark: tuple[str, str] | None) -> UUID:
    """Made of name and address; without an address, of the position as written, to about 100 m."""
    place = folded(said.get("address", ""))
    if not place and mark:
        place = " ".join(_rounded(row.cells.get(heading, "")) for heading in mark)
    return uuid5(WITHOUT_CODE, f"{folded(said['name'])}|{place}")


def _rounded(text: str) -> str:
    try:
        return f"{number_of(text):.3f}"
    except Refused:
        return text


def _contact(said: dict[str, str]) -> dict[str, str]:
    if "contact" not in said:
        return {}
    parts = {"name": "contact", "title": "contact_title", "phone": "contact_phone"}
    return {part: said[name] for part, name in parts.items() if name in said}


def _code(text: str) -> str:
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", text):
        raise Refused(
            _("The code %(code)s has lost its digits: make the column text and save again."),
            code=text,
        )
    return text


def _attempt(written: Written, read: Callable[[str], dict[str, Any]], text: str) -> None:
    try:
        written.fields.update(read(text))
    except Refused as refusal:
        written.warnings.append(str(refusal))


def _chosen(name: str, words: dict[Choice, tuple[str, ...]]) -> Callable[[str], dict[str, Any]]:
    choices = {word: choice for choice, spellings in words.items() for word in spellings}

    def read(text: str) -> dict[str, Any]:
        choice = choices.get(folded(text).rstrip("级类"))
        if choice is None:
            raise Refused(
                _("“%(text)s” is none of %(choices)s. Left out."),
                text=text,
                choices=", ".join(words),
            )
        return {name: choice}

    return read


def _tags(text: str) -> dict[str, Any]:
    return {"tags": list(dict.fromkeys(filter(None, re.split(r"[\s,，;；、|/]+", text))))}


READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "kind": _chosen("kind", KINDS),
    "status": _chosen("status", STATUSES),
    "grade": _chosen("grade", GRADES),
    "tags": _tags,
    "owed_since": owed_since,
    "visit_minutes": visit_minutes,
    "opening_hours": lambda text: {"opening_hours": text, "windows": None},
    "windows": lambda text: {"windows": windows_of(text)},
}


def _read_credit(written: Written, said: dict[str, str]) -> None:
    if "currency" in said:
        _attempt(written, currency, said["currency"])
    unit = written.fields.get("currency", "CNY")
    for name in ("credit_limit", "owed"):
        if name in said:
            _attempt(written, amount(name, unit), said[name])


def _read_phones(written: Written, row: Row, headings: list[str]) -> None:
    numbers: list[str] = []
    for part in chain.from_iterable(_phones(row.cells.get(heading, "")) for heading in headings):
        digits = sum(map(str.isdigit, part))
        if digits < FEW_DIGITS or "://" in part:
            written.warnings.append(
                gettext(_("“%(text)s” is no telephone number. Left out."), text=part)
            )
            continue
        if re.search(TWO_NUMBERS, part):
            written.warnings.append(
                gettext(_("“%(text)s” has the digits of two telephone numbers."), text=part)
            )
        numbers.append(part)
    if numbers:
        written.fields["phones"] = list(dict.fromkeys(numbers))


def _phones(text: str) -> list[str]:
    """The numbers as they are written, only with half-width digits and extensions after a dash."""
    plain = unicodedata.normalize("NFKC", text)
    if "://" in plain:
        return [plain]
    parts = re.split(r"[;,、/|]|(?<=\d{7})\s+(?=1\d{10}\b)", plain)
    tidy = [re.sub(r"(?<=\d)\s*(\*|转|分机|ext\.?|x|-{2,})\s*(?=\d)", "-", part) for part in parts]
    return [part.strip(" .:-") for part in tidy if part.strip(" .:-")]


def _read_position(written: Written, lat: str, lon: str, crs: Crs) -> None:
    if not lat and not lon:
        written.remarks.append(gettext(_("No position")))
        return
    try:
        point = to_wgs84(_point(lat, lon), crs)
    except Refused as refusal:
        written.warnings.append(str(refusal))
        return
    lat_lon = {"lat": round(point.lat, 7), "lon": round(point.lon, 7)}  # to a centimetre
    written.fields.update(lat_lon, pin_source=PinSource.IMPORTED)


def _point(lat: str, lon: str) -> Point:
    try:
        point = Point(float(number_of(lat)), float(number_of(lon)))
    except Refused:
        point = Point(math.inf, math.inf)
    possible = abs(point.lat) <= 90 and abs(point.lon) <= 180
    if not possible or point == (0, 0):
        raise Refused(
            _("“%(lat)s, %(lon)s” is no latitude and longitude. Taken without a position."),
            lat=lat,
            lon=lon,
        )
    return point
