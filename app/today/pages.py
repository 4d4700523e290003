from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from app.accounts.current import CurrentPerson
from app.accounts.queries import company_name
from app.core import clock
from app.core.forms import Form, nested
from app.core.geo import Point
from app.core.packs import Packed, Packing, Soon, once
from app.core.places import Fix
from app.core.web import Db, fields, page, see
from app.planning.commands import WriteKeyPoint
from app.planning.route.matrix import CITY
from app.today.day import DayList, From
from app.today.queries import day_list, days_changed

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
