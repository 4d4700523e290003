from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.accounts.current import CurrentPerson
from app.core.commands import execute
from app.core.forms import Form
from app.core.web import Db, posted, retry, see
from app.planning.commands import CrossOffKeyPoint, WriteKeyPoint

router = APIRouter()


@router.post("/key-points")
def write(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[WriteKeyPoint], posted(WriteKeyPoint)],
) -> Response:
    if form.command is None:
        return retry(request, "planning/key_point.html", form)
    execute(db, person, form.command)
    return see("/today")


@router.post("/key-points/cross-off")
def cross_off(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[CrossOffKeyPoint], posted(CrossOffKeyPoint)],
) -> Response:
    if form.command is None:
        return retry(request, "planning/cross_off.html", form)
    execute(db, person, form.command)
    return see("/today")
