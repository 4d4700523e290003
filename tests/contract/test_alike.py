"""What the server and the phone take for one: the same vectors through Python and TypeScript."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.core.geo import Point, distance_m
from app.customers import alike
from app.customers.alike import COMPANY_ENDINGS, COMPANY_WORDS, Marks, dialled, likeness, plain
from app.settings import ROOT
from tests.contract.script import Ask, exported

GOLDEN = json.loads((Path(__file__).parent / "alike.json").read_text("utf-8"))
LETTERS = "星巴克咖啡南京西路店全家便利超市有限公司集团 　ＡａÉßøİſ①12３-()（）.,&'LtdCo"
Card = dict[str, Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    return exported("alike", tmp_path_factory.mktemp("alike"))


@pytest.mark.parametrize(("written", "expected"), GOLDEN["names"])
def test_a_name(written: str, expected: str) -> None:
    assert plain(written) == expected


@pytest.mark.parametrize(("written", "expected"), GOLDEN["phones"])
def test_a_phone(written: str, expected: str) -> None:
    assert dialled(written) == expected


@pytest.mark.parametrize("pair", GOLDEN["pairs"], ids=lambda pair: pair["a"]["name"])
def test_a_pair(pair: dict[str, Any]) -> None:
    for a, b in ((pair["a"], pair["b"]), (pair["b"], pair["a"])):
        found = compared(a, b)
        assert (found.score, list(found.signs)) == (pair["score"], pair["signs"])
        assert found.metres == pytest.approx(pair["metres"], abs=0.1)


def test_the_phone_says_the_same(ask: Ask) -> None:
    for function, vectors in (("plain", GOLDEN["names"]), ("dialled", GOLDEN["phones"])):
        assert ask(function, [[said] for said, _ in vectors]) == [told for _, told in vectors]
    found = ask("likeness", [[pair["a"], pair["b"]] for pair in GOLDEN["pairs"]])
    for like, pair in zip(found, GOLDEN["pairs"], strict=True):
        assert (like["score"], like["signs"]) == (pair["score"], pair["signs"]), pair
        assert like["metres"] == pytest.approx(pair["metres"], abs=0.5)


def test_the_phone_says_the_same_of_anything(ask: Ask) -> None:
    chance = Random(69)
    names = ["".join(chance.choices(LETTERS, k=chance.randint(0, 14))) for _one in range(2000)]
    phones = ["".join(chance.choices("0123456789 +-()转*", k=14)) for _one in range(2000)]
    assert ask("plain", [[name] for name in names]) == [plain(name) for name in names]
    assert ask("dialled", [[phone] for phone in phones]) == [dialled(phone) for phone in phones]
    cards = [card(name, phone) for name, phone in zip(names, phones, strict=True)]
    pairs = list(pairwise(cards))
    scores = [like["score"] for like in ask("likeness", [list(pair) for pair in pairs])]
    assert scores == [compared(a, b).score for a, b in pairs]


def test_the_phone_names_the_likely_ones_the_likeliest_first(ask: Ask) -> None:
    wanted = card("锦禾超市", "13917880301") | {"id": "new"}
    others = [
        card("罗森", "021-555") | {"id": "other"},
        card("老王", "139 1788 0301") | {"id": "phone"},
        card("锦禾超市有限公司", "+86 139 1788 0301") | {"id": "both"},
        wanted,
    ]
    ((found),) = ask("alike", [[wanted, others]])
    assert [one["id"] for one, _likeness in found] == ["both", "phone"]


def test_every_word_of_the_tables_has_a_vector() -> None:
    """So that a word in one table and not in the other is noticed."""
    written = "|".join(said for said, _plain in GOLDEN["names"]).lower()
    assert {word for word in (*COMPANY_WORDS, *COMPANY_ENDINGS) if word not in written} == set()
    script = (ROOT / "static/js/alike.ts").read_text("utf-8")
    assert {word for word in alike.SHOP_WORDS if word not in script} == set()


def card(name: str, phone: str) -> Card:
    return {"id": name, "name": name, "phones": [phone], "lat": None, "lon": None}


def compared(a: Card, b: Card) -> alike.Likeness:
    apart = None
    if a["lat"] is not None and b["lat"] is not None:
        apart = distance_m(Point(a["lat"], a["lon"]), Point(b["lat"], b["lon"]))
    return likeness(marks(a), marks(b), apart)


def marks(card: Card) -> Marks:
    name = plain(card["name"])
    spelt = card.get("spelt") or (name if name.isascii() else "")
    return Marks(name, spelt, tuple(map(dialled, card["phones"])))
