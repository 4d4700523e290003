"""What an order costs, reckoned by the server and by the phone: the same vectors through both."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core import i18n, money
from app.orders.commands import Quantity
from tests.contract.script import Ask, exported

GOLDEN = json.loads((Path(__file__).parent / "amounts.json").read_text("utf-8"))
TAGS = {"en": "en", "zh_CN": "zh-CN"}
quantity: TypeAdapter[Decimal] = TypeAdapter(Quantity)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return exported("reckon", tmp_path_factory.mktemp("reckon"))


def on_the_server(price: int, number: str) -> int:
    return money.times(price, Decimal(number))


def test_an_amount(ask: Ask) -> None:
    calls = [[price, number] for price, number, _amount in GOLDEN["times"]]
    amounts = [amount for _price, _number, amount in GOLDEN["times"]]
    assert [on_the_server(*call) for call in calls] == amounts
    assert ask("times", calls) == amounts


def test_any_amount(ask: Ask) -> None:
    random = Random(52)
    calls: list[Any] = [
        [
            random.randrange(10 ** random.randrange(1, 10)),
            f"{random.randrange(1, 10**6) / 1000:.3f}",
        ]
        for _ in range(2_000)
    ]
    assert ask("times", calls) == [on_the_server(*call) for call in calls]


def test_a_number(ask: Ask) -> None:
    """What the phone lets through, the server takes."""
    assert ask("many", [[written] for written, _ in GOLDEN["many"]]) == [
        plain for _, plain in GOLDEN["many"]
    ]
    for written, plain in GOLDEN["many"]:
        if plain is None:
            with pytest.raises(ValidationError):
                quantity.validate_python(written if written != "1e3" else "0")
        else:
            assert str(quantity.validate_python(plain)) == plain


@pytest.mark.parametrize("language", TAGS)
def test_money(ask: Ask, language: str) -> None:
    calls: list[Any] = [
        [minor, currency, money.digits(currency), TAGS[language]]
        for minor, currency, _said in GOLDEN["shown"]
    ]
    expected = [said[language] for _minor, _currency, said in GOLDEN["shown"]]
    with i18n.speaking(language, "UTC"):
        assert [money.shown(minor, currency) for minor, currency, *_ in calls] == expected
    assert ask("shown", calls) == expected
