"""Pages read as a browser reads them: their text, the names of their fields, forms to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient

HTMX = {"HX-Request": "true"}
VOID = {"br", "hr", "img", "input", "link", "meta", "data", "use"} - {"data", "use"}
UNSEEN = {"head", "script", "template", "svg", "select"}


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    inside: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for part in self.inside:
            if isinstance(part, Element) and part.tag == "template":
                yield part  # what is in it is not on the page
            elif isinstance(part, Element):
                yield from part.walk()

    def all(self, tag: str = "", *, having: str = "", **attributes: str) -> list[Element]:
        """Elements of a tag, with a class, with attributes (`data_step` is data-step)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.walk()
            if tag in {"", one.tag}
            and (not having or having in one.attributes.get("class", "").split())
            and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", *, having: str = "", **attributes: str) -> Element:
        found = self.all(tag, having=having, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {having} {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        """What can be read, with single spaces; line breaks in it are gone."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        parts = (part if isinstance(part, str) else part.shown for part in self.inside)
        return "".join(parts)

    @property
    def shown(self) -> str:
        if self.tag in UNSEEN or "hidden" in self.attributes:
            return ""
        inline = self.tag in {"a", "b", "span", "strong"}
        return self.raw if inline else f" {self.raw} "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.at = self.top = Element("page")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        new = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(new)
        if tag not in VOID:
            self.at = new

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


def read(answer: Any) -> Element:
    """The page of an answer; its elements are closed in the order in which they were opened."""
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    assert reader.at is reader.top, f"<{reader.at.tag}> is never closed"
    return reader.top


def look(browser: TestClient, path: str, status: int = 200) -> Element:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    return read(answer)


def arrive(browser: TestClient, answer: Any) -> Element:
    """The page to which an answer sends the browser."""
    assert answer.status_code == 303, read(answer).text
    return look(browser, answer.headers["location"])


def refused(answer: Any, status: int) -> str:
    """The sentence of a refusal."""
    assert answer.status_code == status, answer.text
    return read(answer).one(having="notice", role="alert").text


def put_back(answer: Any) -> Element:
    """The form that htmx puts where the one that was sent stood."""
    assert answer.status_code == 422, answer.text
    assert "<html" not in answer.text
    target = answer.headers["HX-Retarget"]
    assert answer.headers["HX-Reselect"] == target
    fragment = read(answer)
    fragment.one(id=target.removeprefix("#"))
    return fragment


def names(page: Element) -> list[str]:
    """What each control is called, as a screen reader says it."""
    controls = [
        one
        for one in page.walk()
        if one.tag in {"input", "textarea", "select"} or one.attributes.get("role") == "radiogroup"
        if one.attributes.get("type") != "hidden"
    ]
    return [name_of(page, control) for control in controls]


def name_of(page: Element, control: Element) -> str:
    if "aria-label" in control.attributes:
        return control.attributes["aria-label"]
    if "aria-labelledby" in control.attributes:
        return page.one(id=control.attributes["aria-labelledby"]).text
    if labels := page.all("label", for_=control.attributes.get("id", "?")):
        return labels[0].text
    around = control.parent
    while around and around.tag != "label":
        around = around.parent
    return around.text if around else ""


def buttons(page: Element) -> list[str]:
    """The buttons' names."""
    return [one.attributes.get("aria-label") or one.text for one in page.all("button")]


def filled(page: Element, form_id: str) -> dict[str, str]:
    """A form's fields as a browser would send them; the phone mints the id and says the time."""
    form = page.one("form", id=form_id)
    own = [one for one in form.walk() if one.attributes.get("name")]
    pairs: dict[str, str] = {}
    for one in own:
        kind, name = one.attributes.get("type", ""), one.attributes["name"]
        if one.tag == "button" or (kind == "radio" and "checked" not in one.attributes):
            continue
        pairs[name] = value_of(one)
        if "data-mint" in one.attributes:
            pairs[name] = str(uuid4())
        if "data-now" in one.attributes:
            pairs[name] = datetime.now(UTC).isoformat()
    return pairs


def value_of(control: Element) -> str:
    if control.tag == "textarea":
        return control.raw
    if control.tag == "select":
        options = control.all("option")
        chosen = next((o for o in options if "selected" in o.attributes), options[0])
        return chosen.attributes.get("value", chosen.raw)
    return control.attributes.get("value", "")


def send(
    browser: TestClient,
    page: Element,
    form_id: str,
    typed: Mapping[str, str] | None = None,
    *,
    htmx: bool = False,
) -> Any:
    """Send a form of a page with what was typed into it; htmx also sends what the form includes."""
    form = page.one("form", id=form_id)
    pairs = {**filled(page, form_id), **(typed or {})}
    if htmx and (others := form.attributes.get("hx-include")):
        pairs = {**filled(page, others.removeprefix("#")), **pairs}
    action = form.attributes["hx-post" if htmx else "action"]
    return browser.post(action, data=pairs, headers=HTMX if htmx else {})
