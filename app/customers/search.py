"""How a customer is found: derived from the card whenever it changes."""

from collections.abc import Iterable

from app.core import words


def search_fields(
    name: str, short_name: str, code: str | None, phones: Iterable[str], address: str
) -> dict[str, str]:
    """The derived columns of a customer's card."""
    also = (code or "", *phones, address)
    return {
        "search_text": words.search_text(name, short_name, also=also),
        "sort_key": words.sort_key(name),
    }
