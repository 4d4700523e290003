"""The figures of a run and their limits, printed as one table at the end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    what: str
    measured: float
    limit: float
    unit: str
    least: bool = False

    @property
    def kept(self) -> bool:
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    def line(self, width: int) -> str:
        told = f"{self.measured:,.2f}" if self.measured % 1 else f"{self.measured:,.0f}"
        bound = f"at {'least' if self.least else 'most'} {self.limit:,g}"
        verdict = "" if self.kept else "  MISSED"
        return f"{self.what:<{width}}  {told:>9} {self.unit:<10}  {bound}{verdict}"


figures: list[Figure] = []
beside: list[str] = []


def tell(line: str) -> None:
    """Something to read below the table that has no limit."""
    beside.append(line)


def at_most(limit: float, measured: float, what: str, unit: str = "") -> None:
    """Put a figure into the table, and fail when it is over its limit."""
    enter(Figure(what, measured, limit, unit))


def at_least(limit: float, measured: float, what: str, unit: str = "") -> None:
    """The same, failing when it is under. A rate's limit is one that a busy machine keeps, too."""
    enter(Figure(what, measured, limit, unit, least=True))


def enter(figure: Figure) -> None:
    figures.append(figure)
    assert figure.kept, figure.line(0)


def table() -> list[str]:
    width = max((len(figure.what) for figure in figures), default=0)
    return [*(figure.line(width) for figure in figures), *beside]
