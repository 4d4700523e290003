from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from app.core.commands import Command
from app.core.i18n import mark as _


class WriteKeyPoint(Command):
    """What is to be thought of on a day."""

    wire_name: ClassVar[str] = "planning.write_key_point.v1"

    for_day: date = Field(title=_("Day"))
    text: str = Field(min_length=1, max_length=500, title=_("Key point"))


class CrossOffKeyPoint(Command):
    wire_name: ClassVar[str] = "planning.cross_off_key_point.v1"

    point_id: UUID
