from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from app.core.errors import Refused
from app.core.headings import matched, normal
from app.core.tables import Report, Row, Severity, Table, Tally, number_of, open_table

HEADINGS = {"名称", "编码", "电话", "地址", "name", "code", "phone", "address"}
CAFE = "名称,编码,地址\n星巴克南京西路店,0012,上海市静安区南京西路1号\n"


def known(heading: str) -> bool:
    return normal(heading) in HEADINGS


@contextmanager
def table_of(path: Path, contents: bytes | str) -> Iterator[Table]:
    path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    with open_table(path, known) as table:
        yield table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_every_encoding_reads_the_same(file: Path, encoding: str, shown: str) -> None:
    with table_of(file, CAFE.encode(encoding)) as table:
        assert list(table.rows) == [
            Row(
                2,
                {"名称": "星巴克南京西路店", "编码": "0012", "地址": "上海市静安区南京西路1号"},
            )
        ]
        assert table.encoding == shown


def test_gb18030_is_seen_even_far_down_in_a_file(file: Path) -> None:
    plain = "".join(f"Shop {number},{number},Main Street\n" for number in range(9000))
    with table_of(file, f"name,code,address\n{plain}龘靐,9001,南京路\n".encode("gb18030")) as table:
        assert list(table.rows)[-1].cells["name"] == "龘靐"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_found(file: Path, delimiter: str) -> None:
    with table_of(file, f"sep={delimiter}\n" + CAFE.replace(",", delimiter)) as table:
        assert [(row.line, row.cells["编码"]) for row in table.rows] == [(3, "0012")]


def test_titles_two_rows_of_headings_blank_rows_and_totals(file: Path) -> None:
    top = "客户清单,,,\n\n序号,客户,,地址\n,名称,电话,\n"
    text = top + "1,甲,110,南京路\n,,,\n2,乙,120,北京路\n合计,2 家,,\n"
    with table_of(file, text) as table:
        assert [(row.line, row.cells) for row in table.rows] == [
            (5, {"序号": "1", "名称": "甲", "电话": "110", "地址": "南京路"}),
            (7, {"序号": "2", "名称": "乙", "电话": "120", "地址": "北京路"}),
        ]
        assert [(one.line, one.severity) for one in table.problems] == [(8, Severity.SKIPPED)]
        assert "合计 2 家" in table.problems[0].sentence


def test_a_shop_called_total_is_no_total(file: Path) -> None:
    with table_of(file, "name,address\nTotal,12 Rue de Rivoli\nTotal,99\n") as table:
        assert [row.cells["address"] for row in table.rows] == ["12 Rue de Rivoli"]


def test_lines_are_those_of_an_editor(file: Path) -> None:
    with table_of(file, 'name,address\n"Two\nlines",a\nNext,b\n') as table:
        rows = [(row.line, row.cells["name"]) for row in table.rows]
    assert rows == [(2, "Two lines"), (4, "Next")]


def test_an_unclosed_quotation_is_reported_and_the_rest_is_read(file: Path) -> None:
    text = 'name,address\nA,a\nB,"b\nC,"c"\nD,d\n'
    with table_of(file, text) as table:
        assert [row.cells["name"] for row in table.rows] == ["A", "D"]
        assert [(one.line, one.severity) for one in table.problems] == [(3, Severity.BAD_ROW)]
        assert "to line 4" in table.problems[0].sentence


def test_a_shifted_row_is_reported(file: Path) -> None:
    with table_of(file, "name,address\nA,1 Main St, Ankeny\nB,b,\nC,c\n") as table:
        assert [row.cells["name"] for row in table.rows] == ["B", "C"]
        assert table.problems[0].line == 2
        assert "3 cells under 2 headings" in table.problems[0].sentence


def test_cells_are_tidied(file: Path) -> None:
    with table_of(file, 'name,code,phone\n\u3000甲\u200b 乙 ,="0012",\u00a0110\n') as table:
        assert next(table.rows).cells == {"name": "甲 乙", "code": "0012", "phone": "110"}


def test_a_spreadsheet_is_known_by_its_contents(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("说明", 0).append(["填写说明"])
    sheet = book.worksheets[1]
    rows: list[list[object]] = [
        ["名称", "编码", "电话", "地址", None],
        ["甲", 102290000017, 2.1e11, 31.10, "remark"],
        ["乙", "0012", date(2026, 3, 1), datetime(2026, 3, 1, 8, 30), None],  # noqa: DTZ001 - as Excel
        ["#N/A", None, True, 0.1 + 0.2, None],
    ]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "list.csv")
    with open_table(tmp_path / "list.csv", known) as table:
        assert table.encoding == "XLSX"
        assert [(row.line, list(row.cells.values())) for row in table.rows] == [
            (2, ["甲", "102290000017", "210000000000", "31.1"]),
            (3, ["乙", "0012", "2026-03-01", "2026-03-01T08:30:00"]),
            (4, ["", "", "True", "0.3"]),
        ]


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"%PDF-1.7 name,code", "not a table"),
        (b"name,code\n\0\0\1\2", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1name", "an old .xls or has a password"),
        (b"PK\x03\x04 and nothing more", "not a spreadsheet, or it is damaged"),
        (b"name,code\n\xff\xff\xff", "neither UTF-8 nor GB18030"),
        ("name,address\nCafés,Müllerstraße\n".encode("cp1252"), "neither UTF-8 nor GB18030"),
        (b"\xef\xbb\xbfname,code\n\xff,1", "neither UTF-8 nor GB18030"),
        (b"a,b\n1,2\n", "no row with headings"),
    ],
)
def test_it_refuses_with_one_sentence(file: Path, contents: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence), table_of(file, contents):
        pass


def test_it_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"), open_table(tmp_path / "no.csv", known):
        pass


def test_it_refuses_another_kind_of_zip(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "letter.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with (
        pytest.raises(Refused, match="not a spreadsheet"),
        open_table(tmp_path / "letter.xlsx", known),
    ):
        pass


def test_headings_are_matched_best_first() -> None:
    headings = ["Mobile 2", "客户名称（必填）", "TEL", "remark"]
    found = matched(headings, {"name": ("name", "客户名称"), "phones": ("tel", "mobile")})
    assert found == {"name": ["客户名称（必填）"], "phones": ["TEL", "Mobile 2"]}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("¥1,234.50", "1234.50"),
        ("12,5", "12.5"),
        ("1,234", "1234"),
        ("-93.60°", "-93.60"),
        ("１２．５", "12.5"),
        ("31,149714", "31.149714"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1-2", "1,23,4"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not a number"):
        number_of(text)


def test_a_report_tells_equal_sentences_once() -> None:
    tally = Tally(added=1)
    for line in (9, 3, 2, 4):
        tally.warn(line, "No.")
    tally.bad(7, "Why?")
    report = tally.report(Table("UTF-8", (), iter(()), []), ["zip"], ["A note."])
    assert isinstance(report, Report)
    assert list(report.lines()) == [
        "1 new, 0 changed, 0 unchanged. Bad rows: 1.",
        "Read as UTF-8.",
        "Columns not used: zip.",
        "A note.",
        "Bad row, left out, line 7: Why?",
        "Warning, line 2–4, 9: No.",
    ]
