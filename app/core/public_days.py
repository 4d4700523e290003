"""What is official about the days of a year in a country, by the library `holidays`."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from app.core.errors import Refused
from app.core.i18n import mark as _

VERSION = version("holidays")
LANGUAGES = {"zh_CN": "zh_CN", "en": "en_US"}
ADJUSTING = {"CN"}  # countries that announce anew each year which weekends are worked


@dataclass(frozen=True)
class Year:
    """Days off with their names, and weekends that are worked.

    `provisional`: which weekends are worked, and which days are off for them, is not announced yet.
    """

    off: dict[date, str]
    worked: frozenset[date]
    provisional: bool


def known(country: str) -> bool:
    """Whether the library has a calendar of CN, GB-ENG, US-IA and the like."""
    code, _, part = country.partition("-")
    places = holidays.list_supported_countries(include_aliases=False)
    return code in places and (not part or part in places[code])


def expect_known(country: str) -> None:
    """Raises Refused, with a sentence that names the setting."""
    if not known(country):
        wrong = _(
            "ROADBOOK_COUNTRY is not like CN or GB-ENG, of which the holidays are known: %(said)s"
        )
        raise Refused(wrong, said=country)


@lru_cache(maxsize=256)
def official(country: str, year: int, language: str = "en") -> Year:
    """Of a `country` that is known."""
    code, _, part = country.partition("-")
    found = holidays.country_holidays(
        code, subdiv=part or None, years=year, language=LANGUAGES.get(language)
    )
    announced = getattr(found, "special_public_holidays", {})
    return Year(
        off={day: name for day, name in found.items() if day.year == year},
        worked=frozenset(day for day in found.weekend_workdays if day.year == year),
        provisional=code in ADJUSTING and year not in announced,
    )
