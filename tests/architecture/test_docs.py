"""Everything that has a name is described: look for the name in `backticks`."""

import re

import pytest
import typer.main

from app.cli import app as console
from app.core.commands import Command
from app.settings import ROOT, Settings
from tests.architecture.test_code import OURS

DOCS = ROOT / "docs"


def described_in(*names: str) -> set[str]:
    """What stands in backticks in these files."""
    text = "".join((ROOT / name).read_text("utf-8") for name in names)
    return set(re.findall(r"`([^`\n]+)`", text))


def verbs() -> list[str]:
    """Such as `roadbook serve` and `roadbook import customers`."""
    found: list[str] = []
    for name, verb in getattr(typer.main.get_command(console), "commands", {}).items():
        inner = getattr(verb, "commands", None)
        found += [f"{name} {below}" for below in inner] if inner else [name]
    return [f"roadbook {verb}" for verb in found]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name: str) -> None:
    variable = Settings.model_fields[name].validation_alias
    assert variable in described_in("docs/settings.md")


@pytest.mark.parametrize("command", OURS)
def test_every_command_is_described(command: type[Command]) -> None:
    told = described_in("docs/commands.md")
    assert {command.wire_name, command.__name__} <= told


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_of_the_console_is_described(verb: str) -> None:
    assert verb in described_in("docs/commands.md")


PARTS = {path.stem for path in (ROOT / "app").iterdir() if path.stem[:1] != "_"} - {"settings"}


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_slice_is_described(part: str) -> None:
    assert part in described_in("docs/architecture.md")


def test_nothing_is_described_that_is_not_there() -> None:
    told = described_in("docs/commands.md")
    commands = {one.wire_name for one in OURS}
    assert {name for name in told if re.fullmatch(r"[a-z]+\.[a-z_]+\.v\d+", name)} <= commands
    spoken = {name for name in told if re.fullmatch(r"roadbook( [a-z]+)+", name)}
    assert spoken <= set(verbs())


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.rglob("*.md")))
def test_links_between_the_documents_lead_somewhere(page: str) -> None:
    (path,) = DOCS.rglob(page)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text("utf-8")):
        assert "://" in target or (ROOT / target).exists(), target


def test_every_test_that_reliability_names_is_there() -> None:
    told = {name for name in described_in("docs/reliability.md") if name.startswith("test_")}
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert told
    assert {name for name in told if f"def {name}(" not in written} == set()
