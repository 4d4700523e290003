from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.current import CurrentPerson
from app.accounts.models import Person
from app.accounts.queries import company_name
from app.core import clock
from app.core.commands import execute
from app.core.forms import Form, nested
from app.core.geo import Point
from app.core.packs import Packed, Packing, Soon, once
from app.core.places import Fix
from app.core.web import Db, fields, page, posted, retry, see
from app.planning.commands import (
    AddStop,
    OrderStops,
    PinStop,
    PlanAgain,
    SkipStop,
    UndoByHand,
    UnpinStop,
    WriteKeyPoint,
)
from app.planning.route.matrix import CITY
from app.today.day import DayList, From
from app.today.queries import changing, day_list, days_changed

router = APIRouter()
COOKIE = "here"
COOKIE_LASTS = timedelta(hours=10)


@router.get("/")
def home() -> Response:
    return see("/today")


@router.get("/today")
def today(request: Request, db: Db, person: CurrentPerson) -> Response:
    here = remembered(request.cookies.get(COOKIE, ""))
    return page(request, "today/today.html", **shown(day_list(db, person, here)))


@once
def packed_days(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """Each day as its own page: the phone shows the one that it is. Tomorrow's is wanted soon."""
    if soon is Soon.LATER:
        return
    changed = days_changed(packing)
    for day in packing.days[:2] if soon is Soon.TODAY else packing.days[2:]:
        if day in changed:
            plan = day_list(packing.db, packing.person, None, day)
            yield Packed("/today", "today/today.html", shown(plan), day=day.isoformat())


@router.get("/free")
def free(request: Request, _person: CurrentPerson) -> Response:
    """Who could be seen in some free minutes: the phone answers, out of what it keeps."""
    return page(request, "today/free.html", roads=CITY)


@once
def packed_free(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all and packing.person.visits:
        yield Packed("/free", "today/free.html", {"roads": CITY})


@router.get("/late")
def late(request: Request, db: Db, person: CurrentPerson) -> Response:
    """What one who is late cannot keep: the phone answers, out of the page of today."""
    return page(request, "today/late.html", company=company_name(db, person))


@once
def packed_late(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all and packing.person.visits:
        company = company_name(packing.db, packing.person)
        yield Packed("/late", "today/late.html", {"company": company})


def shown(plan: DayList) -> dict[str, Any]:
    return {"plan": plan, "roads": CITY, "form": Form(WriteKeyPoint, for_day=plan.next_day)}


@router.get("/today/change/{customer_id}")
def change(request: Request, db: Db, person: CurrentPerson, customer_id: UUID) -> Response:
    """What can be done with one stop; where there is script, a sheet of today's page says it."""
    here = remembered(request.cookies.get(COOKIE, ""))
    found = changing(db, person, here, customer_id)
    return page(request, "today/change.html", change=found)


@router.post("/today/skip")
def skip(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[SkipStop], posted(SkipStop)],
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/pin")
def pin(
    request: Request, db: Db, person: CurrentPerson, form: Annotated[Form[PinStop], posted(PinStop)]
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/unpin")
def unpin(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[UnpinStop], posted(UnpinStop)],
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/add")
def add(
    request: Request, db: Db, person: CurrentPerson, form: Annotated[Form[AddStop], posted(AddStop)]
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/order")
def order(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[OrderStops], posted(OrderStops)],
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/again")
def again(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[PlanAgain], posted(PlanAgain)],
) -> Response:
    return changed(request, db, person, form)


@router.post("/today/undo")
def undo(
    request: Request,
    db: Db,
    person: CurrentPerson,
    form: Annotated[Form[UndoByHand], posted(UndoByHand)],
) -> Response:
    return changed(request, db, person, form)


def changed(request: Request, db: Session, person: Person, form: Form[Any]) -> Response:
    if form.command is None:
        return retry(request, "today/not_changed.html", form)
    execute(db, person, form.command)
    return see("/today")


@router.post("/today/start")
def start_here(
    request: Request,
    _person: CurrentPerson,
    pairs: Annotated[list[tuple[str, str]], Depends(fields)],
) -> Response:
    """Begin the route where the phone is. The phone keeps this; we do not."""
    answer = see("/today")
    try:
        fix = Fix.model_validate(nested(pairs).get("position"))
    except ValidationError:
        return answer
    answer.set_cookie(
        COOKIE,
        f"{fix.lat:.4f},{fix.lon:.4f},{int(clock.now().timestamp())}",
        max_age=int(COOKIE_LASTS.total_seconds()),
        path="/today",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def remembered(cookie: str) -> From | None:
    """Where the phone said it was; nothing when the cookie is missing or was tampered with."""
    try:
        lat, lon, at = cookie.split(",")
        fix = Fix(lat=float(lat), lon=float(lon), accuracy=0)
        moment = datetime.fromtimestamp(int(at), clock.now().tzinfo)
    except (ValueError, OverflowError, OSError):
        return None
    return From(Point(fix.lat, fix.lon), moment)
