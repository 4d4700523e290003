"""The app: every slice's pages on one database."""

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

import app.actions  # noqa: F401 - so that every command has its handler
from app.accounts import pages as accounts
from app.catalog import pages as catalog
from app.core import db as database
from app.core.errors import NotFound, Refused, SignInNeeded
from app.core.guard import Guard
from app.core.i18n import mark as _
from app.core.web import page, partial, see
from app.customers import pages as customers
from app.followups import pages as followups
from app.orders import pages as orders
from app.pwa import pages as pwa
from app.settings import ROOT, settings
from app.today import pages as today
from app.visits import pages as visits
from app.workspace import pages as workspace

SLICES = (accounts, catalog, customers, visits, followups, orders, today, workspace, pwa)


def create_app(engine: Engine | None = None) -> FastAPI:
    """The web app on `engine`, or on the database that the settings name."""
    web = FastAPI(title="Roadbook", docs_url=None, redoc_url=None, openapi_url=None)
    web.state.engine = engine or database.connect(settings().database)
    web.state.turns = database.Turns(web.state.engine)
    for pages in SLICES:
        web.include_router(pages.router)
    web.mount("/static", StaticFiles(directory=ROOT / "static"), name="static")
    web.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    web.add_middleware(Guard)
    web.add_exception_handler(Refused, refused)
    web.add_exception_handler(SignInNeeded, sign_in_needed)
    web.add_exception_handler(RequestValidationError, not_understood)
    web.add_exception_handler(HTTPException, not_here)
    web.add_exception_handler(Exception, broken)
    return web


def refused(request: Request, no: Any) -> Response:
    """The sentence, where the person is looking: htmx puts it above the form that asked."""
    answer = page(
        request, "_layout/refused.html", block="refusal", status=no.status, sentence=str(no)
    )
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#messages", "innerHTML"
    answer.headers["HX-Reselect"] = ".notice"
    return answer


def sign_in_needed(request: Request, no: Any) -> Response:
    """To the sign-in page and back; a form in hand stays on the page, so nothing typed is lost."""
    if partial(request) or request.method != "GET":
        return refused(request, no)
    return see(f"/sign-in?next={quote(str(request.url.path))}")


def not_understood(request: Request, _wrong: Any) -> Response:
    """An address whose parts are not of their kind leads nowhere."""
    return refused(request, NotFound(_("There is no such page.")))


def not_here(request: Request, wrong: Any) -> Response:
    sentence = {
        404: _("There is no such page."),
        413: _("This is too large to take in."),
    }.get(wrong.status_code, _("That is not possible here."))
    answer = refused(request, Refused(sentence))
    answer.status_code = wrong.status_code
    return answer


def broken(request: Request, _wrong: Any) -> Response:
    """Our fault, said so: nothing was recorded, because the transaction did not end."""
    answer = refused(
        request,
        Refused(_("Something broke on our side. Nothing was recorded; please try again.")),
    )
    answer.status_code = 500
    return answer
