from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from app.core.commands import Command
from app.core.i18n import mark as _
from app.core.places import Fix
from app.visits.rules import Outcome


class CheckIn(Command):
    wire_name: ClassVar[str] = "visits.check_in.v1"

    customer_id: UUID
    position: Fix | None = None
    reason: str = Field("", max_length=500, title=_("Why not at the pin?"))


class WriteNote(Command):
    wire_name: ClassVar[str] = "visits.write_note.v1"

    customer_id: UUID
    visit_id: UUID | None = None
    text: str = Field(min_length=1, max_length=4000, title=_("Note"))


class CheckOut(Command):
    wire_name: ClassVar[str] = "visits.check_out.v1"

    visit_id: UUID
    position: Fix | None = None
    outcome: Outcome = Field(title=_("Outcome"))
    next_step: str = Field("", max_length=500, title=_("Next step"))
    next_on: date | None = Field(None, title=_("Next visit"))
