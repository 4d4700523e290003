from datetime import date, time
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from app.core.commands import Command, possible
from app.core.i18n import mark as _
from app.core.places import Fix
from app.media.refusals import HEIC, NO_PHOTO, WrongKind
from app.media.rules import HASH, MAX_BYTES, Kind
from app.visits.rules import ContactKind, Outcome


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


def shown_here(said: Any) -> Any:
    """Raises WrongKind with a sentence that helps more than a list of kinds."""
    if isinstance(said, str) and said not in set(Kind):
        raise WrongKind(HEIC if said in {"image/heic", "image/heif"} else NO_PHOTO)
    return said


class TakePhoto(Command):
    """The picture itself comes by another way, before or after this: docs/media.md."""

    wire_name: ClassVar[str] = "visits.take_photo.v1"

    customer_id: UUID
    visit_id: UUID | None = None
    sha256: str = Field(pattern=HASH)
    size: int = Field(ge=1, le=MAX_BYTES)
    type: Annotated[Kind, BeforeValidator(shown_here)]
    taken_at: Annotated[AwareDatetime, AfterValidator(possible)] | None = None
    position: Fix | None = None
    from_camera: bool = False
    caption: str = Field("", max_length=500, title=_("Caption"))


class GiveUpPhoto(Command):
    wire_name: ClassVar[str] = "visits.give_up_photo.v1"

    photo_id: UUID


class RecordContact(Command):
    """A contact that was no visit; `next_on` is the day agreed for the next one."""

    wire_name: ClassVar[str] = "visits.record_contact.v1"

    customer_id: UUID
    kind: ContactKind = Field(title=_("What kind"))
    outcome: Outcome = Field(title=_("Outcome"))
    note: str = Field("", max_length=4000, title=_("What was said"))
    next_on: date | None = Field(None, title=_("Next contact"))


class CheckOut(Command):
    wire_name: ClassVar[str] = "visits.check_out.v1"

    visit_id: UUID
    position: Fix | None = None
    outcome: Outcome = Field(title=_("Outcome"))
    next_step: str = Field("", max_length=500, title=_("Next step"))
    next_on: date | None = Field(None, title=_("Next visit"))
    next_at: time | None = Field(None, title=_("Appointment at"))
