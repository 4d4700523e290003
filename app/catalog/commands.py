from typing import ClassVar

from app.core.commands import Command


class ImportProducts(Command):
    """What the console did; the file itself is not kept, its fingerprint is."""

    wire_name: ClassVar[str] = "catalog.import.v1"

    file_name: str
    sha256: str
    currency: str
