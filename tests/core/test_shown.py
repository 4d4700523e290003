"""How dates, distances and numbers are written for the reader."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from app.core import clock, i18n, shown

NOW = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)  # in Shanghai it is 01:30 of the 22nd
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def read(markup: str) -> str:
    return str(Markup(markup).striptags())


def test_a_moment_is_shown_by_the_readers_clock() -> None:
    with i18n.speaking("en", SHANGHAI):
        assert read(shown.moment(NOW)) == "today 01:30"
        assert shown.iso(NOW) == "2026-11-22T01:30+08:00"
    with i18n.speaking("en", NEW_YORK):
        assert read(shown.moment(NOW)) == "today 12:30"
        assert shown.clock_time(datetime(2026, 7, 1, 16, 5, tzinfo=UTC)) == "12:05"


@pytest.mark.parametrize(
    ("on", "english", "chinese"),
    [
        (date(2026, 11, 22), "today", "今天"),
        (date(2026, 11, 21), "yesterday", "昨天"),
        (date(2026, 11, 23), "tomorrow", "明天"),
        (date(2026, 11, 24), "24 Nov", "11月24日"),
        (date(2026, 1, 5), "5 Jan", "1月5日"),
        (date(2025, 12, 31), "31 Dec 2025", "2025年12月31日"),
        (date(1, 1, 1), "1 Jan 1", "1年1月1日"),
        (date(9999, 12, 31), "31 Dec 9999", "9999年12月31日"),
    ],
)
def test_a_day_is_called_as_people_call_it(on: date, english: str, chinese: str) -> None:
    with i18n.speaking("en", SHANGHAI):
        assert read(shown.day(on)) == english
    with i18n.speaking("zh_CN", SHANGHAI):
        assert read(shown.day(on)) == chinese


def test_near_midnight_a_moment_is_on_the_readers_day() -> None:
    late = datetime(2026, 11, 21, 15, 59, tzinfo=UTC)
    with i18n.speaking("en", SHANGHAI):
        assert read(shown.day(late)) == "yesterday"
        assert read(shown.day(late + timedelta(minutes=1))) == "today"
    with i18n.speaking("en", NEW_YORK):
        assert read(shown.day(late)) == "today"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "00:00"), (570, "09:30"), (1439, "23:59"), (1440, "24:00"), (1500, "01:00")],
)
def test_minutes_of_the_day(minutes: int, text: str) -> None:
    assert shown.of_day(minutes) == text


def test_a_time_of_the_day_needs_no_zone() -> None:
    with i18n.speaking("en", NEW_YORK):
        assert shown.clock_time(time(9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("metres", "text"),
    [
        (0, "0 m"),
        (37.6, "38 m"),
        (99.4, "99 m"),
        (854, "850 m"),
        (996, "1 km"),
        (1000, "1 km"),
        (4249, "4.2 km"),
        (99_940, "99.9 km"),
        (120_400, "120 km"),
        (12_742_000, "12,742 km"),
    ],
)
def test_a_distance_has_no_more_digits_than_matter(metres: float, text: str) -> None:
    with i18n.speaking("en"):
        assert shown.distance(metres).replace(".0 km", " km") == text


def test_a_distance_in_chinese() -> None:
    with i18n.speaking("zh_CN"):
        assert shown.distance(850) == "850 米"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=20), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=75), "1 h 15 min"),
    ],
)
def test_a_duration(span: timedelta, text: str) -> None:
    with i18n.speaking("en"):
        assert shown.duration(span) == text


@pytest.mark.parametrize(
    ("amount", "text", "field"),
    [
        ("12.000", "12", "12"),
        ("1.500", "1.5", "1.5"),
        ("100", "100", "100"),
        ("12000", "12,000", "12000"),
        ("0.125", "0.125", "0.125"),
        ("1E+3", "1,000", "1000"),
    ],
)
def test_a_quantity_without_trailing_zeros(amount: str, text: str, field: str) -> None:
    with i18n.speaking("en"):
        assert shown.quantity(Decimal(amount)) == text
        assert shown.plain(Decimal(amount)) == field


def test_weekdays_are_known_in_chinese() -> None:
    with i18n.speaking("zh_CN"):
        assert all(not i18n.gettext(name).isascii() for name in shown.WEEKDAYS)


def test_the_address_of_a_file_changes_with_its_contents() -> None:
    known = shown.asset("icon/favicon.svg")
    assert known.startswith("/static/icon/favicon.svg?v=")
    assert len(known.partition("?v=")[2]) == 10
    assert shown.asset("build/nowhere.js") == "/static/build/nowhere.js?v=none"


def test_the_reader_is_asked_for_each_time() -> None:
    """What was shown to one reader is not what the next one sees."""
    with i18n.speaking("zh_CN", SHANGHAI):
        chinese = shown.full_day(date(2026, 11, 22))
    with i18n.speaking("en", SHANGHAI):
        assert shown.full_day(date(2026, 11, 22)) == "Sunday 22 November"
    assert chinese == "11月22日 星期日"
    assert ZoneInfo(i18n.zone()) == ZoneInfo("UTC")


def test_in_a_pack_no_day_is_near_and_no_file_has_a_version() -> None:
    with i18n.speaking("en", SHANGHAI), shown.packing():
        assert read(shown.day(date(2026, 11, 22))) == "22 Nov"
        assert shown.asset("build/app.js") == "/static/build/app.js?v=*"
    with i18n.speaking("en", SHANGHAI):
        assert shown.day(date(2026, 11, 22)) == (
            '<span data-day="2026-11-22" data-date="22 Nov">today</span>'
        )
