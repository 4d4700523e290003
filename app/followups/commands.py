from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from app.core.commands import Command
from app.core.i18n import mark as _
from app.followups.rules import Side


class MakePromise(Command):
    wire_name: ClassVar[str] = "followups.make_promise.v1"

    customer_id: UUID
    visit_id: UUID | None = None
    side: Side = Field(Side.OURS, title=_("Who owes it"))
    what: str = Field(min_length=1, max_length=500, title=_("Promise"))
    due_on: date = Field(title=_("Due"))


class KeepPromise(Command):
    wire_name: ClassVar[str] = "followups.keep_promise.v1"

    promise_id: UUID
