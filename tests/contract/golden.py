"""Golden files: forms as phones hold them for weeks, and what they must still mean."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import app.actions  # noqa: F401 - so that every command is known
from app.core.commands import Command, registry
from app.core.forms import Form

FOLDER = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Example:
    """`fields` as FormData.entries() yields them; `parsed` without defaults."""

    path: Path
    wire_name: str
    fields: list[tuple[str, str]]
    parsed: dict[str, Any]
    digest: str


def examples() -> list[Example]:
    return [example(path) for path in sorted(FOLDER.glob("*.json"))]


def example(path: Path) -> Example:
    kept = json.loads(path.read_text("utf-8"))
    fields = [(name, value) for name, value in kept["fields"]]
    return Example(path, kept["wire_name"], fields, kept["parsed"], kept["digest"])


def read(wire_name: str, fields: list[tuple[str, str]]) -> Command:
    """The command that these fields mean today."""
    form = Form.read(registry()[wire_name], fields)
    assert form.command is not None, f"{wire_name} does not understand its example: {form.errors}"
    return form.command


def meaning(command: Command) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude_defaults=True)


def complete(path: Path) -> None:
    """Write down what a new example means; one that says so already is never touched."""
    kept = json.loads(path.read_text("utf-8"))
    if {"parsed", "digest"} & kept.keys():
        raise SystemExit(f"{path.name} is complete. Golden files are never edited; add another.")
    command = read(kept["wire_name"], [(name, value) for name, value in kept["fields"]])
    kept |= {"parsed": meaning(command), "digest": command.digest}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        complete(Path(name))
