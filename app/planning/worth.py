"""What a visit is worth today, in points: the weights are policy, the sum can be said aloud."""

from dataclasses import dataclass

from app.planning.rules import worth_of


@dataclass(frozen=True)
class Weights:
    """Policy: `late` in percent of the grade's points for each gap that a visit is overdue.

    `most_late` gaps at most; points for a promise due and for what was agreed; `order` in points
    for an expected order as large as usual, `owed` for as much money overdue; `near_m`: so close to
    a stop is near the way.
    """

    late: int = 100
    most_late: int = 2
    promise: int = 60
    agreed: int = 80
    order: int = 30
    owed: int = 20
    near_m: int = 1_500


@dataclass(frozen=True)
class Case:
    """What speaks for a visit. `gaps_late` 1.5: one and a half times its gap overdue.

    `expected`: the order that is usual now, as a share of the rep's usual order; None: none is.
    `owed`: the money that is overdue, as such a share.
    """

    grade: str | None
    gaps_late: float = 0
    promised: bool = False
    agreed: bool = False
    expected: float | None = None
    owed: float = 0


MOST_EXPECTED = 3.0  # more than three usual orders tell no more


def worth(case: Case, weights: Weights) -> int:
    """The grade's points, and more of them the later it is; what is due and what may be sold."""
    grade = worth_of(case.grade)
    late = grade * weights.late / 100 * min(case.gaps_late, weights.most_late)
    promise = weights.promise if case.promised else 0
    agreed = weights.agreed if case.agreed else 0
    order = weights.order * min(case.expected or 0, MOST_EXPECTED)
    owed = weights.owed * min(case.owed, MOST_EXPECTED)
    return round(grade + late + promise + agreed + order + owed)
