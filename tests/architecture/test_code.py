"""What a linter cannot say: the shape of our own code."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from app.catalog.commands import ImportProducts
from app.core.commands import Command, registry
from app.customers.commands import ImportCustomers
from app.main import create_app
from app.media.pages import Sha256
from app.settings import ROOT
from tests.architecture.routes import addresses

# Claimed by the console, which does them itself: there is no form and no handler.
AT_THE_CONSOLE = {ImportCustomers, ImportProducts}
# Routes that Starlette forces to be async.
ASYNC: set[str] = set()
LONGEST = 250
ONLY_IN = {
    # a call, and the only files that may make it
    r"\.commit\(": {"app/core/schema.py"},
    r"\.rollback\(": set[str](),
    r"\bdatetime\.(now|utcnow|today)\(": {"app/core/clock.py"},
    r"\bdate\.today\(": set[str](),
    r"\bgetenv\(|\bos\.environ": {"app/console.py"},
    r"\bcreate_engine\(": {"app/core/db.py"},
    r"\|\s*safe\b|\bMarkup\(": {"app/core/shown.py"},
}


def modules() -> list[Path]:
    return sorted((ROOT / "app").rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(kind: type[Command] = Command) -> Iterator[type[Command]]:
    for one in kind.__subclasses__():
        yield one
        yield from commands(one)


OURS = [one for one in commands() if one.__module__.startswith("app.")]


@pytest.mark.parametrize("command", OURS)
def test_a_command_has_a_name_for_the_wire_and_a_handler(command: type[Command]) -> None:
    _app, home, *_rest = command.__module__.split(".")
    assert re.fullmatch(rf"{home}\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*", command.wire_name)
    assert (command in registry().values()) != (command in AT_THE_CONSOLE)


def test_no_two_commands_have_one_name() -> None:
    twice = [name for name, times in Counter(one.wire_name for one in OURS).items() if times > 1]
    assert twice == []


def test_routes_are_plain_functions(engine: Engine) -> None:
    found = {
        one.path for one in addresses(create_app(engine)) if inspect.iscoroutinefunction(one.answer)
    }
    assert found == ASYNC


def test_addresses_take_only_ids_that_cannot_be_guessed(engine: Engine) -> None:
    for one in addresses(create_app(engine)):
        for part in re.findall(r"\{(\w+)\}", one.path):
            kind = inspect.signature(one.answer).parameters[part].annotation
            assert kind is UUID or kind is Sha256, one.path


def test_no_address_is_answered_twice(engine: Engine) -> None:
    counted = Counter((one.method, one.path) for one in addresses(create_app(engine)))
    assert [address for address, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("path", [path for path in modules() if path.name == "pages.py"], ids=named)
def test_pages_ask_no_database(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"select", "text", "db.exec", "db.get", "db.add", "db.delete", "db.scalars"}


@pytest.mark.parametrize("pattern", ONLY_IN)
def test_some_things_are_done_in_one_place(pattern: str) -> None:
    found = {named(path) for path in modules() if re.search(pattern, path.read_text("utf-8"))}
    assert found <= ONLY_IN[pattern]


def test_no_file_is_two_things() -> None:
    """Tables of data are excepted: they are read by the row."""
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert {name for name in long if not name.startswith("app/demo/")} == set()


def test_packages_export_nothing() -> None:
    assert [
        named(path) for path in modules() if path.name == "__init__.py" and path.read_text()
    ] == []


def test_nothing_is_called_a_helper() -> None:
    words = {"utils", "util", "helpers", "helper", "services", "repositories", "schemas", "manager"}
    assert [named(path) for path in modules() if words & {path.stem, path.parent.name}] == []
