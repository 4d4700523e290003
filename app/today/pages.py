from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from sqlmodel import Session

from app.accounts.current import CurrentPerson
from app.accounts.models import Person
from app.accounts.posting import takes
from app.accounts.queries import company_name
from app.core import clock
from app.core.commands import Command
from app.core.forms import Form, nested
from app.core.geo import Point
from app.core.packs import Packed, Packing, Soon, once
from app.core.places import Fix
from app.core.web import Db, fields, page, see
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
from app.planning.territory import Territory, territory_of
from app.settings import settings
from app.today.day import DayList, From
from app.today.queries import changing, day_list, days_changed
from app.today.sketch import SHEET, Sketch, sketched

router = APIRouter()
COOKIE = "here"
COOKIE_LASTS = timedelta(hours=10)


@router.get("/")
def home() -> Response:
    return see("/today")


@router.get("/today")
def today(request: Request, db: Db, person: CurrentPerson) -> Response:
    here = remembered(request.cookies.get(COOKIE, ""))
    plan = day_list(db, person, here)
    return page(request, "today/today.html", **shown(plan, sketched(db, person, plan, here)))


@router.get("/today/map")
def map_of_the_day(request: Request, db: Db, person: CurrentPerson) -> Response:
    here = remembered(request.cookies.get(COOKIE, ""))
    plan = day_list(db, person, here)
    return page(request, "today/map.html", **mapped(db, person, plan, here))


@once
def packed_days(packing: Packing, soon: Soon) -> Iterator[Packed]:
    """Each day as its own page: the phone shows the one that it is. Tomorrow's is wanted soon."""
    if soon is Soon.LATER:
        return
    changed = days_changed(packing)
    for day in packing.days[:2] if soon is Soon.TODAY else packing.days[2:]:
        if day in changed:
            db, person, on = packing.db, packing.person, day.isoformat()
            plan = day_list(db, person, None, day)
            strip = sketched(db, person, plan, None)
            yield Packed("/today", "today/today.html", shown(plan, strip), day=on)
            yield Packed("/today/map", "today/map.html", mapped(db, person, plan, None), day=on)


@router.get("/free")
def free(request: Request, db: Db, person: CurrentPerson) -> Response:
    """Who could be seen in some free minutes: the phone answers, out of what it keeps."""
    return page(request, "today/free.html", territory=around(db, person))


@once
def packed_free(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all and packing.person.visits:
        yield Packed("/free", "today/free.html", {"territory": around(packing.db, packing.person)})


@router.get("/late")
def late(request: Request, db: Db, person: CurrentPerson) -> Response:
    """What one who is late cannot keep: the phone answers, out of the page of today."""
    return page(request, "today/late.html", company=company_name(db, person))


@once
def packed_late(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.all and packing.person.visits:
        company = company_name(packing.db, packing.person)
        yield Packed("/late", "today/late.html", {"company": company})


def around(db: Session, person: Person) -> Territory:
    return territory_of(db, person, clock.today(person.time_zone))


def shown(plan: DayList, sketch: Sketch | None) -> dict[str, Any]:
    return {"plan": plan, "sketch": sketch, "form": Form(WriteKeyPoint, for_day=plan.next_day)}


def mapped(db: Session, person: Person, plan: DayList, here: From | None) -> dict[str, Any]:
    sketch = sketched(db, person, plan, here, SHEET)
    return {"plan": plan, "sketch": sketch, "credit": settings().tiles_credit}


@router.get("/today/change/{customer_id}")
def change(request: Request, db: Db, person: CurrentPerson, customer_id: UUID) -> Response:
    """What can be done with one stop; where there is script, a sheet of today's page says it."""
    here = remembered(request.cookies.get(COOKIE, ""))
    found = changing(db, person, here, customer_id)
    return page(request, "today/change.html", change=found)


BY_HAND: dict[str, type[Command]] = {
    "skip": SkipStop,
    "pin": PinStop,
    "unpin": UnpinStop,
    "add": AddStop,
    "order": OrderStops,
    "again": PlanAgain,
    "undo": UndoByHand,
}


for deed, command in BY_HAND.items():
    takes(router, f"/today/{deed}", command, "today/not_changed.html", "/today")


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
