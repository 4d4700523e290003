from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from app.core.commands import Command
from app.core.i18n import mark as _
from app.core.maps import MapApp


class Language(StrEnum):
    ZH = "zh_CN"
    EN = "en"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ChooseLook(Command):
    wire_name: ClassVar[str] = "accounts.choose_look.v1"

    language: Language | None = Field(None, title=_("Language"))
    theme: Theme | None = Field(None, title=_("Appearance"))


class ChooseMap(Command):
    """Directions to customers are opened in this app."""

    wire_name: ClassVar[str] = "accounts.choose_map.v1"

    map_app: MapApp = Field(title=_("Open routes in"))
