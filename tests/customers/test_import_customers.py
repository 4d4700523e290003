"""Customer lists: real ones with exact counts, and small ones that are wrong on purpose."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from app.core.commands import CommandLog
from app.core.errors import Refused
from app.core.geo import Crs, Point, distance_m
from app.core.tables import Report, Severity
from app.customers.imports import import_customers
from app.customers.models import Contact, Customer
from app.customers.rules import Grade, Kind, PinSource, Status
from tests.cast import Cast

Taking = Callable[..., Report]
UNREADABLE_HOURS = {40, 64, 78, 155, 328, 643, 778, 810, 1026, 1028}  # lines of the Helsinki list


@pytest.fixture
def take(db: Session, cast: Cast, tmp_path: Path) -> Taking:
    """Take in a file, or rows of cells as a file."""

    def take_in(list_: Path | Sequence[str], crs: Crs = Crs.WGS84, **more: object) -> Report:
        path = list_ if isinstance(list_, Path) else tmp_path / "list.csv"
        if not isinstance(list_, Path):
            path.write_text("\n".join(list_), encoding="utf-8")
        asked = {"owner": None, "team": cast.north, "by": None} | more
        report = import_customers(db, path, crs=crs, **asked)  # type: ignore[arg-type] # mixed kinds
        db.commit()
        db.expunge_all()
        return report

    return take_in


def only(db: Session) -> Customer:
    return db.exec(select(Customer)).one()


def count(db: Session, *conditions: object) -> int:
    return db.exec(select(func.count(col(Customer.id))).where(*conditions)).one()  # type: ignore[arg-type] # mixed kinds


def told(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, len(report.of(Severity.BAD_ROW))


def sentences(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.sentence) for problem in report.problems]


def tidy(text: str) -> str:
    return " ".join(text.split())


def test_des_moines(db: Session, data: Path, take: Taking) -> None:
    path = data / "iowa_b2b/customers_desmoines.csv"
    report = take(path)
    assert told(report) == (327, 0, 0, 0)
    assert set(report.notes) == {
        "Grade A was taken as A1: 35 rows.",
        "Grade B was taken as B1: 79 rows.",
        "No position: 27 rows.",
    }
    assert report.problems == ()
    assert "usd_last_12m" in report.unused
    assert count(db, col(Customer.lat).is_(None)) == 27
    assert count(db, Customer.grade == Grade.A1) == 35
    assert count(db, Customer.status == Status.INACTIVE) == 34
    shop = db.exec(select(Customer).where(Customer.code == "2502")).one()
    assert (shop.name, shop.region) == ("HY-VEE WINE AND SPIRITS / ANKENY", "Ankeny")
    assert (shop.lat, shop.lon, shop.pin_source) == (41.734636, -93.600406, PinSource.IMPORTED)
    assert told(take(path)) == (0, 0, 327, 0)


def test_helsinki_with_opening_hours(db: Session, data: Path, take: Taking) -> None:
    path = data / "western_city/customers_helsinki_centre.csv"
    report = take(path)
    assert told(report) == (1071, 0, 0, 0)
    of_hours = {line for line, sentence in sentences(report) if "opening hours" in sentence}
    assert of_hours == UNREADABLE_HOURS
    assert (643, "The opening hours “Mo-Fr 7:00-21; Sa-Su 12:00-18:00” cannot be read.") in (
        sentences(report)
    )
    assert [s for _line, s in sentences(report) if "opening hours" not in s] == [
        "“https://www.viinitie.fi/” is no telephone number. Left out."
    ]
    customers = db.exec(select(Customer)).all()
    assert sum(customer.windows is not None for customer in customers) == 462
    assert sum(bool(customer.opening_hours) for customer in customers) == 472
    assert sum(bool(customer.phones) for customer in customers) == 332
    tea = next(customer for customer in customers if customer.name == "Théhuone")
    assert tea.windows == [[day, 600, 1140] for day in range(5)] + [[5, 600, 1080]]
    assert told(take(path)) == (0, 0, 1071, 0)


@pytest.mark.parametrize("crs", [Crs.GCJ02, Crs.BD09])
def test_shanghai_in_every_coordinate_system(
    db: Session, data: Path, take: Taking, crs: Crs
) -> None:
    lists = {"customers_shanghai_retail.csv": 1292, "customers_shanghai_fuel_ev.csv": 1500}
    for name, rows in lists.items():
        report = take(data / "shanghai" / name, crs)
        assert told(report) == (rows, 0, 0, 0)
        assert {"lat", "lon", "brand"} <= set(report.unused)
        with (data / "shanghai" / name).open(encoding="utf-8", newline="") as file:
            wgs84 = {
                (" ".join(row["name"].split()), row["address"]): Point(
                    float(row["lat"]), float(row["lon"])
                )
                for row in csv.DictReader(file)
            }
        taken = db.exec(select(Customer).where(Customer.region != "")).all()
        pins = {(one.name, one.address): one.point for one in taken}
        assert max(distance_m(pins[key] or Point(0, 0), point) for key, point in wgs84.items()) < 1
    assert count(db) == 2792


def test_the_wrong_coordinate_system_is_mended_by_a_second_run(
    db: Session, data: Path, take: Taking
) -> None:
    """Without codes and addresses the same customers are found, although all positions move."""
    path = data / "shanghai/customers_shanghai_retail.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    bare = [head.replace("bd09_l", "x_l").replace("gcj02_l", "y_l"), *rows]
    assert told(take(bare)) == (1292, 0, 0, 0)
    assert told(take(bare, Crs.BD09)) == (0, 1292, 0, 0)
    assert told(take(bare, Crs.BD09)) == (0, 0, 1292, 0)
    assert count(db) == 1292


def test_bank_branches_in_three_files_are_the_same(db: Session, data: Path, take: Taking) -> None:
    folder = data / "messy_import"
    report = take(folder / "shanghai_bank_branches_utf8.csv")
    assert (report.encoding, told(report)) == ("UTF-8", (3072, 0, 0, 0))
    assert sentences(report) == [
        (1121, "“21” is no telephone number. Left out."),
        (1628, "“021-5611358356116092” has the digits of two telephone numbers."),
        (3072, "“0” is no telephone number. Left out."),
    ]
    phones = {tuple(phones) for phones in db.exec(select(Customer.phones))}
    assert ("021-63181818-8342",) in phones  # written with a star
    assert ("021-58776072(银票)", "58775706") in phones
    assert ("021-37596685",) in phones  # written with two dashes
    report = take(folder / "shanghai_bank_branches_gb18030.csv")
    assert (report.encoding, told(report)) == ("GB18030", (0, 0, 3072, 0))
    assert report.unused == ("邮编", "SWIFT")
    report = take(folder / "shanghai_bank_branches_merged_headers.xlsx")
    assert report.encoding == "XLSX"
    assert report.taken == 600
    assert report.added == 0  # numbers as numbers are the same codes
    assert sentences(report) == [(605, "A row of totals: 合计 600 家.")]
    assert report.unused == ("序号", "邮编")
    assert told(take(folder / "shanghai_bank_branches_merged_headers.xlsx")) == (0, 0, 600, 0)


def test_bad_rows_are_named_and_the_rest_is_taken(db: Session, take: Taking) -> None:
    report = take(
        [
            "编码,客户名称,地址,纬度,经度,等级,状态,营业时间,电话",
            "K1,甲,南京路1号,31.2,121.4,a2,正常,每天 9:00-21:00,021-62533238／６２５３３２３９",
            "K2,,南京路2号,,,,,,",
            "K1,乙,南京路3号,,,,,,",
            "1.0229E+11,丙,南京路4号,,,,,,",
            "K5,丁,南京路5号,121.4,31.2,E,睡眠,随时,无",
            "K6,戊,南京路6号,,,,,,,多",
        ]
    )
    assert told(report) == (2, 0, 0, 4)
    assert sentences(report) == [
        (3, "There is no name."),
        (4, "The code K1 stands in line 2 already."),
        (5, "The code 1.0229E+11 has lost its digits: make the column text and save again."),
        (6, "“睡眠” is none of prospect, active, inactive. Left out."),
        (6, "“E” is none of A1, A2, B1, B2, C, D. Left out."),
        (6, "The opening hours “随时” cannot be read."),
        (6, "“无” is no telephone number. Left out."),
        (6, "“121.4, 31.2” is no latitude and longitude. Taken without a position."),
        (7, "10 cells under 9 headings: is a comma not in quotation marks?"),
    ]
    good = db.exec(select(Customer).where(Customer.code == "K1")).one()
    assert (good.grade, good.status) == (Grade.A2, Status.ACTIVE)
    assert good.phones == ["021-62533238", "62533239"]
    assert good.windows == [[day, 540, 1260] for day in range(7)]
    wrong = db.exec(select(Customer).where(Customer.code == "K5")).one()
    assert (wrong.point, wrong.windows, wrong.opening_hours) == (None, None, "随时")


def test_a_full_card_with_contact_and_money(db: Session, take: Taking) -> None:
    head = "name,short name,kind,tags,notes,credit limit,币种,账期,contact,title,contact phone"
    row = 'Green Café,Green,经销商,"vip, north",Ring twice,"12,345.60",EUR,30 days,Ann,Chef,110'
    assert told(take([head, row])) == (1, 0, 0, 0)
    card = only(db)
    assert (card.kind, card.tags, card.notes) == (Kind.DEALER, ["vip", "north"], "Ring twice")
    assert (card.credit_limit, card.currency, card.payment_terms) == (1234560, "EUR", "30 days")
    assert card.search_text.startswith("green cafe|gc|green")
    assert told(take([head, row.replace("Chef", "Owner")])) == (0, 0, 1, 0)
    contact = db.exec(select(Contact)).one()
    assert (contact.name, contact.title, contact.phone, contact.rev) == ("Ann", "Owner", "110", 2)


def test_blank_cells_and_missing_columns_change_nothing(
    db: Session, cast: Cast, take: Taking
) -> None:
    take(["code,name,phone,notes,owner", "1,Alpha,110,first,alice"])
    before = only(db)
    assert told(take(["code,name,phone,notes", "1,Alpha,,"])) == (0, 0, 1, 0)
    assert told(take(["name,code", "Alpha,1"])) == (0, 0, 1, 0)
    after = only(db)
    assert (after.phones, after.notes, after.owner_id) == (["110"], "first", cast.alice.id)
    assert (after.rev, after.changed_at) == (1, before.changed_at)


def test_only_what_differs_gets_a_new_revision(db: Session, take: Taking) -> None:
    take(["code,name", "1,Alpha", "2,Beta"])
    assert told(take(["code,name", "1,Alpha", "2,星巴克"])) == (0, 1, 1, 0)
    rows = db.exec(select(Customer).order_by(col(Customer.code))).all()
    assert [(row.name, row.rev) for row in rows] == [("Alpha", 1), ("星巴克", 2)]
    assert "xingbake|xbk" in rows[1].search_text
    assert rows[1].changed_at > rows[0].changed_at


def test_a_pin_that_a_person_set_stays(db: Session, take: Taking) -> None:
    take(["code,name,lat,lon", "1,Alpha,31.2,121.4"])
    card = only(db)
    card.lat, card.pin_source = 31.3, PinSource.PERSON
    db.add(card)
    db.commit()
    assert told(take(["code,name,lat,lon", "1,Alpha,31.2,121.4"])) == (0, 0, 1, 0)
    assert only(db).lat == 31.3


def test_owners_by_user_name_by_name_and_by_default(db: Session, cast: Cast, take: Taking) -> None:
    rows = ["客户名称,负责人", "甲,alice", "乙,陈力", "丙,", "丁,老板"]
    report = take(rows, owner=cast.bob)
    assert sentences(report) == [(5, "Nobody here is called 老板.")]
    found = {one.name: (one.owner_id, one.team_id) for one in db.exec(select(Customer))}
    assert found == {
        "甲": (cast.alice.id, cast.north.id),
        "乙": (cast.charlie.id, cast.south.id),
        "丙": (cast.bob.id, cast.north.id),
        "丁": (cast.bob.id, cast.north.id),
    }
    assert told(take(["客户名称", "甲", "乙", "丙", "丁"])) == (0, 0, 4, 0)


def test_without_codes_name_and_address_decide(db: Session, take: Taking) -> None:
    rows = ["name,address", "Alpha,1 Main St", "Alpha,2 Main St", "ALPHA,1  main st"]
    report = take(rows)
    assert told(report) == (2, 0, 0, 1)
    assert sentences(report) == [(4, "The customer of line 2 again, by name and address.")]
    assert told(take(["name,address,code", "Alpha,1 Main St,K1"])) == (0, 1, 0, 0)
    assert told(take(rows[:3])) == (0, 0, 2, 0)
    assert {one.code for one in db.exec(select(Customer))} == {"K1", None}


def test_codes_of_another_list_do_not_overwrite(db: Session, take: Taking, tmp_path: Path) -> None:
    take(["code,name,address", "2190,Central City Liquor,1460 2nd Ave"])
    other = tmp_path / "helsinki 2026-10.csv"
    other.write_text("code,name,address\n2190,Théhuone,Eerikinkatu 10\n", encoding="utf-8")
    report = take(other)
    assert told(report) == (0, 0, 0, 1)
    assert "The code 2190 is that of Central City Liquor in another list" in sentences(report)[0][1]
    assert told(take(other, prefix="H-")) == (1, 0, 0, 0)
    assert told(take(other, prefix="H-")) == (0, 0, 1, 0)
    assert {one.code for one in db.exec(select(Customer))} == {"2190", "H-2190"}


def test_the_import_is_in_the_log(db: Session, cast: Cast, take: Taking) -> None:
    take(["name", "Alpha"], by=cast.ada)
    entry = db.exec(select(CommandLog)).one()
    assert (entry.name, entry.person_id) == ("customers.import.v1", cast.ada.id)
    assert entry.contents["file_name"] == "list.csv"
    assert len(entry.contents["sha256"]) == 64


def test_it_refuses_a_list_without_names(take: Taking, db: Session) -> None:
    with pytest.raises(Refused, match="no column with the customers' names"):
        take(["code,address", "1,2 Main St"])
    assert db.exec(select(CommandLog)).first() is None


def test_it_says_when_positions_are_in_another_system(take: Taking) -> None:
    report = take(["name,百度纬度,百度经度", "甲,31.2,121.4"])
    assert report.notes == ("There are positions in bd09: to read them say so.",)


def test_what_is_owed_and_how_long_a_visit_takes(db: Session, take: Taking) -> None:
    head = "name,应收余额,到期日,拜访时长,币种"
    assert told(take([head, 'Walnut,"¥80,000.00",2026年10月3日,45,CNY']))[0] == 1
    card = only(db)
    assert (card.owed, card.owed_since, card.visit_minutes) == (8_000_000, date(2026, 10, 3), 45)
    take([head, "Walnut,0,,,"])
    db.expire_all()
    assert (only(db).owed, only(db).visit_minutes) == (0, 45)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("owed since", "last autumn", "“last autumn” is no day such as 2026-11-30."),
        ("owed since", "2026-02-30", "“2026-02-30” is no day such as 2026-11-30."),
        ("visit minutes", "900", "A visit of 900 minutes is not between 5 and 480."),
        ("owed", "a lot", "“a lot” is not a number."),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_out(
    db: Session, take: Taking, column: str, cell: str, said: str
) -> None:
    report = take([f"name,{column}", f"Walnut,{cell}"])
    assert any(sentence.startswith(said) for _line, sentence in sentences(report))
    assert only(db).name == "Walnut"
