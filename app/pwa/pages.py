"""What makes the app installable."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from app.accounts.current import CurrentPerson
from app.core import shown
from app.core.assets import BUILT
from app.core.db import as_json
from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page
from app.planning.route.engines import road_engine
from app.pwa.pack import Cursor, Version, ordered, stream
from app.pwa.queries import answers
from app.settings import ROOT, settings

router = APIRouter()
SHELL_PAGES = [
    "/away",
    "/sign-in",
    "/manifest.webmanifest",
    "/static/icon/favicon.svg",
    "/static/icon/apple-touch-180.png",
    "/static/icon/icon-192.png",
]


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    return JSONResponse(
        {
            "id": "/",
            "name": gettext(_("Roadbook")),
            "short_name": gettext(_("Roadbook")),
            "description": gettext(
                _("Your customers, your route, your visits: with or without signal.")
            ),
            "start_url": "/today",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f3ec",
            "theme_color": "#f6f3ec",
            "icons": [
                {"src": "/static/icon/icon-192.png", "sizes": "192x192", "type": "image/png"},
                {"src": "/static/icon/icon-512.png", "sizes": "512x512", "type": "image/png"},
                {
                    "src": "/static/icon/maskable-512.png",
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        },
        media_type="application/manifest+json",
    )


PLACES = ("today", "customers", "orders", "inbox", "more", "none")  # of the navigation


@once
def packed_words(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """What all pages have in common; the phone puts it in."""
    if soon is Soon.TODAY and packing.all:
        yield Packed("part:words", "_layout/words.html", {})
        for place in PLACES:
            yield Packed(f"part:nav-{place}", "_layout/nav.html", {"chosen": place})


@router.get("/sw.js")
def worker() -> Response:
    """The service worker, with what it keeps of our files written before it."""
    files = {f"/static/{name}": shown.version(name) for name in BUILT}
    said = f"const FILES={as_json(files)};const PAGES={as_json(SHELL_PAGES)};\n"
    script = said + built("worker.js") if settings().worker else built("worker-off.js")
    return Response(script, media_type="text/javascript")


def built(name: str) -> str:
    return (ROOT / "static" / "build" / name).read_text(encoding="utf-8")


@router.get("/away")
def away(request: Request) -> Response:
    """Shown by the phone in the place of what it has not got."""
    return page(request, "pwa/away.html")


@router.get("/pack")
def pack(  # noqa: PLR0917 - what the phone says of itself
    request: Request,
    db: Db,
    person: CurrentPerson,
    has: str = "",
    cursor: str = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """What this phone lacks, as lines; 304 when that is nothing. `has` is the version it has."""
    known = Version.read(has or if_none_match.strip('"'))
    order = ordered(db, person, known)
    if order.nothing:
        return Response(status_code=304)
    lines = stream(request.app.state.engine, request, person, known, Cursor.read(cursor))
    return StreamingResponse(lines, media_type="application/x-ndjson")


@router.get("/health")
def health(db: Db) -> Response:
    """For whoever watches the server: it runs and its database answers.

    A road engine that does not answer is told, and no reason to start anew.
    """
    answers(db)
    told = {"status": "ok"}
    if engine := road_engine():
        told |= engine.told
    return JSONResponse(told)
