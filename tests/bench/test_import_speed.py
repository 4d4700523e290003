"""Rows a second and memory of the import: `pytest -s -m bench tests/bench/test_import_speed.py`."""

import csv
import tracemalloc
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.catalog.imports import import_products
from app.core.geo import Crs
from app.customers.imports import import_customers
from tests.bench.table import tell
from tests.cast import Cast
from tests.conftest import ON_POSTGRES

pytestmark = pytest.mark.bench

ROWS_A_SECOND = 2000
BYTES_A_ROW = 250  # the code and the line of each row are kept, to find repeats


@pytest.fixture
def catalogue(data: Path) -> Path:
    return data / "iowa_b2b/products_iowa.csv"


def shortened(catalogue: Path, rows: int, folder: Path) -> Path:
    """The first rows of the catalogue, with codes of their own."""
    path = folder / f"{rows}.csv"
    with (
        catalogue.open(encoding="utf-8", newline="") as file,
        path.open("w", encoding="utf-8", newline="") as copy,
    ):
        head, *body = csv.reader(file)
        csv.writer(copy).writerows([head, *([f"{rows}-{r[0]}", *r[1:]] for r in body[:rows])])
    return path


def take_in(engine: Engine, path: Path) -> int:
    with Session(engine) as db:
        report = import_products(db, path, currency=None, by=None)
        db.commit()
    return report.taken


def test_products_a_second(engine: Engine, catalogue: Path) -> None:
    for run in ("new", "again"):
        begin = perf_counter()
        rows = take_in(engine, catalogue)
        speed = rows / (perf_counter() - begin)
        tell(f"{rows} products, {run}: {speed:,.0f} rows/s")
        assert ON_POSTGRES or run == "again" or speed > ROWS_A_SECOND


def test_customers_a_second(engine: Engine, data: Path, cast: Cast) -> None:
    path = data / "messy_import/shanghai_bank_branches_utf8.csv"
    for run in ("new", "again"):
        begin = perf_counter()
        with Session(engine) as db:
            report = import_customers(db, path, crs=Crs.WGS84, owner=None, team=cast.north, by=None)
            db.commit()
        speed = report.taken / (perf_counter() - begin)
        tell(f"{report.taken} customers, {run}: {speed:,.0f} rows/s")


def test_memory_does_not_grow_with_the_file(
    engine: Engine, catalogue: Path, tmp_path: Path
) -> None:
    peaks = {}
    for rows in (600, 1600, 6400):  # the first loads what is loaded once
        path = shortened(catalogue, rows, tmp_path)
        tracemalloc.start()
        assert take_in(engine, path) == rows
        peaks[rows] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        tell(f"{rows} products: peak {peaks[rows] / 1e6:.1f} MB")
    assert peaks[6400] - peaks[1600] < BYTES_A_ROW * (6400 - 1600)
