"""Tables that people keep: titles above, headings in two rows, blank rows, totals below.

Rows are read one by one, so that a file of any length takes the same memory.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import file_digest
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from app.core.errors import Refused
from app.core.headings import find_headings
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.spreadsheets import Line, open_file

T = TypeVar("T")

HEADINGS_WITHIN = 20  # rows from the top in which the headings are looked for
TOTALS = {"合计", "总计", "小计", "共计", "total", "totals", "grand total", "subtotal", "sum"}


class Severity(StrEnum):
    BAD_ROW = "bad row"
    WARNING = "warning"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Problem:
    """`line` as an editor or a spreadsheet numbers it; `sentence` in the reader's language."""

    line: int
    severity: Severity
    sentence: str


@dataclass(frozen=True)
class Row:
    line: int
    cells: dict[str, str]  # by heading as the file has it


@dataclass(frozen=True)
class Table:
    """`problems` fills while `rows` is read."""

    encoding: str
    headings: tuple[str, ...]
    rows: Iterator[Row]
    problems: list[Problem]


@dataclass(frozen=True)
class Report:
    """What an import did."""

    encoding: str
    added: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...] = ()
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        return self.added + self.changed + self.unchanged

    def of(self, severity: Severity) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is severity]

    def lines(self) -> Iterator[str]:
        """Sentences for the console; equal ones are told once, with all their lines."""
        yield gettext(
            _("%(added)s new, %(changed)s changed, %(unchanged)s unchanged. Bad rows: %(bad)s."),
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
            bad=len(self.of(Severity.BAD_ROW)),
        )
        yield gettext(_("Read as %(encoding)s."), encoding=self.encoding)
        if self.unused:
            yield gettext(_("Columns not used: %(columns)s."), columns=", ".join(self.unused))
        yield from self.notes
        for title, severity in _TITLES.items():
            yield from _told(gettext(title), self.of(severity))


@dataclass
class Tally:
    """What happened so far."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    def bad(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(line, Severity.BAD_ROW, sentence))

    def warn(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(line, Severity.WARNING, sentence))

    def report(self, table: Table, unused: Sequence[str], notes: Sequence[str]) -> Report:
        problems = sorted([*table.problems, *self.problems], key=lambda problem: problem.line)
        return Report(
            encoding=table.encoding,
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
            problems=tuple(problems),
            unused=tuple(unused),
            notes=tuple(notes),
        )


_TITLES = {
    _("Bad row, left out"): Severity.BAD_ROW,
    _("Warning"): Severity.WARNING,
    _("Skipped"): Severity.SKIPPED,
}


def _told(title: str, problems: list[Problem]) -> Iterator[str]:
    lines: dict[str, list[int]] = {}
    for problem in problems:
        lines.setdefault(problem.sentence, []).append(problem.line)
    for sentence, where in lines.items():
        told = _("%(title)s, line %(lines)s: %(sentence)s")
        yield gettext(told, title=title, lines=_ranges(where), sentence=sentence)


def _ranges(numbers: list[int]) -> str:
    """Write 2, 3, 4, 9 as "2–4, 9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


@contextmanager
def open_table(path: Path, known: Callable[[str], bool]) -> Iterator[Table]:
    """Open a CSV or XLSX file; the row with most headings that are `known` holds the headings."""
    problems: list[Problem] = []

    def misquoted(first: int, last: int) -> None:
        sentence = gettext(_("Quotation marks do not match, to line %(last)s."), last=last)
        problems.append(Problem(first, Severity.BAD_ROW, sentence))

    with ExitStack() as stack:
        file = open_file(path, stack, misquoted, lambda head: _score(head, known))
        top = list(islice(file.lines, HEADINGS_WITHIN))
        found = find_headings(top, known)
        if found is None:
            raise Refused(
                _("%(file)s has no row with headings that we know, such as name or 名称."),
                file=path.name,
            )
        headings, begin = found
        rows = _rows(headings, chain(top[begin:], file.lines), problems, ragged=file.ragged)
        yield Table(file.encoding, tuple(filter(None, headings)), rows, problems)


def _score(lines: Sequence[Line], known: Callable[[str], bool]) -> int:
    return max((sum(map(known, cells)) for _line, cells in lines), default=0)


def _rows(
    headings: list[str], lines: Iterator[Line], problems: list[Problem], *, ragged: bool
) -> Iterator[Row]:
    for line, cells in lines:
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if _is_total(filled):
            sentence = gettext(_("A row of totals: %(row)s."), row=" ".join(filled))
            problems.append(Problem(line, Severity.SKIPPED, sentence))
        elif ragged and any(cells[len(headings) :]):
            problems.append(Problem(line, Severity.BAD_ROW, _too_wide(cells, headings)))
        else:
            yield Row(
                line, {name: cell for name, cell in zip(headings, cells, strict=False) if name}
            )


def _is_total(filled: list[str]) -> bool:
    """A total's name and then nothing but numbers, so that a shop called Total stays a shop."""
    if filled[0].rstrip(":：").casefold() not in TOTALS:
        return False
    return all(re.fullmatch(r"\W?[\d.,%\s]+\S{0,2}", cell) for cell in filled[1:])


def _too_wide(cells: list[str], headings: list[str]) -> str:
    return gettext(
        _("%(cells)s cells under %(headings)s headings: is a comma not in quotation marks?"),
        cells=len(cells),
        headings=len(headings),
    )


def batches(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(rows, size)):
        yield batch


def number_of(text: str) -> Decimal:
    """A number as people write it: "¥1,234.50", "12,5", "31.2°"."""
    plain = re.sub(r"[^\d.,+-]", "", unicodedata.normalize("NFKC", text))
    if re.fullmatch(r"[+-]?\d+,\d{1,2}|[+-]?\d+,\d{4,}", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?", plain):
        raise Refused(_("“%(text)s” is not a number."), text=text)
    return Decimal(plain.replace(",", "").rstrip("."))


def fingerprint(path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
