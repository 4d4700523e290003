"""What holds for every template, and every page made of them."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.settings import ROOT
from tests.accounts.shops import build
from tests.architecture.routes import addresses
from tests.cast import Cast

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FRAME = ROOT / "templates" / "_layout" / "frame.html"
# Addresses that answer with a part of a page, or with no page.
NO_PAGES = {
    "/",
    "/customers/new/alike",
    "/health",
    "/manifest.webmanifest",
    "/media/{sha256}",
    "/pack",
    "/products/options",
    "/sw.js",
    "/sync/receipt",
}
ANY_TAG = re.compile(r"<(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*'|\{\{.*?\}\})*)>", re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


each_template = pytest.mark.parametrize("path", TEMPLATES, ids=named)


def tags(path: Path, kind: str) -> list[str]:
    return [said for tag, said in ANY_TAG.findall(path.read_text("utf-8")) if tag == kind]


def attribute(tag: str, name: str) -> str | None:
    found = re.search(rf"(?<![\w-]){name}=\"([^\"]*)\"", tag)
    return unescape(found[1]) if found else None


def test_the_frame_begins_as_htmx_needs_it() -> None:
    """Otherwise a page that is gone back to comes back empty."""
    assert FRAME.read_text("utf-8").startswith("<!doctype html><html")


@each_template
def test_a_template_is_a_page_in_the_frame_or_a_part_without_one(path: Path) -> None:
    text = path.read_text("utf-8")
    assert path == FRAME or "<html" not in text
    if "{% block title %}" in text and path != FRAME:
        assert text.startswith('{% extends "_layout/frame.html" %}')


def test_every_page_begins_as_htmx_needs_it(
    engine: Engine, cast: Cast, db: Session, browser_of: Callable[..., TestClient]
) -> None:
    world = build(db, cast)
    keys = {"customer_id": world.lilac.customer.id, "order_id": world.lilac.order.id}
    browser = browser_of(cast.alice)
    for one in addresses(create_app(engine)):
        if one.method == "GET" and one.path not in NO_PAGES:
            answer = browser.get(one.path.format(**keys))
            assert answer.status_code == 200, one.path
            assert answer.text.startswith("<!doctype html><html"), one.path
            back = browser.get(one.path.format(**keys), headers=GOING_BACK)
            assert back.text.startswith("<!doctype html><html"), one.path


GOING_BACK = {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"}


@each_template
def test_a_form_works_without_script(path: Path) -> None:
    for form in tags(path, "form"):
        assert attribute(form, "action"), form
        if attribute(form, "method") != "post":
            assert attribute(form, "hx-post") is None, form
            continue
        if htmx := attribute(form, "hx-post"):
            assert htmx == attribute(form, "action"), form
            assert attribute(form, "hx-target"), form


@each_template
def test_a_form_posts_to_an_address_that_there_is(path: Path, engine: Engine) -> None:
    known = {one.path for one in addresses(create_app(engine)) if one.method == "POST"}
    posted = [form for form in tags(path, "form") if attribute(form, "method") == "post"]
    asked = {attribute(form, "action") for form in posted} - {"{{ action }}"}
    asked |= set(re.findall(r'ui\.command\(\w+, "([^"]+)"', path.read_text("utf-8")))
    asked |= {
        address for button in tags(path, "button") if (address := attribute(button, "hx-post"))
    }
    assert asked <= known


@each_template
def test_a_command_has_an_id_and_a_time_before_it_is_sent(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
        if re.search(r"\bdata-command\b", form):
            assert 'name="id" data-mint' in form
            assert 'name="at" data-now' in form


@each_template
def test_a_form_with_a_file_says_so_to_htmx(path: Path) -> None:
    """Without its encoding the photo is gone, silently."""
    for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
        if 'type="file"' in form:
            assert 'hx-encoding="multipart/form-data"' in form
            assert 'enctype="multipart/form-data"' in form


@each_template
def test_nothing_is_written_into_the_page_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text("utf-8")
    for tag, said in ANY_TAG.findall(text):
        assert not re.search(r"(?<![\w-])(style|on[a-z]+|hx-on[\w:-]*)=", said), (tag, said)
        assert tag != "style"
        assert tag != "script" or "src=" in said
    assert "javascript:" not in text
    assert not re.search(r"\|\s*safe\b|autoescape", text)


@each_template
def test_a_page_asks_no_other_site(path: Path) -> None:
    assert not re.search(r"(src|action|hx-get|hx-post)=\"(https?:)?//", path.read_text("utf-8"))
    assert not re.search(r"<link[^>]*href=\"(https?:)?//", path.read_text("utf-8"))


@each_template
def test_a_template_stands_where_its_slice_does(path: Path) -> None:
    folder = path.relative_to(ROOT / "templates").parts[0]
    assert folder.startswith("_") or (ROOT / "app" / folder).is_dir()


@each_template
def test_a_template_asks_no_database(path: Path) -> None:
    assert not re.search(r"\bdb\.|\bselect\(|\bexec\(", path.read_text("utf-8"))
