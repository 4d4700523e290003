"""The rules on real lists: what is one is found, what are two are mostly left alone."""

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from app.core.geo import Point, distance_m
from app.customers.alike import Marks, dialled, likeness, plain
from app.customers.search import spelt

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def marks(name: str, *phones: str) -> Marks:
    letters = plain(name)
    return Marks(letters, spelt(letters), tuple(filter(None, map(dialled, phones))))


def point(row: Row) -> Point | None:
    return Point(float(row["lat"]), float(row["lon"])) if row["lat"] and row["lon"] else None


def carelessly(chance: Random, name: str) -> str:
    """The name as another rep might have written it."""
    ways = (
        lambda text: text + "有限公司",
        lambda text: f"上海{text}",
        lambda text: text.replace("（", "(").replace("）", ")"),
        lambda text: text.replace("(", "").replace(")", ""),
        lambda text: "".join(
            chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text
        ),
        lambda text: text[: len(text) // 2] + text[len(text) // 2 + 1 :],
    )
    return chance.choice(ways)(name)


def test_a_customer_written_by_two_is_found(data: Path) -> None:
    """Each of a city's chain branches, written again carelessly by somebody some steps away."""
    chance = Random(69)
    known = [row for row in rows(data / "shanghai/customers_shanghai_retail.csv") if point(row)]
    found = Counter[bool]()
    for row in chance.sample(known, 400):
        again = carelessly(chance, row["name"])
        found[likeness(marks(row["name"]), marks(again), chance.uniform(0, 250)).likely] += 1
    assert found[True] / 400 > 0.95, found


def test_branches_of_chains_in_a_street_are_not_one(data: Path) -> None:
    """Of all pairs of branches within 300 m few look like one, and those do have one name."""
    known = [row for row in rows(data / "shanghai/customers_shanghai_retail.csv") if point(row)]
    known.sort(key=lambda row: float(row["lat"]))
    near = wrong = 0
    for at, row in enumerate(known):
        here = point(row)
        for other in known[at + 1 :]:
            if float(other["lat"]) - float(row["lat"]) > 0.003:
                break
            there = point(other)
            if not here or not there or (metres := distance_m(here, there)) > 300:
                continue
            near += 1
            wrong += likeness(marks(row["name"]), marks(other["name"]), metres).likely
    assert near > 500
    assert wrong / near < 0.03, (wrong, near)


def test_shops_with_a_phone_each_are_told_apart(data: Path) -> None:
    """A western city centre: different names at one address, phones in every layout."""
    known = [row for row in rows(data / "western_city/customers_helsinki_centre.csv") if point(row)]
    pairs = wrong = 0
    for row, other in combinations(known[:300], 2):
        here, there = point(row), point(other)
        if not here or not there or (metres := distance_m(here, there)) > 300:
            continue
        one, two = (marks(each["name"], each.get("phone", "")) for each in (row, other))
        pairs += 1
        wrong += likeness(one, two, metres).likely
    assert pairs > 1000
    assert wrong / pairs < 0.005, (wrong, pairs)


def test_the_same_branch_of_a_bank_twice_in_a_dirty_list(data: Path) -> None:
    known = rows(data / "messy_import/shanghai_bank_branches_utf8.csv")
    names = Counter(plain(row["bank_name"]) for row in known)
    twice = [row for row in known if names[plain(row["bank_name"])] > 1]
    assert len(twice) > 200
    for row in twice[:50]:
        assert likeness(marks(row["bank_name"]), marks(f" {row['bank_name']}　"), None).likely
