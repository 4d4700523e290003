"""A page that the relay served, and for whom."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tab:
    """What one page is asked to do, and what it answered."""

    number: int
    orders: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    address: str | None = None  # its query, once it has said hello


@dataclass
class Who:
    """Who is signed in in this browser; no token means nobody."""

    person: str
    token: str
    customer: str = ""
