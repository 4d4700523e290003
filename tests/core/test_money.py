"""Money: whole minor units, one rounding, written as the reader writes it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import i18n, money

MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.30", "CNY", 1230),
        ("12.345", "CNY", 1235),
        ("12.344999", "CNY", 1234),
        ("-12.345", "CNY", -1235),
        ("0.005", "CNY", 1),
        ("0.0049", "CNY", 0),
        ("1000", "JPY", 1000),
        ("0.5", "JPY", 1),
        ("1.2345", "KWD", 1235),
        ("0", "EUR", 0),
    ],
)
def test_major_units_become_minor_ones_half_up(amount: str, currency: str, minor: int) -> None:
    assert money.minor(Decimal(amount), currency) == minor


@given(st.integers(-MOST, MOST), st.sampled_from(["CNY", "JPY", "KWD", "USD"]))
def test_there_and_back_nothing_is_lost(amount: int, currency: str) -> None:
    assert money.minor(money.major(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [(1250, "3", 3750), (1250, "0.5", 625), (333, "0.5", 167), (1, "0.499", 0), (0, "9", 0)],
)
def test_a_price_times_a_quantity_is_rounded_once(price: int, quantity: str, amount: int) -> None:
    assert money.times(price, Decimal(quantity)) == amount


def test_a_large_order_of_fractions_is_exact() -> None:
    """Floating point would lose the last digits."""
    assert money.times(9_007_199_254_740_993, Decimal("1.000")) == 9_007_199_254_740_993


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("zh_CN", 123456, "CNY", "¥1,234.56"),
        ("en", 123456, "CNY", "CN¥1,234.56"),
        ("en", -50, "USD", "-$0.50"),
        ("zh_CN", 1000, "JPY", "JP¥1,000"),
        ("en", 0, "EUR", "€0.00"),
    ],
)
def test_it_is_written_as_the_reader_writes_it(
    language: str, amount: int, currency: str, shown: str
) -> None:
    with i18n.speaking(language):
        assert money.shown(amount, currency) == shown
