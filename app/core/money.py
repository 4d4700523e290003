"""Money as whole minor units (cents, fen) with a currency; rounding happens here only."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision

from app.core import i18n


def digits(currency: str) -> int:
    """Decimals of its amounts: 2 of CNY, 0 of JPY."""
    return get_currency_precision(currency)


def minor(amount: Decimal, currency: str) -> int:
    """Major units to minor units, half up: Decimal("12.345") CNY is 1235."""
    scaled = amount.scaleb(digits(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def major(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-digits(currency))


def times(price: int, quantity: Decimal) -> int:
    """`quantity` units at `price` minor units each, half up."""
    return int((price * quantity).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def shown(amount: int, currency: str) -> str:
    """As the reader writes it: ¥12.30."""
    return _shown(amount, currency, i18n.language())


@lru_cache(10_000)
def _shown(amount: int, currency: str, _language: str) -> str:
    """Of the language that is spoken: a page has the same prices many times."""
    return format_currency(major(amount, currency), currency, locale=i18n.locale())
