"""The outbox's door: docs/sync.md."""

import random
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from jinja2 import pass_context
from jinja2.runtime import Context
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.accounts.current import (
    PHONE_COOKIE,
    CurrentPerson,
    bind,
    drop_ended,
    phone_token,
    remember,
)
from app.core.db import READ_ONLY, transaction
from app.core.errors import Refused
from app.core.i18n import language
from app.core.i18n import mark as _
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page, templates
from app.sync.actions import receive
from app.sync.carried import Item, hand_in
from app.sync.current import Author
from app.sync.envelopes import Damaged, Day, read_batch
from app.sync.queries import held
from app.sync.rules import (
    MAX_BODY,
    MAX_WAITING,
    MEDIA_TYPE,
    PROTO,
    RETRY_AFTER_S,
    Farewell,
    Status,
    digest_of,
)
from app.sync.sealed import key_of, make_key
from app.sync.shut_out import farewell_to, wiped
from app.sync.turns import Result, why

router = APIRouter()

PUBLIC = {"id", "sha", "status", "was", "name", "at"}
"""What whoever carries a colleague's file is told of each entry."""


@pass_context
def outbox_key(context: Context) -> str:
    """The public half in base64, the same in every page: asked for once in a process.

    Made by the first page that is looked at; one that answers a form could wait for itself.
    """
    request: Request = context["request"]
    state = request.app.state
    if not getattr(state, "outbox_key", ""):
        try:
            state.outbox_key = public_key(state.engine, make=request.method in READ_ONLY)
        except SQLAlchemyError:
            return ""  # a page that tells of the database's trouble must not fail of it
    return str(state.outbox_key)


def public_key(engine: Engine, *, make: bool) -> str:
    # A plain look: whoever renders this may hold the turn to write, and nothing is to be committed.
    with Session(engine.execution_options(writes=False)) as db:
        key = key_of(db)
    if key is None and make:
        with transaction(engine) as db:
            key = make_key(db)
    return b64encode(key.public).decode() if key else ""


templates.env.globals["outbox_key"] = outbox_key


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


async def uploaded(request: Request, _place: Annotated[None, Depends(place)]) -> bytes:
    return await request.body()


@router.get("/outbox")
def outbox(request: Request, _person: CurrentPerson) -> Response:
    """What waits on this phone; the page draws it from the phone's own database."""
    return page(request, "sync/outbox.html")


@once
def packed_outbox(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all:
        yield Packed("/outbox", "sync/outbox.html", {})


@router.get("/sync/receipt")
def receipt(db: Db, person: CurrentPerson, day: Annotated[Day, Query()]) -> Response:
    """How many of one day's entries are here, and their digest."""
    pairs = held(db, person, day.device, day.start, day.end)
    answer = {"nonce": day.nonce, "count": len(pairs), "digest": digest_of(pairs)}
    return sync_answer(answer | ({"held": pairs} if day.named else {}))


@router.post("/sync/hand-in")
def take_file(db: Db, person: CurrentPerson, file: Annotated[bytes, Depends(uploaded)]) -> Response:
    """A colleague's outbox, by their file. What it says is theirs: only its fate is told."""
    done = hand_in(db, file, person)
    mine = done.author.id == person.id
    return sync_answer(
        {
            "name": done.author.called(language()),
            "proven": done.proven,
            "count": done.count,
            "taken": done.taken,
            "drafts": len(done.drafts),
            "items": [item_told(item, mine=mine) for item in done.items],
        }
    )


def item_told(item: Item, *, mine: bool) -> dict[str, Any]:
    answer = told(item.result) | {"name": item.name, "at": item.at.isoformat()}
    return answer if mine else {key: answer[key] for key in PUBLIC & answer.keys()}


@router.post("/sync/commands")
def receive_commands(
    request: Request, raw: Annotated[bytes, Depends(unpacked)], db: Db, person: Author
) -> Response:
    if not request.headers.get("content-type", "").startswith(MEDIA_TYPE):
        raise Damaged("content-type")
    batch = read_batch(raw)
    session = getattr(request.state, "session", None)  # none where the phone's secret speaks
    token = phone_token(request)
    if session:
        bind(session, token)
    browser, phone = request.headers.get("user-agent", ""), session.phone if session else ""
    turn = receive(db, person, batch, browser=browser, phone=phone)
    answer = {
        "nonce": batch.nonce,
        "results": [told(result) for result in turn.results],
        "updates": [told(result) for result in turn.updates],
        "expected": turn.device.last_seq + 1,
        "time": turn.now.isoformat(),
    }
    if batch.secret is False and turn.device.secret:
        answer["secret"] = turn.device.secret.hex()
    if order := farewell_to(turn.device, person, turn.now):
        answer["shut_out"] = goodbye(order)
    told_to = sync_answer(answer)
    if PHONE_COOKIE not in request.cookies:
        remember(request, told_to, token, PHONE_COOKIE)
    return told_to


def goodbye(order: Farewell) -> dict[str, Any]:
    since, due = order.since.isoformat(), order.due.isoformat()
    return {"since": since, "due": due, "own": order.own, "wipe": order.wipe}


@router.post("/sync/wiped")
def take_receipt(request: Request, db: Db, person: Author, device: UUID) -> Response:
    """The phone holds nothing of this person any more, nor does the browser keep pages."""
    wiped(db, person, device)
    answer = sync_answer({})
    drop_ended(request, db, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def told(result: Result) -> dict[str, Any]:
    """One result as docs/sync.md has it, in the reader's language."""
    answer: dict[str, Any] = {"id": str(result.id), "sha": result.sha, "status": result.status}
    row = result.row
    if row is None:
        return answer
    if result.status is Status.DUP:
        answer["was"] = row.status
        if row.sha != result.sha:
            answer["first"] = row.sha
    if row.blocked_by:
        answer["by"] = str(row.blocked_by)
    return answer | why(row)


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
