"""What runs on the phone knows no business: the HTML tells it what to do, by attributes."""

import re
from pathlib import Path

import pytest

from app.settings import ROOT

BUSINESS = {
    "alice", "cadence", "catalog", "catalogue", "checkin", "checkout", "contact", "customer",
    "debt", "delivery", "grade", "invoice", "lead", "manager", "notes", "order", "outcome",
    "pipeline", "price", "product", "promise", "prospect", "quantity", "quote", "rep", "sale",
    "sales", "shop", "stock", "supplier", "team", "visit",
}  # fmt: skip
OF_NO_TRADE = r"\bPromise\b|\binOrder\b"  # JavaScript's own, and a sequence
SCRIPTS = [
    path
    for folder in ("static/js", "service_worker")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".ts", ".js", ".mjs"}
]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_knows_no_business(path: Path) -> None:
    assert words_of(path.read_text("utf-8")) & BUSINESS == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_asks_no_other_site(path: Path) -> None:
    assert not re.search(r"https?://", without_comments(path.read_text("utf-8")))


def test_the_words_are_seen_in_any_spelling() -> None:
    assert words_of("const orderLines = 1; // a visit") >= {"const", "order", "line"}
    assert words_of('"/customers/notes"; x: Promise<Visit>;') >= {"customer", "notes", "visit"}
    assert "visit" not in words_of("const orderLines = 1; // a visit")
    assert "promise" not in words_of("new Promise(() => Promise.resolve())")


def words_of(script: str) -> set[str]:
    """The words in names and strings, as they are and in the singular; not those of comments."""
    code = re.sub(OF_NO_TRADE, "", without_comments(script))
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", code)
    said = {part.lower() for part in parts}
    return said | {word.removesuffix("s") for word in said}


def without_comments(script: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", script, flags=re.DOTALL)
