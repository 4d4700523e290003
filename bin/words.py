"""Collects the messages of code and templates; what is translated stays."""
# ruff: noqa: INP001 - bin is a folder of commands, no package

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import extract_from_ast

from app.core.i18n import CATALOGUES
from app.core.web import templates
from app.settings import ROOT

CATALOGUE = CATALOGUES / "zh_CN.po"
KEYWORDS = ("_", "mark", "gettext", "ngettext")
HEADER = r"""
msgid ""
msgstr ""
"Language: zh_CN\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""  # no dates and no versions, so that nothing changes where no word does

Message = tuple[str, ...]  # one text, or singular and plural


def messages() -> Iterator[Message]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield from in_code(path)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from in_template(path)


def in_code(path: Path) -> Iterator[Message]:
    """Babel's own extractor misses a message inside another call's arguments."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            said = [part.value for part in node.args if isinstance(part, ast.Constant)]
            texts = tuple(text for text in said if isinstance(text, str))
            if any(texts):
                yield texts


def in_template(path: Path) -> Iterator[Message]:
    page = templates.env.parse(path.read_text("utf-8"))
    found: Any = extract_from_ast(page, KEYWORDS, babel_style=False)  # its types are too wide
    for _line, _keyword, texts in found:
        yield tuple(texts)


def known() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def updated() -> bytes:
    """The catalogue as it should be: every message once, by its letters, and none left over."""
    wanted = Catalog()
    for message in messages():
        wanted.add(message if len(message) > 1 else message[0])
    catalogue, file = known(), BytesIO()
    catalogue.update(wanted, no_fuzzy_matching=True)
    write_po(file, catalogue, width=0, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER.lstrip().encode() + b"\n" + file.getvalue()


if __name__ == "__main__":
    CATALOGUE.write_bytes(updated())
