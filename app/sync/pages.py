"""The outbox's door: docs/sync.md."""

import random
import zlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from app.accounts.current import CurrentPerson, Sender
from app.core.errors import Refused
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.web import Db, page
from app.sync.actions import Result, receive
from app.sync.envelopes import Damaged, read_batch
from app.sync.models import Received
from app.sync.rules import MAX_BODY, MAX_WAITING, MEDIA_TYPE, PROTO, RETRY_AFTER_S, Status

router = APIRouter()


class TooLarge(Refused):
    status = 413


class Busy(Refused):
    status = 429


async def place(request: Request) -> AsyncIterator[None]:
    """A place at the door; when all are taken the phone is asked to come back, not left to wait."""
    door = request.app.state
    door.waiting = getattr(door, "waiting", 0) + 1
    try:
        if door.waiting > MAX_WAITING:
            raise Busy(_("Many phones are sending just now. This one tries again by itself."))
        yield
    finally:
        door.waiting -= 1


async def unpacked(request: Request, _place: Annotated[None, Depends(place)]) -> bytes:
    raw = await request.body()
    if request.headers.get("content-encoding") != "gzip":
        return raw
    opener = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = opener.decompress(raw, MAX_BODY)
    except zlib.error as wrong:
        raise Damaged("gzip") from wrong
    if opener.unconsumed_tail:
        raise TooLarge(_("This is too large to take in."))
    if not opener.eof:
        raise Damaged("gzip")
    return text


@router.get("/outbox")
def outbox(request: Request, _person: CurrentPerson) -> Response:
    """What waits on this phone; the page draws it from the phone's own database."""
    return page(request, "sync/outbox.html")


@router.post("/sync/commands")
def receive_commands(
    request: Request, raw: Annotated[bytes, Depends(unpacked)], db: Db, person: Sender
) -> Response:
    if not request.headers.get("content-type", "").startswith(MEDIA_TYPE):
        raise Damaged("content-type")
    batch = read_batch(raw)
    turn = receive(db, person, batch, browser=request.headers.get("user-agent", ""))
    answer = {
        "nonce": batch.nonce,
        "results": [told(result) for result in turn.results],
        "updates": [told(result) for result in turn.updates],
        "expected": turn.device.last_seq + 1,
        "time": turn.now.isoformat(),
    }
    return sync_answer(answer)


def told(result: Result) -> dict[str, Any]:
    """One result as docs/sync.md has it, in the reader's language."""
    answer: dict[str, Any] = {"id": str(result.id), "sha": result.sha, "status": result.status}
    row = result.row
    if row is None:
        return answer
    if result.status is Status.DUP:
        answer["was"] = row.status
    if row.blocked_by:
        answer["by"] = str(row.blocked_by)
    return answer | why(row)


def why(row: Received) -> dict[str, Any]:
    detail = row.detail or {}
    if "message" in detail:
        return {"reason": gettext(detail["message"], **detail["params"])}
    if "errors" in detail:
        return {"errors": detail["errors"], "reason": " ".join(detail["errors"].values())}
    return {}


def sync_answer(answer: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse({"proto": PROTO, **answer}, status, media_type=MEDIA_TYPE)


def damaged(_request: Request, wrong: Any) -> Response:
    return sync_answer({"error": "damaged", "part": str(wrong)}, 400)


def no_answer(status: int, reason: str) -> Response:
    """Why a batch was not taken in at all; nothing of it was done."""
    error = {401: "sign_in", 403: "other_person", 413: "too_large", 429: "busy"}
    answer = sync_answer({"error": error.get(status, "broken"), "reason": reason}, status)
    if status in {429, 503}:
        answer.headers["Retry-After"] = str(random.randint(*RETRY_AFTER_S))  # noqa: S311 - a spread
    return answer
