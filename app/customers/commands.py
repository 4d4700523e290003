from typing import ClassVar

from app.core.commands import Command
from app.core.geo import Crs


class ImportCustomers(Command):
    """What the console did; the file itself is not kept, its fingerprint is."""

    wire_name: ClassVar[str] = "customers.import.v1"

    file_name: str
    sha256: str
    coords: Crs
    prefix: str = ""
