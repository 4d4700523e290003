"""Finding things by what a thumb types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.core import words
from app.customers.models import Customer
from app.customers.search import search_fields
from tests.cast import Cast

SHOPS = [
    ("星巴克（人民广场店）", "星巴克", "S-001", ["021-6327 8888"], "黄浦区南京西路 189 号"),
    ("Green Café", "", "S-002", [], "Rue de l'Été 5"),
    ("100% 果汁", "", "A_7", [], "C:\\路"),
    ("重庆火锅", "", None, ["+86 138 0013 8000"], ""),
    ("ＡＢＣ商店", "", None, [], ""),
]


@pytest.fixture
def shops(db: Session, cast: Cast) -> None:
    for name, short, code, phones, address in SHOPS:
        derived = search_fields(name, short, code, phones, address)
        text, key = derived["search_text"], derived["sort_key"]
        db.add(Customer(name=name, team_id=cast.north.id, search_text=text, sort_key=key))
    db.commit()


def found(db: Session, query: str) -> set[str]:
    wanted = select(Customer.name)
    for word in query.split():
        wanted = wanted.where(col(Customer.search_text).like(words.pattern(word), escape="\\"))
    return {name[:2] for name in db.exec(wanted)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("星巴克", {"星巴"}),
        ("xbk", {"星巴"}),
        ("XBK", {"星巴"}),
        ("xingbake", {"星巴"}),
        ("xingb", {"星巴"}),
        ("s-001", {"星巴"}),
        ("63278888", {"星巴"}),
        ("6327 8888", {"星巴"}),
        ("南京西路", {"星巴"}),
        ("人民 189", {"星巴"}),
        ("green", {"Gr"}),
        ("cafe", {"Gr"}),
        ("CAFÉ", {"Gr"}),
        ("gc", {"Gr", "星巴"}),  # also 广场
        ("ete", {"Gr"}),
        ("13800138000", {"重庆"}),
        ("chongqing", {"重庆"}),
        ("abc", {"ＡＢ"}),
        ("ａｂｃ", {"ＡＢ"}),
        ("guozhi", {"10"}),
        ("星巴克 green", set()),
        ("nobody", set()),
    ],
)
def test_it_is_found(query: str, names: set[str], shops: None, db: Session) -> None:
    assert found(db, query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [("%", {"10"}), ("100%", {"10"}), ("_", {"10"}), ("\\", {"10"}), ("s_0", set())],
)
def test_signs_that_a_database_would_take_for_any_text_mean_themselves(
    query: str, names: set[str], shops: None, db: Session
) -> None:
    assert found(db, query) == names


def test_names_stand_in_the_order_of_their_pinyin() -> None:
    names = ["星巴克", "阿里", "Zebra", "apple", "重庆", "100"]
    assert sorted(names, key=words.sort_key) == ["100", "阿里", "apple", "重庆", "星巴克", "Zebra"]


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_name_can_be_taken_in(name: str, code: str) -> None:
    assert isinstance(words.search_text(name, also=(code,)), str)
    assert len(words.sort_key(name)) <= 200
    assert words.pattern(name).startswith("%")


@given(st.text(alphabet="星巴克重庆 abcÉ12-（）", min_size=1, max_size=20))
def test_a_name_is_found_by_itself(name: str) -> None:
    assert words.folded(name) in words.search_text(name)
