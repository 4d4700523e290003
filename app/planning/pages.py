from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.accounts.current import CurrentPerson
from app.accounts.posting import takes
from app.core import clock
from app.core.commands import Command
from app.core.forms import Form
from app.core.packs import Packed, Packing, Soon, once
from app.core.web import Db, page
from app.customers.rules import Grade
from app.planning.calls import CAPACITY, SHOWN, call_list
from app.planning.changes import changes_of_policy, days_of
from app.planning.commands import (
    CancelLeave,
    CancelVisit,
    CrossOffKeyPoint,
    PlanVisit,
    SetCadence,
    SetDay,
    SetFrame,
    SetMinutes,
    SetShares,
    SetWorth,
    TakeLeave,
    WriteKeyPoint,
)
from app.planning.coverage import coverage
from app.planning.frame import frame_values
from app.planning.policies import form_values, values_of
from app.planning.queries import leaves_of, planned_visit, policy_of

router = APIRouter()


@router.get("/policy")
def policy(request: Request, db: Db, person: CurrentPerson) -> Response:
    """How often whom: everybody may read what they are measured by."""
    book, changes = policy_of(db, person), changes_of_policy(db, person)
    forms = {
        "shares": Form(SetShares, **values_of(book.shares)),
        "frame": Form(SetFrame, **frame_values(book.frame)),
        "worth": Form(SetWorth, **values_of(book.weights)),
        "minutes": Form(SetMinutes, **values_of(book.minutes)),
    }
    return page(request, "planning/policy.html", book=book, changes=changes, forms=forms)


@router.get("/policy/cadence")
def cadence(request: Request, db: Db, person: CurrentPerson, grade: Grade = Grade.A1) -> Response:
    book = policy_of(db, person)
    form = Form(SetCadence, grade=grade, **form_values(book.cadences[grade]))
    return page(request, "planning/cadence.html", form=form)


POLICY: tuple[type[Command], ...] = (SetCadence, SetFrame, SetMinutes, SetShares, SetWorth)


for one in POLICY:  # `planning.set_frame.v1` is posted to /policy/frame
    part = one.wire_name.split(".")[1].removeprefix("set_")
    takes(router, f"/policy/{part}", one, f"planning/{part}.html", "/policy")


@router.get("/policy/days")
def days(
    request: Request,
    db: Db,
    person: CurrentPerson,
    year: Annotated[int | None, Query(ge=2000, le=2199)] = None,
) -> Response:
    """The year's holidays and make-up days, and what the company says otherwise."""
    now = clock.today(person.time_zone).year
    known = days_of(db, person, year or now)
    return page(request, "planning/days.html", known=known, now=now, form=Form(SetDay))


takes(router, "/policy/days", SetDay, "planning/day.html", "/policy/days?year={on_day.year}")
takes(router, "/plans", PlanVisit, "planning/plan_visit.html", "/customers/{customer_id}")


takes(
    router,
    "/plans/cancel",
    CancelVisit,
    "planning/cancel_visit.html",
    lambda db, person, off: f"/customers/{planned_visit(db, person, off.planned_id).customer_id}",
)


@router.get("/leave")
def leave(request: Request, db: Db, person: CurrentPerson) -> Response:
    taken = leaves_of(db, person)
    return page(request, "planning/leave.html", taken=taken, form=Form(TakeLeave))


takes(router, "/leave", TakeLeave, "planning/take_leave.html", "/leave")
takes(router, "/leave/cancel", CancelLeave, "planning/cancel_leave.html", "/leave")


@router.get("/coverage")
def covered(
    request: Request,
    db: Db,
    person: CurrentPerson,
    of: UUID | None = None,
    grade: Grade | None = None,
) -> Response:
    """Contacted of owned, by month and grade; of everybody that the person sees, or of one."""
    return page(request, "planning/coverage.html", known=coverage(db, person, of, grade))


@router.get("/calls")
def calls(
    request: Request,
    db: Db,
    person: CurrentPerson,
    shown: Annotated[int, Query(ge=1, le=CAPACITY)] = SHOWN,
) -> Response:
    calls = call_list(db, person, shown)
    return page(request, "planning/calls.html", calls=calls, shown=shown, most=CAPACITY)


@once
def packed_calls(packing: Packing, soon: Soon) -> Iterator[Packed]:
    if soon is Soon.TODAY and packing.person.visits and (packing.all or packing.touched):
        calls = call_list(packing.db, packing.person)
        context = {"calls": calls, "shown": SHOWN, "most": CAPACITY}
        yield Packed("/calls", "planning/calls.html", context)


takes(router, "/key-points", WriteKeyPoint, "planning/key_point.html", "/today")
takes(router, "/key-points/cross-off", CrossOffKeyPoint, "planning/cross_off.html", "/today")
