"""Headings of tables: where they stand, in one row or two, and which field each one means."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from app.core.spreadsheets import Line


def find_headings(top: list[Line], known: Callable[[str], bool]) -> tuple[list[str], int] | None:
    """The headings and how many rows they end after; a second row of headings is joined in."""
    scores = [sum(map(known, cells)) for _line, cells in top]
    if not any(scores):
        return None
    at = scores.index(max(scores))
    headings, begin = top[at][1], at + 1
    if at and _spans(top[at - 1][1], headings, known):
        headings = _joined(headings, top[at - 1][1])
    if begin < len(top) and _continues(headings, top[begin][1], known):
        headings, begin = _joined(top[begin][1], headings), begin + 1
    return _distinct(headings), begin


def _spans(upper: list[str], lower: list[str], known: Callable[[str], bool]) -> bool:
    """Whether the row above holds headings of merged cells: it is known where ours is empty."""
    pairs = zip_longest(upper, lower, fillvalue="")
    return any(known(above) and not own for above, own in pairs)


def _joined(lower: list[str], upper: list[str]) -> list[str]:
    return [own or above for own, above in zip_longest(lower, upper, fillvalue="")]


def _continues(headings: list[str], below: list[str], known: Callable[[str], bool]) -> bool:
    """Whether the row below holds more headings: it adds some, and no data under the known."""
    pairs = list(zip_longest(headings, below, fillvalue=""))
    adds = any(known(cell) and not known(heading) for heading, cell in pairs)
    return adds and not any(cell and known(heading) and not known(cell) for heading, cell in pairs)


def _distinct(headings: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
    again = {heading for heading, times in seen.items() if heading and times > 1}
    return [
        f"{heading} ({at})" if heading in again else heading
        for at, heading in enumerate(headings, 1)
    ]


def normal(heading: str) -> str:
    """A heading without what differs from file to file: "Customer_Name (必填)", "电话2"."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)|\[.*?\]", "", text)).rstrip("0123456789")


def matched(headings: Sequence[str], words: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The file's headings for each field of `words`, in the order in which `words` prefers them."""
    found: dict[str, list[str]] = {}
    for field, spellings in words.items():
        ranks = {normal(word): rank for rank, word in reversed(list(enumerate(spellings)))}
        own = [heading for heading in headings if normal(heading) in ranks]
        if own:
            found[field] = sorted(own, key=lambda heading: ranks[normal(heading)])
    return found
