"""Chinese and English by gettext; the reader's language travels in a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"zh_CN": "中文", "en": "English"}
CATALOGUES = Path(__file__).parent / "locales"

_language: ContextVar[str] = ContextVar("language", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


def mark(message: str) -> str:
    """Mark a message for translation; it is translated when it is shown."""
    return message


def gettext(message: str, /, **params: object) -> str:
    text = _catalogue(_language.get()).gettext(message) if message else ""
    return text % params if params else text


def ngettext(singular: str, plural: str, count: int, /, **params: object) -> str:
    return unfilled(singular, plural, count) % {"num": count, **params}


def unfilled(singular: str, plural: str, count: int) -> str:
    """The sentence for so many, its holes still open."""
    return _catalogue(_language.get()).ngettext(singular, plural, count)


def language() -> str:
    return _language.get()


def zone() -> str:
    return _zone.get()


def locale() -> Locale:
    return _locale(_language.get())


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)  # looks through all that there are


@contextmanager
def speaking(code: str, zone_name: str = "UTC") -> Iterator[None]:
    """Everything shown inside speaks `code` and shows times in `zone_name`."""
    spoken, there = _language.set(code), _zone.set(zone_name)
    try:
        yield
    finally:
        _language.reset(spoken)
        _zone.reset(there)


def speak(code: str, zone_name: str) -> None:
    """The rest of this request speaks `code`, with times in `zone_name`."""
    _language.set(code)
    _zone.set(zone_name)


def preferred(accept_language: str) -> str:
    """The language of ours that an Accept-Language header asks for first; else English."""
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accept_language.split(",")]
    widened = ["zh_CN" if code.lower().startswith("zh") else code.split("_")[0] for code in wanted]
    return negotiate_locale(widened, list(LANGUAGES)) or "en"


@lru_cache
def _catalogue(code: str) -> NullTranslations:
    source = CATALOGUES / f"{code}.po"
    if not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
