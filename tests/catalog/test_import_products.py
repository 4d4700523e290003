"""Catalogues and price lists: a real one with exact counts, and small ones."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from app.catalog.imports import import_products
from app.catalog.models import PackUnit, Price, PriceList, Product
from app.catalog.queries import Offer, offers
from app.core.commands import CommandLog
from app.core.errors import Refused
from app.core.tables import Report, Severity
from tests.cast import Cast

Taking = Callable[..., Report]


@pytest.fixture
def take(db: Session, tmp_path: Path) -> Taking:
    """Take in a file, or rows of cells as a file."""

    def take_in(list_: Path | Sequence[str], **more: object) -> Report:
        path = list_ if isinstance(list_, Path) else tmp_path / "list.csv"
        if not isinstance(list_, Path):
            path.write_text("\n".join(list_), encoding="utf-8")
        report = import_products(db, path, **({"currency": None, "by": None} | more))  # type: ignore[arg-type] # mixed kinds
        db.commit()
        db.expunge_all()
        return report

    return take_in


def told(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, len(report.of(Severity.BAD_ROW))


def offer(db: Session, code: str) -> Offer:
    product = db.exec(select(Product).where(Product.code == code)).one()
    return offers(db, None, [product.id])[product.id]


def test_iowa(db: Session, data: Path, take: Taking) -> None:
    path = data / "iowa_b2b/products_iowa.csv"
    report = take(path)
    assert told(report) == (6482, 0, 0, 0)
    assert report.problems == ()
    assert {"bottle_cost_usd", "case_cost_usd", "upc_as_found"} <= set(report.unused)
    products = db.exec(select(Product)).all()
    assert sum(bool(product.barcode) for product in products) == 6475
    assert {len(product.barcode) for product in products} == {0, 12}
    assert len({product.barcode for product in products}) == 3494
    whisky = offer(db, "10006")
    assert (whisky.product.name, whisky.product.size) == ("SCORESBY RARE SCOTCH", "750 ml")
    assert whisky.product.listed_on == date(1990, 4, 1)
    assert whisky.currency == "USD"
    assert whisky.units == {"bottle": Decimal(1), "case": Decimal(12)}
    assert [whisky.price(unit) for unit in whisky.sold_in] == [938, 12 * 938]
    assert db.exec(select(func.count()).select_from(Price)).one() == 6482
    assert told(take(path)) == (0, 0, 6482, 0)


def test_a_chinese_price_list(db: Session, take: Taking) -> None:
    rows = [
        "货号,品名,规格,单位,箱规,条形码,单价（元）,箱价,品牌,状态",
        "A-1,青岛啤酒,500ml,瓶,12,006901035600,5.50,60,青岛,在售",
        "A-2,湿纸巾,80抽,包,,,3,,,停售",
        "A-1,重复,,,,,,,,",
        "A-4,,,,,,,,,",
        "A-5,矿泉水,,瓶,一箱,,面议,,,",
    ]
    report = take(rows)
    assert told(report) == (3, 0, 0, 2)
    assert [(problem.line, problem.sentence) for problem in report.problems] == [
        (4, "The code A-1 stands in line 2 already."),
        (5, "There is no name."),
        (6, "“一箱” is not a number."),
        (6, "“面议” is not a number."),
    ]
    beer = offer(db, "A-1")
    assert beer.product.barcode == "006901035600"
    assert beer.currency == "CNY"
    assert [beer.price("bottle"), beer.price("case")] == [550, 6000]
    assert "qingdaopijiu|qdpj" in beer.product.search_text
    tissues = db.exec(select(Product).where(Product.code == "A-2")).one()
    assert (tissues.base_unit, tissues.active) == ("包", False)


def test_a_second_run_brings_prices_and_packs_up_to_date(db: Session, take: Taking) -> None:
    take(["code,name,pack,price", "1,Alpha,6,10", "2,Beta,6,10"])
    report = take(["code,name,pack,price", "1,Alpha,12,11.50", "2,Beta,,"])
    assert told(report) == (0, 1, 1, 0)
    alpha, beta = offer(db, "1"), offer(db, "2")
    assert (alpha.units["case"], alpha.price("bottle")) == (Decimal(12), 1150)
    assert (beta.units["case"], beta.price("bottle")) == (Decimal(6), 1000)
    assert (alpha.product.rev, beta.product.rev) == (2, 1)
    assert db.exec(select(func.count()).select_from(PackUnit)).one() == 4


def test_pieces_unless_it_comes_in_packs(db: Session, take: Taking) -> None:
    take(["code,name,price", "1,Poster,2"])
    assert offer(db, "1").units == {"piece": Decimal(1)}
    assert offer(db, "1").price("piece") == 200


def test_prices_of_another_currency_go_to_their_own_list(db: Session, take: Taking) -> None:
    take(["code,name,price", "1,Alpha,10"])
    report = take(["code,name,price_eur", "1,Alpha,2"])
    assert report.notes == ("The price list Prices in EUR is not the default.",)
    lists = db.exec(select(PriceList).order_by(col(PriceList.currency))).all()
    assert [(one.currency, one.is_default) for one in lists] == [("CNY", True), ("EUR", False)]
    assert offer(db, "1").price("piece") == 1000
    assert take(["code,name,price", "1,Alpha,10"]).unchanged == 1


def test_it_refuses_a_currency_that_the_file_contradicts(take: Taking) -> None:
    rows = ["code,name,bottle_price_usd", "1,Alpha,10"]
    with pytest.raises(Refused, match="prices are in USD, not in CNY"):
        take(rows, currency="CNY")
    assert take(rows, currency="USD").added == 1


@pytest.mark.parametrize("head", ["code,price", "name,price"])
def test_it_refuses_a_list_without_codes_or_names(take: Taking, head: str) -> None:
    with pytest.raises(Refused, match="Products need a column"):
        take([head, "1,2"])


def test_the_import_is_in_the_log(db: Session, cast: Cast, take: Taking) -> None:
    take(["code,name", "1,Alpha"], by=cast.ada)
    entry = db.exec(select(CommandLog)).one()
    assert (entry.name, entry.person_id) == ("catalog.import.v1", cast.ada.id)
    assert entry.contents["currency"] == "CNY"
