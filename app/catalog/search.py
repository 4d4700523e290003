"""How a product is found: derived whenever it changes."""

from app.core import words


def search_fields(name: str, code: str, barcode: str, maker: str) -> dict[str, str]:
    """The derived columns of a product."""
    return {
        "search_text": words.search_text(name, also=(code, barcode, maker)),
        "sort_key": words.sort_key(name),
    }
