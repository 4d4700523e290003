"""The rules by which two cards are likely one, whatever is written on them."""

import unicodedata
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.customers.alike import (
    COMPANY_ENDINGS,
    COMPANY_WORDS,
    FEWEST_DIGITS,
    LIKELY,
    Marks,
    Sign,
    common,
    dialled,
    likeness,
    plain,
)
from app.customers.rules import road_code
from app.customers.search import spelt

NAMES = st.text(max_size=30)
CHINESE = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12
)
PHONES = st.text("0123456789 +-()转*", max_size=20)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
METRES = st.none() | st.floats(0, 50_000)


def marks(name: str, *phones: str) -> Marks:
    letters = plain(name)
    return Marks(letters, spelt(letters), tuple(filter(None, map(dialled, phones))))


@given(NAMES)
def test_a_plain_name_is_letters_and_digits(name: str) -> None:
    assert all(unicodedata.category(char)[0] in "LN" for char in plain(name))
    assert plain(name) == plain(f"  {name}\n") == plain(f"（{name}）")


@given(st.text("abcXYZ 019星巴克店-", max_size=20))
def test_full_width_is_half_width(name: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    assert plain(wide) == plain(name) == plain(name.upper())


@given(CHINESE, st.sampled_from(COMPANY_ENDINGS))
def test_what_every_company_is_does_not_count(name: str, ending: str) -> None:
    own = name if any(name.endswith(one) for one in COMPANY_ENDINGS) else plain(name + ending)
    assert own == name


@given(
    st.from_regex(r"[a-z]{4,12}( [a-z]{4,12})?", fullmatch=True),
    st.sampled_from(sorted(COMPANY_WORDS)),
)
def test_nor_does_it_in_latin_letters(name: str, word: str) -> None:
    if name.rsplit(maxsplit=1)[-1] not in COMPANY_WORDS:
        assert plain(f"{name}, {word.upper()}.") == plain(name)


@given(MOBILES, st.sampled_from(["+86 {}", "0086{}", "86-{}", "({})", " {} "]))
def test_a_mobile_is_the_same_however_it_is_written(number: str, way: str) -> None:
    assert dialled(way.format(number)) == number
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    assert dialled(way.format(spaced)) == number


@given(PHONES)
def test_a_phone_is_digits_without_a_trunk_zero(phone: str) -> None:
    digits = dialled(phone)
    assert digits == "" or digits.isdecimal()
    assert not digits.startswith("0")


@given(NAMES, NAMES, PHONES, PHONES, METRES)
def test_it_is_the_same_both_ways_round(
    a: str, b: str, phone: str, other: str, metres: float | None
) -> None:
    one, two = marks(a, phone), marks(b, other)
    there, back = likeness(one, two, metres), likeness(two, one, metres)
    assert (there.score, set(there.signs)) == (back.score, set(back.signs))
    assert 0 <= there.score <= 100


@given(NAMES.filter(plain), st.floats(0, 1000))
def test_the_same_name_not_far_away_is_likely_one(name: str, metres: float) -> None:
    assert likeness(marks(name), marks(name), metres).likely
    assert likeness(marks(name), marks(name), None).likely


@given(NAMES, NAMES, METRES)
def test_nearness_alone_says_nothing(a: str, b: str, metres: float | None) -> None:
    found = likeness(marks(a), marks(b), metres)
    assert found.signs or found.score == 0


@given(st.text("0123456789", max_size=FEWEST_DIGITS - 1), NAMES, NAMES)
def test_a_service_number_is_nobodys(number: str, a: str, b: str) -> None:
    assert Sign.SAME_PHONE not in likeness(marks(a, number), marks(b, number), None).signs


@given(NAMES, NAMES, MOBILES, st.floats(0, 50_000), st.floats(0, 50_000))
def test_nearer_is_never_less_likely(a: str, b: str, phone: str, m: float, n: float) -> None:
    near, far = sorted((m, n))
    one, two = marks(a, phone), marks(b, phone)
    assert likeness(one, two, near).score >= likeness(one, two, far).score


@given(CHINESE)
def test_homophones_side_by_side_are_likely_one(name: str) -> None:
    letters = plain(name)
    other = Marks(letters[::-1], spelt(letters))
    assert likeness(marks(name), other, 50).score >= LIKELY


@given(NAMES, NAMES)
def test_what_is_common_is_in_both(a: str, b: str) -> None:
    assert common(a, b) == common(b, a) <= min(len(a), len(b))
    assert common(a, a) == len(a)
    assert common(a, a + b) == len(a)


@given(st.uuids(), st.uuids())
def test_a_code_of_the_road_is_short_and_its_own(a: UUID, b: UUID) -> None:
    assert len(road_code(a)) == 9
    assert (road_code(a) == road_code(b)) == (a.int % 2**35 == b.int % 2**35)
