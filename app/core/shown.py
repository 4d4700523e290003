"""How things are written for the reader: dates, distances, money, numbers. For templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup

from app.core import clock, i18n, maps, money
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.settings import ROOT

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))

NEAR = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}

_packed: ContextVar[bool] = ContextVar("packed", default=False)


@contextmanager
def packing() -> Iterator[None]:
    """What is shown inside stays the same while nothing changes: no clock, no build.

    The phone puts them in: near.ts what is near, the worker what is built.
    """
    before = _packed.set(True)
    try:
        yield
    finally:
        _packed.reset(before)


def packed() -> bool:
    return _packed.get()


def there(moment: datetime) -> datetime:
    """The moment as the reader's clock shows it."""
    return moment.astimezone(ZoneInfo(i18n.zone()))


def clock_time(moment: datetime | time) -> str:
    return f"{there(moment) if isinstance(moment, datetime) else moment:%H:%M}"


def of_day(minutes: int) -> str:
    """Minutes of the day as a time: 570 is 09:30, 1440 is 24:00, 1500 is 01:00 of the next day."""
    if minutes == 1440:
        return "24:00"
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def day(when: date | datetime) -> Markup:
    """Today, yesterday, tomorrow, or the date; the year only when it is another one."""
    on = there(when).date() if isinstance(when, datetime) else when
    return _day(on, clock.today(i18n.zone()), i18n.language(), is_packed=packed())


@lru_cache(10_000)
def _day(on: date, now: date, _language: str, *, is_packed: bool) -> Markup:
    """Of the language that is spoken: a page has the same days many times."""
    said, near = date_of(on, now), None if is_packed else NEAR.get((on - now).days)
    if near is None:
        return Markup('<span data-day="{}">{}</span>').format(on, said)
    span = Markup('<span data-day="{}" data-date="{}">{}</span>')
    return span.format(on, said, gettext(near))


def date_of(on: date, now: date) -> str:
    chinese = i18n.language() == "zh_CN"
    pattern = ("M月d日" if chinese else "d MMM") if on.year == now.year else None
    return format_date(on, pattern or ("y年M月d日" if chinese else "d MMM y"), i18n.locale())


def birthday(on: date) -> str:
    """Month and day: nobody's age is our business."""
    return format_date(on, "M月d日" if i18n.language() == "zh_CN" else "d MMMM", i18n.locale())


def month_of(on: date) -> str:
    """The month of a day, as short as can be: Nov, 11月."""
    return format_date(on, "M月" if i18n.language() == "zh_CN" else "MMM", i18n.locale())


def full_day(on: date) -> str:
    pattern = "M月d日 EEEE" if i18n.language() == "zh_CN" else "EEEE d MMMM"
    return format_date(on, pattern, i18n.locale())


def moment(when: datetime) -> Markup:
    return day(when) + f" {clock_time(when)}"


def iso(when: datetime) -> str:
    return there(when).isoformat(timespec="minutes")


def distance(metres: float) -> str:
    """38 m, 850 m, 4.2 km, 120 km: no more digits than matter on the road."""
    if metres < 995:
        near = round(metres) if metres < 100 else round(metres / 10) * 10
        return gettext(_("%(metres)s m"), metres=near)
    km = Decimal(metres / 1000)
    rounded = km.quantize(Decimal("0.1")) if km < 100 else km.quantize(Decimal(1))
    return gettext(_("%(km)s km"), km=format_decimal(rounded, locale=i18n.locale()))


def duration(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return gettext(_("%(minutes)s min"), minutes=minutes)
    if minutes % 60 == 0:
        return gettext(_("%(hours)s h"), hours=minutes // 60)
    return gettext(_("%(hours)s h %(minutes)s min"), hours=minutes // 60, minutes=minutes % 60)


def quantity(amount: Decimal) -> str:
    """A quantity without trailing zeros: 12, 1.5."""
    return _quantity(amount.normalize(), i18n.language())


@lru_cache(10_000)
def _quantity(amount: Decimal, _language: str) -> str:
    return format_decimal(amount, locale=i18n.locale())


def plain(amount: Decimal) -> str:
    """A quantity as a form field holds it, whatever the reader's language: 1.5."""
    return f"{amount.normalize():f}"


def say(message: str, /, **params: object) -> Markup:
    """A sentence in a page: ours is HTML, what fills its holes is not."""
    text = sentence(i18n.language(), message)
    return text % params if params else text


@lru_cache(None)
def sentence(_language: str, message: str) -> Markup:
    """In the language that is spoken; looked up once, for a page has hundreds."""
    return Markup(gettext(message))  # noqa: S704 - out of our catalogue, never what was typed


def say_of(singular: str, plural: str, num: int, /, **params: object) -> Markup:
    ours = Markup(i18n.unfilled(singular, plural, num))  # noqa: S704 - as it stands in our catalogue; what fills it is escaped
    return ours % {"num": num, **params}


def icon(name: str, extra: str = "") -> Markup:
    return drawn(name, extra, asset("build/icons.svg"))


@lru_cache(None)
def drawn(name: str, extra: str, sprite: str) -> Markup:
    svg = Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>')
    return svg.format(f" {extra}" if extra else "", sprite, name)


def asset(name: str) -> str:
    """The address of a built file, which changes when its contents do."""
    return f"/static/{name}?v={'*' if packed() else version(name)}"


@lru_cache
def version(name: str) -> str:
    path = ROOT / "static" / name
    return sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "none"


def build() -> str:
    """Which scripts this page was made for."""
    return "*" if packed() else version("build/app.js")


def weekday() -> int:
    return clock.today(i18n.zone()).weekday()


def late(on: date) -> int:
    """How many days ago it was due; 0 when it is due today, less than that when it is not yet."""
    return (clock.today(i18n.zone()) - on).days


GLOBALS: dict[str, Any] = {
    "asset": asset,
    "birthday": birthday,
    "build": build,
    "clock_time": clock_time,
    "date_of": date_of,
    "day": day,
    "distance": distance,
    "duration": duration,
    "full_day": full_day,
    "icon": icon,
    "iso": iso,
    "late": late,
    "language": i18n.language,
    "languages": i18n.LANGUAGES,
    "moment": moment,
    "month_of": month_of,
    "digits": money.digits,
    "money": money.shown,
    "near": NEAR,
    "of_day": of_day,
    "packed": packed,
    "navigate": maps.navigate,
    "plain": plain,
    "quantity": quantity,
    "weekday": weekday,
    "weekdays": WEEKDAYS,
}
