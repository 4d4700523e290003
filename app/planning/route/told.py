"""Reading what was told in JSON; whatever is wrong is said with the name of its field."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from app.core.errors import Refused
from app.core.i18n import mark as _

FAR = 1_000_000  # minutes, or points of worth: more is a mistake

Told = Mapping[str, Any]


def document(text: str) -> Told:
    try:
        told = json.loads(text)
    except ValueError as wrong:
        raise Refused(_("The question is not JSON: %(wrong)s"), wrong=str(wrong)) from wrong
    except RecursionError as wrong:
        raise Refused(_("The question is not JSON: %(wrong)s"), wrong="too deep") from wrong
    return an_object(told, "question")


def an_object(told: Any, field: str) -> Told:
    if not isinstance(told, dict):
        raise Refused(_("“%(field)s” must be an object."), field=field)
    return told


def a_list(told: Any, field: str, length: int | None = None) -> Sequence[Any]:
    if not isinstance(told, list):
        raise Refused(_("“%(field)s” must be a list."), field=field)
    if length is not None and len(told) != length:
        raise Refused(
            _("“%(field)s” must have %(wanted)s entries, it has %(there)s."),
            field=field,
            wanted=length,
            there=len(told),
        )
    return told


def a_number(told: Any, field: str, *, least: float = -FAR, most: float = FAR) -> float:
    if told is None:
        raise Refused(_("“%(field)s” is missing."), field=field)
    if isinstance(told, bool) or not isinstance(told, int | float) or not isfinite(told):
        raise Refused(_("“%(field)s” must be a number."), field=field)
    if not least <= told <= most:
        raise Refused(
            _("“%(field)s” must be between %(least)s and %(most)s."),
            field=field,
            least=f"{least:g}",
            most=f"{most:g}",
        )
    return float(told)


def a_count(told: Any, field: str, most: int) -> int:
    number = a_number(told, field, least=0, most=most)
    if not number.is_integer():
        raise Refused(_("“%(field)s” must be a whole number."), field=field)
    return int(number)


def a_flag(told: Any, field: str) -> bool:
    if not isinstance(told, bool):
        raise Refused(_("“%(field)s” must be true or false."), field=field)
    return told


def a_window(told: Any, field: str) -> tuple[float, float]:
    opens, closes = a_list(told, field, 2)
    window = a_number(opens, f"{field}[0]"), a_number(closes, f"{field}[1]")
    if window[1] < window[0]:
        raise Refused(_("“%(field)s” ends before it begins."), field=field)
    return window
