from typing import ClassVar
from uuid import UUID

from app.core.commands import Command


class ShutOut(Command):
    """Nothing is shown on this phone any more; it hands over what it holds and is wiped."""

    wire_name: ClassVar[str] = "sync.shut_out.v1"

    device_id: UUID


class LetIn(Command):
    """It was found: after signing in the phone is as any other."""

    wire_name: ClassVar[str] = "sync.let_in.v1"

    device_id: UUID
