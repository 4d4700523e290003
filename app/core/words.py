"""Finding things by what a thumb types: names, codes, digits, pinyin and pinyin initials."""

import re
import unicodedata
from itertools import chain

from pypinyin import Style, lazy_pinyin


def folded(text: str) -> str:
    """Lower case, full-width to half-width, no accents, single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(kept.split())


def sort_key(name: str) -> str:
    """Chinese names by their pinyin, others as they are spelt."""
    return folded(name if name.isascii() else "".join(lazy_pinyin(name)))[:200]


def search_text(*names: str, also: tuple[str, ...] = ()) -> str:
    """One text that holds every way to find a thing, as `|`-separated words.

    `names` are found by their letters, by pinyin (xingbake) and by initials (xbk); `also` (codes,
    addresses, phone numbers) by letters and by their digits alone.
    """
    spellings = chain.from_iterable((name, pinyin(name), initials(name)) for name in names if name)
    digits = (re.sub(r"\D", "", text) for text in also)
    words = [folded(word) for word in chain(spellings, also, digits) if word]
    return "|".join(dict.fromkeys(words))


def pinyin(name: str) -> str:
    return "" if name.isascii() else "".join(lazy_pinyin(name, errors="ignore"))


def initials(name: str) -> str:
    """First letters of Chinese characters and of Latin words: 星巴克 is xbk, Green Café is gc."""
    if not re.search(r"[\u4e00-\u9fff]", name):
        return latin_initials(name)
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=letters_only))


def letters_only(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def latin_initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", folded(name)))


def phone(word: str) -> str:
    """The digits of what looks like a part of a telephone number; of other words, nothing."""
    plain = folded(word)
    digits = re.sub(r"\D", "", plain)
    return digits if len(digits) > 2 and re.fullmatch(r"[\d()+./-]+", plain) else ""


def pattern(query: str) -> str:
    r"""The LIKE pattern for a query, its own wildcards made harmless; escape character is \\."""
    safe = re.sub(r"([%_\\])", r"\\\1", folded(query))
    return f"%{safe}%"
