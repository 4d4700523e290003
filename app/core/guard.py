"""What stands before every page: headers, same-origin writes, sizes, the reader's language."""

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from app.core import i18n
from app.core.db import READ_ONLY
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.tiles import origin_of
from app.settings import settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 2 * 1024 * 1024  # bytes
LARGER = {"/sync/hand-in": 10 * 1024 * 1024}
UPLOADS, MAX_UPLOAD = "/media/", 8 * 1024 * 1024
LANGUAGE_COOKIE = "language"
FOR_GOOD = "public, max-age=31536000, immutable"


def policy(tiles_url: str) -> str:
    """What a page may load: ours, and pictures of the map that the company has set up."""
    pictures = " ".join(filter(None, ("'self' data: blob:", origin_of(tiles_url))))
    return (
        f"default-src 'self'; img-src {pictures}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": policy(settings().tiles_url),
    "X-Content-Type-Options": "nosniff",
    "Roadbook": "1",  # so that a page knows us from a captive portal
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
}


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        with i18n.speaking(language_of(headers)):
            most = most_at(scope["path"])
            app = refusal(scope["method"], headers, most) or self.app
            await app(readable(scope), limited(receive, most), headed(scope, send))


def most_at(path: str) -> int:
    """How many bytes a request to this address may have."""
    return MAX_UPLOAD if path.startswith(UPLOADS) else LARGER.get(path, MAX_BODY)


def refusal(method: str, headers: Headers, most: int = MAX_BODY) -> Any:
    """The answer to a request that must not get further, if it must not."""
    if method not in READ_ONLY and not same_origin(headers):
        return PlainTextResponse(gettext(_("This came from another site. Nothing was done.")), 403)
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        return PlainTextResponse(gettext(_("This is too large to take in.")), 413)
    return None


def same_origin(headers: Headers) -> bool:
    """Browsers say where a form was; whoever says nothing has no cookies to be abused."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


def readable(scope: Scope) -> Scope:
    """HEAD is answered like GET, whose body the server leaves out; of an upload it asks how far.

    The character that PostgreSQL cannot keep leads nowhere.
    """
    if b"%00" in scope["query_string"]:
        return {**scope, "path": "/%00", "query_string": b""}
    if scope["method"] == "HEAD" and not scope["path"].startswith(UPLOADS):
        return {**scope, "method": "GET"}
    return scope


def language_of(headers: Headers) -> str:
    """The language chosen before on this phone, else the one that the browser asks for."""
    try:
        chosen = SimpleCookie(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    except CookieError:
        chosen = None
    if chosen and chosen.value in i18n.LANGUAGES:
        return chosen.value
    return i18n.preferred(headers.get("accept-language", ""))


def limited(receive: Receive, most: int = MAX_BODY) -> Receive:
    """A body without a declared length may not grow past the limit either."""
    taken = 0

    async def take() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return take


def headed(scope: Scope, send: Send) -> Send:
    """Pages are asked for each time; files whose address has their hash are kept for good."""
    hashed = scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v=")

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            kept = FOR_GOOD if hashed and message["status"] in {200, 304} else "no-cache"
            headers.setdefault("Cache-Control", kept)
        await send(message)

    return answer
