"""The lines of a CSV or XLSX file as texts, whatever its encoding and whatever made it."""

import codecs
import csv
import re
import unicodedata
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from app.core.errors import Refused
from app.core.i18n import mark as _

Line = tuple[int, list[str]]  # its number, from 1, and its cells
Misquoted = Callable[[int, int], None]  # told the first and last line of a quotation gone wrong
Score = Callable[[Sequence[Line]], int]  # how much a file's first lines look like what is wanted

LOOK = 20  # lines by which a delimiter or a sheet is chosen
CHUNK = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SHOWN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB18030"}
DAMAGED = (BadZipFile, InvalidFileException, KeyError, OSError, SyntaxError, ValueError, zlib.error)
INVISIBLE = dict.fromkeys([*range(9), *range(14, 28), 0x7F, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF])


@dataclass(frozen=True)
class File:
    """`ragged` files may have rows that are wider than their headings by mistake."""

    encoding: str
    lines: Iterator[Line]
    ragged: bool


def open_file(path: Path, stack: ExitStack, misquoted: Misquoted, score: Score) -> File:
    """Open a file by what is in it, not by its name. `stack` closes it."""
    try:
        with path.open("rb") as file:
            head = file.read(CHUNK)
    except OSError as wrong:
        raise Refused(
            _("%(file)s cannot be read: %(reason)s."), file=path, reason=wrong.strerror
        ) from wrong
    if not head.strip():
        raise Refused(_("%(file)s is empty."), file=path.name)
    if head.startswith(b"PK\x03\x04"):
        return _open_xlsx(path, stack, score)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _("%(file)s is an old .xls or has a password. Save it as .xlsx or CSV without one."),
            file=path.name,
        )
    return _open_csv(path, stack, misquoted, score)


def _open_csv(path: Path, stack: ExitStack, misquoted: Misquoted, score: Score) -> File:
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding, score)
    file = stack.enter_context(path.open(encoding=encoding, newline=""))
    lines = _csv_lines(file, delimiter, misquoted)
    return File(SHOWN[encoding], lines, ragged=True)


def _encoding(path: Path) -> str:
    """By its mark; otherwise UTF-8 if the whole file is that, otherwise GB18030."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    marked = [encoding for mark, encoding in MARKS if head.startswith(mark)]
    if not marked and (b"\0" in head or head.startswith(b"%PDF")):
        raise Refused(
            _("%(file)s is not a table. Save it as .xlsx or CSV in the spreadsheet."),
            file=path.name,
        )
    for encoding in marked or ("utf-8", "gb18030"):
        if _decodes(path, encoding) and not (encoding == "gb18030" and _western(head)):
            return encoding
    raise Refused(
        _("%(file)s is neither UTF-8 nor GB18030. Save it as CSV UTF-8 or .xlsx."), file=path.name
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _western(head: bytes) -> bool:
    """Single accented letters inside words, as no Chinese text has them."""
    accents = len(re.findall(rb"[A-Za-z][\xc0-\xff][a-z]", head))
    return accents > len(re.findall(rb"[\xb0-\xf7][\xa1-\xfe]", head))


def _delimiter(path: Path, encoding: str, score: Score) -> str:
    """The one by which the first lines look most like what is wanted."""

    def worth(delimiter: str) -> int:
        with path.open(encoding=encoding, newline="") as file:
            lines = _csv_lines(file, delimiter, lambda _first, _last: None)
            return score(list(islice(lines, LOOK)))

    return max((",", ";", "\t"), key=worth)


def _csv_lines(file: Iterator[str], delimiter: str, misquoted: Misquoted) -> Iterator[Line]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            misquoted(first, reader.line_num)
            continue
        yield first, [_tidy(cell) for cell in cells]


def _open_xlsx(path: Path, stack: ExitStack, score: Score) -> File:
    book = _workbook(stack.enter_context(path.open("rb")), path.name)
    stack.callback(book.close)
    sheets = range(len(book.worksheets))
    best = max(sheets, key=lambda at: score(list(islice(_sheet_lines(book, at), LOOK))), default=0)
    return File("XLSX", _sheet_lines(book, best), ragged=False)


def _workbook(file: BinaryIO, name: str) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")  # of styles, which we do not read
            book = load_workbook(file, read_only=True, data_only=True)
    except DAMAGED as wrong:
        raise Refused(
            _("%(file)s is not a spreadsheet, or it is damaged. Save it again as .xlsx or CSV."),
            file=name,
        ) from wrong
    if not book.worksheets:
        raise Refused(_("%(file)s has no sheet with a table."), file=name)
    return book


def _sheet_lines(book: Workbook, at: int) -> Iterator[Line]:
    sheet = book.worksheets[at]
    sheet.reset_dimensions()  # what files say of their own size is often wrong
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                yield line, [_text(cell) for cell in cells]
    except DAMAGED as wrong:
        raise Refused(
            _("The sheet %(sheet)s is damaged. Save the file again as .xlsx or CSV."),
            sheet=sheet.title,
        ) from wrong


def _text(value: object) -> str:
    """A cell as it reads in the spreadsheet: no .0, no exponent, fifteen digits."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = _tidy(str(value))
    return "" if re.fullmatch(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", text) else text


def _tidy(text: str) -> str:
    """Single spaces, nothing invisible, and no ="…" by which exports keep leading zeros."""
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if not text.isprintable():
        text = text.translate(INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(text.split()))
