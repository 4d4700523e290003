from typing import ClassVar
from uuid import UUID

from pydantic import Field

from app.core.commands import Command
from app.core.geo import Crs
from app.core.i18n import mark as _
from app.core.places import Fix
from app.customers.rules import LONGEST_VISIT, SHORTEST_VISIT, Grade, Kind


class AddCustomer(Command):
    """A customer met on the road; it belongs to who met it."""

    wire_name: ClassVar[str] = "customers.add.v1"

    name: str = Field(min_length=1, max_length=200, title=_("Name"))
    phone: str = Field("", max_length=40, title=_("Phone"))
    position: Fix | None = None
    contact_name: str = Field("", max_length=100, title=_("Who did you talk to?"))
    contact_phone: str = Field("", max_length=40, title=_("Their own phone"))
    kind: Kind = Field(Kind.STORE, title=_("Kind"))
    grade: Grade | None = Field(None, title=_("Grade"))
    address: str = Field("", max_length=300, title=_("Address"))
    note: str = Field("", max_length=4000, title=_("Worth knowing"))


class SetVisitMinutes(Command):
    """How long a visit takes there; without a number as is usual for the grade."""

    wire_name: ClassVar[str] = "customers.set_visit_minutes.v1"

    customer_id: UUID
    minutes: int | None = Field(
        None,
        ge=SHORTEST_VISIT,
        le=LONGEST_VISIT,
        title=_("Minutes a visit takes here"),
        description=_("Left empty: as is usual for the grade."),
    )


class MergeCustomers(Command):
    """The two are one: `gone` becomes another name of `keep`."""

    wire_name: ClassVar[str] = "customers.merge.v1"

    keep_id: UUID
    gone_id: UUID


class UnmergeCustomers(Command):
    """They were two after all."""

    wire_name: ClassVar[str] = "customers.unmerge.v1"

    gone_id: UUID


class TellApart(Command):
    """The two are alike and not the same: nobody is asked again."""

    wire_name: ClassVar[str] = "customers.tell_apart.v1"

    one_id: UUID
    other_id: UUID


class ImportCustomers(Command):
    """What the console did; the file itself is not kept, its fingerprint is."""

    wire_name: ClassVar[str] = "customers.import.v1"

    file_name: str
    sha256: str
    coords: Crs
    prefix: str = ""
