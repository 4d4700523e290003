"""What waits on a phone is still understood, and means what it meant."""

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from app.core.commands import Command, registry
from tests.contract.golden import Example, examples, meaning, read

EXAMPLES = examples()


@pytest.mark.parametrize("kept", EXAMPLES, ids=lambda kept: kept.path.stem)
def test_it_means_what_it_meant(kept: Example) -> None:
    command = read(kept.wire_name, kept.fields)
    assert meaning(command) == kept.parsed
    assert command.digest == kept.digest


@pytest.mark.parametrize("kept", EXAMPLES, ids=lambda kept: kept.path.stem)
def test_it_is_the_same_in_whatever_order_it_is_sent(kept: Example) -> None:
    assert read(kept.wire_name, kept.fields[::-1]).digest == kept.digest


@pytest.mark.parametrize("kept", EXAMPLES, ids=lambda kept: kept.path.stem)
def test_what_the_log_keeps_can_be_read_again(kept: Example) -> None:
    """The log holds a command as JSON without defaults: enough to build it again."""
    command = read(kept.wire_name, kept.fields)
    again = type(command).model_validate(meaning(command))
    assert (again, again.digest) == (command, kept.digest)


@pytest.mark.parametrize("kept", EXAMPLES, ids=lambda kept: kept.path.stem)
def test_a_file_is_called_like_its_command(kept: Example) -> None:
    assert kept.path.name.startswith(f"{kept.wire_name}.")


@pytest.mark.parametrize("wire_name", sorted(registry()))
def test_every_field_of_every_command_has_an_example(wire_name: str) -> None:
    shown = [kept.parsed for kept in EXAMPLES if kept.wire_name == wire_name]
    said = set().union(*map(paths, shown)) if shown else set()
    assert expected(registry()[wire_name]) - said == set(), "see tests/contract/README.md"


def test_no_two_examples_are_the_same_command() -> None:
    assert len({kept.digest for kept in EXAMPLES}) == len(EXAMPLES)


def test_no_command_that_was_ever_sent_is_forgotten() -> None:
    assert {kept.wire_name for kept in EXAMPLES} == set(registry())


def paths(said: Any, before: str = "") -> set[str]:
    """`lines.quantity` for every value in a parsed command, however many lines there are."""
    if isinstance(said, list):
        return set().union(*(paths(part, before) for part in said))
    if not isinstance(said, dict):
        return {before}
    return set().union(*(paths(part, f"{before}.{name}") for name, part in said.items()))


def expected(wish: type[BaseModel], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in wish.model_fields.items():
        inner = part_of(field.annotation)
        path = f"{before}.{name}"
        found |= expected(inner, path) if inner else {path}
    return found


def part_of(kind: Any) -> type[BaseModel] | None:
    """The class of a part: of `Fix | None` it is Fix, of `list[LineWish]` LineWish."""
    for one in (kind, *get_args(kind)):
        if isinstance(one, type) and issubclass(one, BaseModel) and not issubclass(one, Command):
            return one
    return None
