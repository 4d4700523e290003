"""Opening hours as people and OpenStreetMap write them, read into the windows of a plain week."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from app.core.errors import Refused
from app.core.i18n import mark as _

MONDAY = datetime(2026, 11, 9)  # noqa: DTZ001 - local time of a week without season or holiday
DAY = timedelta(days=1)
WEEK = 7 * DAY
NEVER = ("off", "closed")

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Su")
CHINESE_DAYS = dict(zip("一二三四五六日天", DAYS, strict=True))
OF_DAYS, OF_HOURS = r"(?=(?:Mo|Tu|We|Th|Fr|Sa|Su)\b)", r"(?<=\d)"
CHINESE = (  # what is written, what OpenStreetMap writes; applied in this order
    (r"每?(?:周|星期|礼拜)([一二三四五六日天])", r"<\1>"),
    (r"(>\s*(?:至|到|-|~|—)\s*)([一二三四五六日天])", r"\1<\2>"),
    (r">\s*(?:至|到|-|~|—+)\s*<", ">-<"),
    (r">\s*[、,和及]?\s*<", ">,<"),
    (r"每天|每日|天天|全周", " Mo-Su "),
    (r"工作日|平日", " Mo-Fr "),
    (r"周末|双休日", " Sa,Su "),
    (r"(?:7[x×*])?(?:全天|24小时|24$)+", " 00:00-24:00 "),
    (r"休息|不营业|关门", " off "),
    (r"营业时间|营业|开放|服务|次日|凌晨", " "),
    (r"(\d{1,2})[点时]半", r"\1:30"),
    (r"(\d{1,2})[点时](\d{1,2})分?", r"\1:\2"),
    (r"(\d{1,2})[点时]", r"\1:00"),
    (OF_HOURS + r"\s*(?:至|到|~|—+|–|-+)\s*(?=\d)", "-"),
    (OF_HOURS + r"\s*[、,]\s*(?=\d)", ","),
)


def windows_of(text: str) -> list[list[int]]:
    """Windows as [weekday (Monday 0), opens, closes], minutes of the day; closes may pass 1440.

    The text is OpenStreetMap's opening_hours or simple Chinese. Public holidays and what holds in
    a season only are left out. No windows means never open.
    """
    return [list(window) for window in _read(text)]


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[int, int, int], ...]:
    sure = re.split(r"\s*\|\|", _in_osm(text))[0]  # after || stands what to try otherwise
    if not validate(sure):
        raise Refused(_("The opening hours “%(text)s” cannot be read."), text=text)
    windows = tuple(sorted(_windows(OpeningHours(sure))))
    only_remarks = re.fullmatch(r'\s*"[^"]*"\s*', sure)
    if only_remarks or (not windows and sure.casefold() not in NEVER):
        raise Refused(_("The opening hours “%(text)s” name no times."), text=text)
    return windows


def _in_osm(text: str) -> str:
    """Simple Chinese forms in OpenStreetMap's words; what is not Chinese stays as it is."""
    plain = unicodedata.normalize("NFKC", text)
    if not re.search(r"[\u4e00-\u9fff~—]", plain) and plain == text:
        return text
    for written, osm in CHINESE:
        plain = re.sub(written, osm, plain)
    plain = re.sub(r"<(.)>", lambda day: f" {CHINESE_DAYS[day[1]]} ", plain)
    plain = re.sub(r"\s*([-,])\s*", r"\1", " ".join(plain.split()))
    plain = re.sub(r"(?<=[a-z])\s*:?\s*(?=\d)", " ", plain)
    plain = re.sub(r"(?<=[\df])[;,。\s]+" + OF_DAYS, "; ", plain)
    return plain.strip(" :;。")


def _windows(week: OpeningHours) -> Iterator[tuple[int, int, int]]:
    for opens, closes in _open_spans(week):
        begin = opens
        while closes - begin > DAY:  # round the clock: cut at midnight
            midnight = datetime.combine(begin.date(), datetime.min.time()) + DAY
            yield from _window(begin, midnight)
            begin = midnight
        yield from _window(begin, closes)


def _open_spans(week: OpeningHours) -> Iterator[tuple[datetime, datetime]]:
    """Spans of being open in and about the plain week; those that touch are one."""
    last: tuple[datetime, datetime] | None = None
    for opens, closes, state, _comment in week.intervals(MONDAY - 2 * DAY, MONDAY + WEEK + 2 * DAY):
        if state != State.OPEN:
            continue
        if last and last[1] == opens:
            last = last[0], closes
            continue
        if last:
            yield last
        last = opens, closes
    if last:
        yield last


def _window(opens: datetime, closes: datetime) -> Iterator[tuple[int, int, int]]:
    if MONDAY <= opens < MONDAY + WEEK:
        begin = opens.hour * 60 + opens.minute
        yield opens.weekday(), begin, begin + int((closes - opens).total_seconds() // 60)
