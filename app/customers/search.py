"""How a customer is found: derived from the card whenever it changes."""

from collections.abc import Iterable

from pypinyin import lazy_pinyin

from app.core import words
from app.customers.alike import plain


def search_fields(
    name: str, short_name: str, code: str | None, phones: Iterable[str], address: str
) -> dict[str, str]:
    """The derived columns of a customer's card."""
    also = (code or "", *phones, address)
    return {
        "search_text": words.search_text(name, short_name, also=also),
        "sort_key": words.sort_key(name),
        "alike_keys": alike_keys(name, short_name),
    }


def alike_keys(*names: str) -> str:
    """|jinhechaoshi|jinhe|: what another card's key is looked up in."""
    keys = dict.fromkeys(spelt(plain(name)) for name in names)
    return "".join(f"|{key}" for key in keys if key) + "|"


def spelt(name: str) -> str:
    """A name as `plain` gives it, in Latin letters: equal for whatever sounds the same."""
    return name if name.isascii() else "".join(lazy_pinyin(name))
