"""Processor time that does not depend on how quick or how crowded the machine is.

A fixed piece of work is timed beside what is measured: a machine that takes twice as long for the
one takes about twice as long for the other. What is told is as if the piece had taken `USUAL_S`.
"""

import gc
import json
from collections.abc import Callable
from time import process_time
from typing import TypeVar

T = TypeVar("T")
USUAL_S = 0.0088  # on a quiet core of the machine on which the aims were set
ROWS, TURNS = 40, 150  # small: what is got from the system for large ones differs


def piece() -> float:
    """Processor seconds of a mixture like a page's: dictionaries, strings, JSON, sorting.

    Without the collector, whose work depends on everything else that the process holds.
    """
    gc.disable()
    try:
        began = process_time()
        mixture()
        return process_time() - began
    finally:
        gc.enable()


def mixture() -> None:
    rows = [
        {"name": f"Customer {number}", "at": str(number * 7919 % ROWS), "tags": ["A", "B", "C"]}
        for number in range(ROWS)
    ]
    for _turn in range(TURNS):
        again = json.loads(json.dumps(rows))
        again.sort(key=lambda row: (row["at"], row["name"]))
        "".join(f"<li>{row['name'].replace('&', '&amp;')} {row['at']}</li>" for row in again)


def evenly(work: Callable[[], T], of: Callable[[], float] = process_time) -> tuple[T, float]:
    """What `work` gave, and its processor seconds on the usual machine; `of` counts them."""
    before = min(piece(), piece())
    began = of()
    done = work()
    took = of() - began
    after = min(piece(), piece())
    return done, took * USUAL_S * 2 / (before + after)
