"""Cells of a customer list that hold money, days and minutes, read into fields of the card."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from app.core.errors import Refused
from app.core.i18n import mark as _
from app.core.money import minor
from app.core.tables import number_of
from app.core.words import folded
from app.customers.rules import LONGEST_VISIT, SHORTEST_VISIT

CURRENCIES = {"人民币": "CNY", "rmb": "CNY", "美元": "USD", "欧元": "EUR", "港币": "HKD"}


def amount(name: str, currency: str) -> Callable[[str], dict[str, Any]]:
    return lambda text: {name: minor(number_of(text), currency)}


def currency(text: str) -> dict[str, Any]:
    code = CURRENCIES.get(folded(text), text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Refused(_("“%(text)s” is no currency such as CNY or EUR. Left out."), text=text)
    return {"currency": code}


def owed_since(text: str) -> dict[str, Any]:
    """As most programs write a day, the time of day left out."""
    written = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text)
    try:
        return {"owed_since": date(*map(int, written.groups()))} if written else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> dict[str, Any]:
    raise Refused(_("“%(text)s” is no day such as 2026-11-30. Left out."), text=text)


def visit_minutes(text: str) -> dict[str, Any]:
    minutes = number_of(text)
    if not SHORTEST_VISIT <= minutes <= LONGEST_VISIT:
        raise Refused(
            _("A visit of %(text)s minutes is not between %(least)s and %(most)s. Left out."),
            text=text,
            least=SHORTEST_VISIT,
            most=LONGEST_VISIT,
        )
    return {"visit_minutes": round(minutes)}
