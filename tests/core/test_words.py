"""Every word on the screen is a message, and every message is said in Chinese."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeGuard

import pytest
from babel.messages.catalog import Message
from jinja2 import nodes

from app.core.i18n import gettext, ngettext, speaking
from app.core.shown import distance, duration
from app.core.web import templates
from app.settings import ROOT
from bin.words import CATALOGUE, KEYWORDS, known, messages, updated

PAGES = sorted((ROOT / "templates").rglob("*.html"))
SLICES = sorted((ROOT / "app").rglob("*.py"))
SPOKEN = {"alt", "aria-label", "aria-description", "content", "placeholder", "title"}
SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z] [a-z]")
NO_WORDS = r"{% block (?:here|body_class) %}.*?{% endblock %}"  # a key and a class
SHOWING = {"Field", "Refused", "NotFound", "SignInNeeded", "WrongNameOrPassword"}


def translations() -> list[Message]:
    return [message for message in known() if message.id]


def texts(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%%", text))


def test_it_works() -> None:
    with speaking("zh_CN"):
        assert gettext("Check in") == "签到"
        assert gettext("back at %(time)s", time="17:20") == "17:20 回"
        assert ngettext("%(num)s stop", "%(num)s stops", 8) == "8 站"


def test_distances_and_times_are_said_in_chinese() -> None:
    with speaking("zh_CN"):
        assert [distance(metres) for metres in (38, 4200)] == ["38 米", "4.2 公里"]
        assert [duration(timedelta(minutes=m)) for m in (22, 120, 135)] == [
            "22 分钟",
            "2 小时",
            "2 小时 15 分",
        ]


def test_every_message_has_its_chinese() -> None:
    said = {texts(message.id)[0] for message in translations() if all(texts(message.string))}
    assert {message[0] for message in messages()} - said == set()
    assert [message.id for message in translations() if message.fuzzy] == []


def test_the_catalogue_is_as_bin_words_writes_it() -> None:
    assert CATALOGUE.read_bytes() == updated(), "run bin/words"


def test_nothing_that_is_filled_in_is_lost() -> None:
    for message in translations():
        wanted = placeholders(texts(message.id)[-1])
        for text in texts(message.string):
            assert placeholders(text) == wanted, message.id


def test_chinese_has_chinese_punctuation_and_room_around_latin() -> None:
    for message in translations():
        for text in texts(message.string):
            written = re.sub(r"%\(\w+\)s", "", text)
            assert not re.search(r"[\u4e00-\u9fff][,;:!?.]|[!！]", written), text
            assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", written)


def test_colleagues_say_ni_and_customers_are_told_nin() -> None:
    formal = [text for message in translations() for text in texts(message.string) if "您" in text]
    assert all(text.startswith("您好") for text in formal), formal


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_has_words_of_its_own(path: Path) -> None:
    assert [text for text in bare(path) if re.search(r"[A-Za-z\u4e00-\u9fff]{2}", text)] == []
    assert [text for text in constants(path) if SENTENCE.search(text)] == []


def bare(path: Path) -> list[str]:
    """What a reader sees or hears that stands in the page itself, outside {{ }}."""
    seen = Seen()
    seen.feed("".join(markup(path)))
    return seen.words


def markup(path: Path) -> Iterator[str]:
    source = re.sub(NO_WORDS, "", path.read_text("utf-8"))
    for _line, token, text in templates.env.lex(source):
        if token == "data":
            yield text
        elif token == "variable_end":
            yield "x1"  # also stands for a tag's name


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.words += [text for name, text in attrs if name in SPOKEN and text]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def constants(path: Path) -> list[str]:
    """Texts inside {{ }} and {% %} that are no messages."""
    page = templates.env.parse(path.read_text("utf-8"))
    called = [call for call in page.find_all(nodes.Call) if is_marking(call)]
    marked = {id(part) for call in called for part in call.args}
    every = (one for one in page.find_all(nodes.Const) if id(one) not in marked)
    return [one.value for one in every if isinstance(one.value, str)]


def is_marking(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS


@pytest.mark.parametrize("path", SLICES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_refusal_and_no_label_is_unmarked(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if told(node)]
    assert [ast.unparse(call) for call in calls if any(map(is_text, shown(call)))] == []


def told(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in SHOWING


def shown(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments that a person will read: a refusal's sentence, a field's label and hint."""
    if getattr(call.func, "id", "") != "Field":
        yield from call.args[:1]
    yield from (one.value for one in call.keywords if one.arg in {"title", "description"})


def is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )
