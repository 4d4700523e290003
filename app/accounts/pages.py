from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.actions import WrongNameOrPassword, sign_in, sign_out
from app.accounts.commands import ChooseLook, ChooseMap
from app.accounts.current import (
    COOKIE,
    COOKIE_LASTS,
    PHONE_COOKIE,
    CurrentPerson,
    phone_token,
    remember,
)
from app.accounts.models import Person
from app.accounts.queries import team_of
from app.core.commands import execute
from app.core.forms import Form
from app.core.guard import LANGUAGE_COOKIE
from app.core.i18n import LANGUAGES, language
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, fields, page, posted, see

router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    going = request.query_params.get("next", "")
    return page(request, "accounts/sign_in.html", username="", wrong="", going=going)


@router.post("/sign-in")
def begin_session(
    request: Request, db: Db, pairs: Annotated[list[tuple[str, str]], Depends(fields)]
) -> Response:
    said = dict(pairs)
    username, password = said.get("username", "")[:100], said.get("password", "")[:1000]
    address = request.client.host if request.client else ""
    browser, going = request.headers.get("user-agent", ""), said.get("next", "")
    phone = phone_token(request)
    try:
        token = sign_in(db, username, password, address=address, browser=browser, phone=phone)
    except WrongNameOrPassword as no:
        known = {"username": username, "wrong": str(no), "going": going}
        return page(request, "accounts/sign_in.html", status=422, **known)
    answer = see(local(going))
    remember(request, answer, token)
    remember(request, answer, phone, PHONE_COOKIE)
    return answer


@router.post("/sign-out")
def end_session(request: Request, db: Db, _person: CurrentPerson) -> Response:
    sign_out(db, request.cookies.get(COOKIE, ""))
    answer = see("/sign-in")
    answer.delete_cookie(COOKIE)
    answer.headers["Clear-Site-Data"] = '"cache"'  # else Back still shows the pages seen before
    return answer


@router.post("/language")
def choose_language(pairs: Annotated[list[tuple[str, str]], Depends(fields)]) -> Response:
    """The language of pages before signing in; kept on the phone."""
    said = dict(pairs)
    answer = see(f"/sign-in?{urlencode({'next': local(said.get('next', ''))})}")
    chosen = said.get("language", "")
    if chosen in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, chosen, COOKIE_LASTS, samesite="lax")
    return answer


@router.get("/more")
def more(request: Request, db: Db, person: CurrentPerson) -> Response:
    return page(request, "accounts/more.html", **about(db, person))


@once
def packed_more(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all:
        yield Packed("/more", "accounts/more.html", about(packing.db, packing.person))


def about(db: Session, person: Person) -> dict[str, Any]:
    form = Form(ChooseLook, language=language(), theme=person.theme or "system")
    driving = Form(ChooseMap, map_app=person.map_app)
    return {"form": form, "driving": driving, "team": team_of(db, person).name}


@router.post("/more/look")
def choose_look(
    db: Db, person: CurrentPerson, form: Annotated[Form[ChooseLook], posted(ChooseLook)]
) -> Response:
    if form.command is not None:
        execute(db, person, form.command)
    return see("/more")


@router.post("/more/map")
def choose_map(
    db: Db, person: CurrentPerson, form: Annotated[Form[ChooseMap], posted(ChooseMap)]
) -> Response:
    if form.command is not None:
        execute(db, person, form.command)
    return see("/more")


def local(path: str) -> str:
    """Where somebody was going, if it is one of our pages."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/today"
