"""Facts that travel upwards: a slice below says what happened, slices above listen.

Listeners run in the transaction of the deed: if one fails, the deed did not happen.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

Listener = Callable[[Session, Any], None]
_listeners: dict[type, list[Listener]] = defaultdict(list)


def on(fact: type) -> Callable[[Listener], Listener]:
    def register(listener: Listener) -> Listener:
        _listeners[fact].append(listener)
        return listener

    return register


def emit(db: Session, fact: object) -> None:
    for listener in _listeners[type(fact)]:
        listener(db, fact)
