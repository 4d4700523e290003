"""The official calendar against what was published, and what a company says on top."""

import csv
from datetime import date
from pathlib import Path

import pytest

from app.core.public_days import known, official
from app.planning.workdays import workdays_of
from tests.starting import refused_with


def rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / "holidays" / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def worked(country: str, year: int) -> set[date]:
    here = official(country, year)
    return set(workdays_of(year, here.off, here.worked, {}))


def test_chinas_days_off_and_make_up_days_are_as_published(data: Path) -> None:
    told = rows(data, "cn_holidays_2025_2027.csv")
    assert len(told) == 91
    for row in told:
        day = date.fromisoformat(row["date"])
        assert (day not in worked("CN", day.year)) is (row["day_off"] == "1"), row


def test_other_countries_too(data: Path) -> None:
    told = rows(data, "fi_gb_us_holidays_2026_2027.csv")
    assert len(told) == 108
    for row in told:
        day = date.fromisoformat(row["date"])
        country = "-".join(part for part in (row["country"], row["subdiv"]) if part)
        assert day not in worked(country, day.year), row


@pytest.mark.parametrize(
    ("country", "year", "provisional"),
    [("CN", 2025, False), ("CN", 2026, False), ("CN", 2027, True), ("FI", 2027, False)],
)
def test_a_year_that_is_not_announced_says_so(
    country: str, year: int, *, provisional: bool
) -> None:
    assert official(country, year).provisional is provisional


def test_holidays_have_their_names_in_both_languages() -> None:
    day = date(2026, 10, 1)
    assert official("CN", 2026, "zh_CN").off[day] == "国庆节"
    assert official("CN", 2026, "en").off[day] == "National Day"


def test_the_word_of_the_company_comes_before_what_is_official() -> None:
    here = official("CN", 2026)
    said = {date(2026, 10, 1): True, date(2026, 10, 10): False, date(2026, 11, 25): False}
    days = workdays_of(2026, here.off, here.worked, said)
    assert [day in days for day in said] == [True, False, False]


@pytest.mark.parametrize(
    ("country", "there"),
    [("CN", True), ("GB-ENG", True), ("US-IA", True), ("XX", False), ("GB-NOWHERE", False)],
)
def test_which_countries_are_known(country: str, *, there: bool) -> None:
    assert known(country) is there


def test_a_country_without_a_calendar_is_refused_at_the_start(tmp_path: Path) -> None:
    assert refused_with(tmp_path, ROADBOOK_COUNTRY="XX") == (
        "ROADBOOK_COUNTRY is not like CN or GB-ENG, of which the holidays are known: XX\n"
    )
