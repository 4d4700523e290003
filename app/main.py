"""The app: every slice's pages on one database."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect

import app.actions  # noqa: F401 - so that every command has its handler
from app.accounts import pages as accounts
from app.accounts.current import ShutOut
from app.catalog import pages as catalog
from app.core import db as database
from app.core import i18n
from app.core.assets import Files
from app.core.errors import NotFound, Refused, SignInNeeded
from app.core.guard import HEADERS, Guard, language_of
from app.core.i18n import mark as _
from app.core.web import page, partial, see
from app.customers import pages as customers
from app.devices import pages as devices
from app.followups import pages as followups
from app.media import pages as media
from app.media.lane import Lane
from app.media.store import store_at
from app.orders import pages as orders
from app.planning import pages as planning
from app.planning.route.engines import end_roads, start_roads
from app.planning.route.planners import end_planning, planners
from app.pwa import pages as pwa
from app.settings import ROOT, settings
from app.sync import pages as sync
from app.sync.envelopes import Damaged
from app.today import pages as today
from app.visits import pages as visits
from app.workspace import pages as workspace

log = logging.getLogger(__name__)


class Unavailable(Refused):
    status = 503


OWNING = (accounts, media, catalog, customers, visits, followups, orders, planning, sync)
SLICES = (*OWNING, devices, today, workspace, pwa)


def create_app(engine: Engine | None = None, photos: Lane | None = None) -> FastAPI:
    """The web app on `engine`, with its photos there, or as the settings say."""
    web = FastAPI(
        title="Roadbook", docs_url=None, redoc_url=None, openapi_url=None, lifespan=running
    )
    web.state.engine = engine or database.connect(settings().database)
    web.state.turns = database.Turns(web.state.engine)
    web.state.photos = photos or photos_lane()
    for pages in SLICES:
        web.include_router(pages.router)
    files = Files(ROOT / "static", settings().data_dir / "assets")
    web.mount("/static", files, name="static")
    web.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    web.add_middleware(Guard)
    web.add_exception_handler(Refused, refused)
    web.add_exception_handler(Damaged, sync.damaged)
    web.add_exception_handler(OperationalError, unavailable)
    web.add_exception_handler(SignInNeeded, sign_in_needed)
    web.add_exception_handler(RequestValidationError, not_understood)
    web.add_exception_handler(HTTPException, not_here)
    web.add_exception_handler(ClientDisconnect, gone)
    web.add_exception_handler(Exception, broken)
    return web


@asynccontextmanager
async def running(_web: FastAPI) -> AsyncIterator[None]:
    start_roads()
    planners().start()
    yield
    end_planning()
    end_roads()


def photos_lane() -> Lane:
    given, data = settings(), settings().data_dir
    store = store_at(given.photo_store, data / "photos")
    return Lane(store, data / "photos-begun", place_kept=given.photo_place_kept)


def refused(request: Request, no: Any, mend: str = "") -> Response:
    """The sentence, where the person is looking: htmx puts it above the form that asked."""
    if request.url.path.startswith("/sync/"):
        return sync.no_answer(no.status, str(no))
    if request.url.path.startswith("/media/"):
        return media.no_answer(no)
    answer = page(
        request,
        "_layout/refused.html",
        block="refusal",
        status=no.status,
        sentence=str(no),
        mend=mend,
    )
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#messages", "innerHTML"
    answer.headers["HX-Reselect"] = ".notice"
    return answer


def sign_in_needed(request: Request, no: Any) -> Response:
    """To the sign-in page and back; a form in hand stays on the page, so nothing typed is lost."""
    if isinstance(no, ShutOut):
        return shut_out(request, no)
    if not goes_there(request):
        return refused(request, no, mend="/sign-in")
    query = f"?{request.url.query}" if request.url.query else ""
    return see(f"/sign-in?next={quote(request.url.path + query)}")


def goes_there(request: Request) -> bool:
    """Whether a person opens a page: not a form, a part of a page, or a script that names whose."""
    return not partial(request) and request.method == "GET" and "person" not in request.headers


def shut_out(request: Request, no: Any) -> Response:
    """Nothing of what is on the screen stays there."""
    if goes_there(request):
        return see("/shut-out")
    answer = refused(request, no, mend="/shut-out")
    answer.headers["HX-Redirect"] = "/shut-out"
    return answer


def not_understood(request: Request, _wrong: Any) -> Response:
    """An address whose parts are not of their kind leads nowhere."""
    return refused(request, NotFound(_("There is no such page.")))


def not_here(request: Request, wrong: Any) -> Response:
    sentence = {
        404: _("There is no such page."),
        413: _("This is too large to take in."),
    }.get(wrong.status_code, _("That is not possible here."))
    no = Refused(sentence)
    no.status = wrong.status_code
    answer = refused(request, no)
    answer.headers.update(wrong.headers or {})
    return answer


def unavailable(request: Request, wrong: Any) -> Response:
    """The database is busy or away: nothing was recorded, and it is worth trying again."""
    log.error("The database did not answer: %s", wrong.orig)
    answer = refused(
        request, Unavailable(_("The server is busy. Nothing was recorded; try again."))
    )
    answer.headers["Retry-After"] = "3"
    return answer


def broken(request: Request, _wrong: Any) -> Response:
    """Our fault, said so: nothing was recorded, because the transaction did not end.

    Starlette answers this outside the guard, which no longer gives language and headers.
    """
    person = getattr(request.state, "person", None)
    language = (person and person.language) or language_of(request.headers)
    no = Refused(_("Something broke on our side. Nothing was recorded; please try again."))
    with i18n.speaking(language):
        answer = refused(request, no)
    answer.status_code = 500
    answer.headers.update(HEADERS | {"Cache-Control": "no-cache"})
    return answer


def gone(_request: Request, _lost: Any) -> Response:
    """The phone lost its signal while sending: nobody is there to answer."""
    return Response(status_code=400)
