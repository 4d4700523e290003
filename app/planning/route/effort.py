"""How long a day is thought about.

Work is counted, not timed, so that the same question gives the same answer; the clock only stops
what a slow or busy machine cannot finish in its seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

from app.planning.route.net import Net
from app.planning.route.problem import Problem


class Round(NamedTuple):
    """Beginnings carried on at a time, and iterations of the engine after that."""

    width: int
    iterations: int


USUAL = Round(100, 300)
ROUNDS = (Round(300, 100), Round(1500, 200), Round(5000, 300), Round(12000, 600))
LEAST = 20  # iterations that are worth setting the engine up for

# Seconds that work is counted as: about what it takes on one core of 2020.
A_TABLE, A_CELL = 5e-3, 1.2e-6  # tightening a bound once, and each pair of stops in it
A_BEGINNING = 4e-7  # looking at one
AN_ITERATION = 3e-6  # of the engine, for each of its copies
SET_UP = 5e-6  # the engine, for each pair of copies


@dataclass
class Effort:
    """`seconds` None: as a page does it, one round and no clock."""

    seconds: float | None
    spent: float = 0.0
    began: float = field(init=False)
    asked_at: float = 0.0

    def __post_init__(self) -> None:
        self.began = perf_counter()

    def rounds(self) -> Iterator[Round]:
        if self.seconds is None:
            yield USUAL
            return
        number = 0
        while self.spent < self.seconds and not self.over():
            yield ROUNDS[min(number, len(ROUNDS) - 1)]
            number += 1

    def on_clock(self) -> float | None:
        """Seconds until the clock stops everything; None when it does not."""
        return None if self.seconds is None else self.seconds - (perf_counter() - self.began)

    def over(self) -> bool:
        left = self.on_clock()
        return left is not None and left <= 0

    def no_time_for_another(self) -> bool:
        """Whether one more step, as long as the time since this was last asked, would be late."""
        now = perf_counter()
        before, self.asked_at = self.asked_at or now, now
        left = self.on_clock()
        return left is not None and left < now - before

    def past(self, share: float) -> bool:
        """Whether so much of the seconds is over by the clock."""
        left = self.on_clock()
        return left is not None and self.seconds is not None and left < (1 - share) * self.seconds

    def tightened(self, net: Net, times: int) -> None:
        ways = len(net.opens) * (3 if net.meal else 1)
        self.spent += times * (A_TABLE + A_CELL * ways * len(net.prize) ** 2)

    def tried(self, beginnings: int) -> None:
        self.spent += A_BEGINNING * beginnings

    def iterations(self, problem: Problem, turn: Round) -> int:
        """As many of the turn's iterations as the seconds that are left are good for."""
        if self.seconds is None:
            return turn.iterations
        left = self.seconds - self.spent - SET_UP * copies(problem) ** 2
        return max(LEAST, min(turn.iterations, int(left / (AN_ITERATION * copies(problem)))))

    def iterated(self, problem: Problem, times: int) -> None:
        many = copies(problem)
        self.spent += SET_UP * many**2 + AN_ITERATION * many * times


def copies(problem: Problem) -> int:
    """Roughly how many places the engine has to look at."""
    stops = sum(max(1, len(hours)) for hours in problem.hours[1:])
    return 2 + stops + (problem.end if problem.day.meal else 0)
