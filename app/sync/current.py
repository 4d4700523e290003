"""Whose phone speaks: by its session, or by its secret where that has ended."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.accounts.current import current, sender
from app.accounts.models import Person
from app.core.web import Db
from app.sync.queries import leaver


def author(request: Request, db: Db) -> Person:
    """One that is shut out may prove itself by `Authorization: Device <id> <secret in hex>`."""
    kind, device, secret = (*request.headers.get("authorization", "").split(" "), "", "")[:3]
    try:
        known = leaver(db, UUID(device), bytes.fromhex(secret)) if kind == "Device" else None
    except ValueError:
        known = None
    if known is None:
        return sender(request, db)
    db.expunge(known)
    return known


async def speaking(request: Request, person: Annotated[Person, Depends(author)]) -> Person:
    return await current(request, person)


Author = Annotated[Person, Depends(speaking)]
