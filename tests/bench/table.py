"""The figures of a run and their limits, printed as one table at the end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    what: str
    measured: float
    limit: float
    unit: str

    @property
    def kept(self) -> bool:
        return self.measured <= self.limit

    def line(self, width: int) -> str:
        told = f"{self.measured:,.2f}" if self.measured % 1 else f"{self.measured:,.0f}"
        verdict = "" if self.kept else "  MISSED"
        return f"{self.what:<{width}}  {told:>9} {self.unit:<10}  at most {self.limit:,g}{verdict}"


figures: list[Figure] = []


def at_most(limit: float, measured: float, what: str, unit: str = "") -> None:
    """Put a figure into the table, and fail when it is over its limit."""
    figure = Figure(what, measured, limit, unit)
    figures.append(figure)
    assert figure.kept, figure.line(0)


def table() -> list[str]:
    width = max((len(figure.what) for figure in figures), default=0)
    return [figure.line(width) for figure in figures]
