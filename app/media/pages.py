"""The photos' lane: docs/media.md."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from app.accounts.current import CurrentPerson, EarlyPerson, EarlySender
from app.core.db import transaction
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.core.web import Db
from app.media.actions import Chunk, Landed, finish, land
from app.media.lane import Lane, here
from app.media.queries import arrived_from, held, picture_of, whole
from app.media.refusals import Broken, TooLarge
from app.media.rules import HASH, MAX_ASKED, MAX_BYTES, MEDIA_TYPE, Kind, Size
from app.media.store import Missing

router = APIRouter()

Sha256 = Annotated[str, Path(pattern=HASH)]
RETRY_AFTER_S = "10"
KEPT = "private, max-age=86400, immutable"
CODES = {401: "sign_in", 403: "other_person", 404: "not_found", 413: "too_large", 503: "busy"}


class Question(BaseModel):
    """Which of these pictures the phone may let go of."""

    nonce: str = Field(min_length=1, max_length=100)
    pictures: list[Annotated[str, StringConstraints(pattern=HASH)]] = Field(max_length=MAX_ASKED)


def lane_of(request: Request) -> Lane:
    lane: Lane = request.app.state.photos
    return lane


async def arriving(request: Request) -> Chunk:
    """What has arrived of a chunk counts, though the signal went in the middle of it."""
    offset, length = number(request, "upload-offset"), number(request, "upload-length")
    if offset is None:
        raise Broken(_("This is no part of a photo."))
    if (length or offset) > MAX_BYTES:
        raise TooLarge(MAX_BYTES)
    contents, last = bytearray(), request.headers.get("upload-complete") == "?1"
    try:
        async for part in request.stream():
            contents += part
    except ClientDisconnect:
        last = False
    return Chunk(offset, bytes(contents), last=last)


def number(request: Request, name: str) -> int | None:
    said = request.headers.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else None


async def landing(
    request: Request,
    sha256: Sha256,
    person: EarlySender,
    chunk: Annotated[Chunk, Depends(arriving)],
) -> Landed:
    """A place is taken when all has arrived: a slow phone keeps nobody from it."""
    lane, engine = lane_of(request), request.app.state.engine
    async with lane.place():
        return await run_in_threadpool(land, lane, engine, person, sha256, chunk)


async def turn_if_whole(
    request: Request, landed: Annotated[Landed, Depends(landing)]
) -> AsyncIterator[Landed]:
    """A part is written down nowhere: it waits for nobody who writes."""
    if landed.blob is None:
        yield landed
        return
    async with request.app.state.turns.turn():
        yield landed


@router.patch("/media/{sha256}")
def append(
    request: Request,
    person: EarlySender,
    sha256: Sha256,
    landed: Annotated[Landed, Depends(turn_if_whole, scope="function")],
) -> Response:
    """A part of a picture, which may have been here before."""
    if landed.blob:
        part = lane_of(request).part(person.id, sha256)
        finish(part, request.app.state.engine, person, landed.blob)
    return progress(landed.here, complete=landed.complete)


@router.head("/media/{sha256}")
def ask(request: Request, person: EarlySender, sha256: Sha256) -> Response:
    """How much is here, to go on from there."""
    with transaction(request.app.state.engine, writes=False) as db:
        known = arrived_from(db, person, sha256)
    if known:
        return progress(known.size, complete=True)
    return progress(here(lane_of(request).part(person.id, sha256)), complete=False)


def progress(so_far: int, *, complete: bool) -> Response:
    headers = {
        "Upload-Offset": str(so_far),
        "Upload-Complete": "?1" if complete else "?0",
        "Upload-Limit": f"max-size={MAX_BYTES}",
        "Cache-Control": "no-store",
    }
    return Response(status_code=204, headers=headers)


@router.get("/media/{sha256}")
def show(
    request: Request, db: Db, person: CurrentPerson, sha256: Sha256, size: Size | None = None
) -> Response:
    """The picture itself, or its thumbnail; never changed, and never shown to somebody else."""
    picture = picture_of(db, person, sha256)
    key, kind = picture.kept_sha256, picture.kind
    if size is Size.THUMB:
        key, kind = picture.thumb_sha256, Kind.WEBP
    headers = {"ETag": f'"{key}"', "Cache-Control": KEPT, "Vary": "Cookie"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    try:
        with lane_of(request).store.open(key) as file:
            return Response(file.read(), media_type=kind, headers=headers)
    except Missing as wrong:
        raise NotFound(_("This photo is missing in the server's store.")) from wrong


async def asked(request: Request) -> Question:
    try:
        return Question.model_validate_json(await request.body())
    except ValidationError as wrong:
        raise Broken(_("This is no question about photos.")) from wrong


@router.post("/media/held")
def which_are_held(
    request: Request, person: EarlyPerson, question: Annotated[Question, Depends(asked)]
) -> Response:
    """`held` are whole and named by a command that was done; `complete` are whole."""
    with transaction(request.app.state.engine, writes=False) as db:
        answer = {
            "nonce": question.nonce,
            "held": held(db, person, question.pictures),
            "complete": whole(db, person, question.pictures),
        }
    return media_answer(answer)


def media_answer(answer: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(answer, status, {"Cache-Control": "no-store"}, MEDIA_TYPE)


def no_answer(no: Refused) -> Response:
    """Why a picture is not taken in, or not shown; `offset` is where to go on."""
    code = getattr(no, "code", "") or CODES.get(no.status, "refused")
    offset: int | None = getattr(no, "offset", None)
    said = {"error": code, "reason": str(no)}
    answer = media_answer(said if offset is None else said | {"offset": offset}, no.status)
    if offset is not None:
        answer.headers["Upload-Offset"], answer.headers["Upload-Complete"] = str(offset), "?0"
    if no.status in {429, 503}:
        answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer
