"""One stream out of many: a customer's history, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """Something that happened: `kind` names the template that shows it."""

    kind: str
    at: datetime
    fact: Any


def timeline(*streams: list[Entry], limit: int) -> list[Entry]:
    entries = [entry for stream in streams for entry in stream]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]
