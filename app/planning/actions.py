from datetime import date
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import company_of, take_turn
from app.core import clock, upsert
from app.core.commands import handles
from app.core.errors import Refused
from app.core.events import on
from app.core.i18n import mark as _
from app.customers.queries import customer_to_tell_of
from app.planning.commands import (
    CancelLeave,
    CancelVisit,
    CrossOffKeyPoint,
    DayKind,
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
from app.planning.models import CompanyDay, KeyPoint, Leave, PlannedVisit, Policy, StopByHand
from app.planning.policies import CADENCE, FRAME, MINUTES, SHARES, WORTH, fields_of
from app.planning.queries import key_point_of, leave_of, planned_visit, policy_maker
from app.planning.rules import Deed
from app.visits.events import CheckedOut
from app.visits.rules import minute_of


@on(CheckedOut)
def plan_next_visit(db: Session, fact: CheckedOut) -> None:
    """The next date agreed at the door goes into the plan."""
    visit = fact.visit
    if visit.next_on:
        plan = plan_for(db, visit.person_id, visit.customer_id, visit.next_on)
        plan.at_minute = plan.at_minute if visit.next_minute is None else visit.next_minute


@handles(PlanVisit)
def plan_visit(db: Session, person: Person, command: PlanVisit) -> PlannedVisit:
    """Said again for the same day, what was planned is changed."""
    take_turn(db, person)
    customer = customer_to_tell_of(db, person, command.customer_id)
    if command.on_day < command.at.astimezone(ZoneInfo(person.time_zone)).date():
        raise Refused(_("This day is over. Choose another one."))
    plan = plan_for(db, person.id, customer.id, command.on_day, command.id)
    plan.at_minute, plan.must = minute_of(command.at_time), command.must
    plan.purpose = command.purpose
    no_more_skipped(db, person, customer.id, command)
    return plan


def no_more_skipped(db: Session, person: Person, customer_id: UUID, command: PlanVisit) -> None:
    """Whoever is planned anew for the day on which they were skipped is a stop again."""
    skips = select(StopByHand).where(
        StopByHand.person_id == person.id,
        StopByHand.customer_id == customer_id,
        StopByHand.on_day == command.on_day,
        StopByHand.deed == Deed.SKIP,
        col(StopByHand.undone_at).is_(None),
    )
    for skip in db.exec(skips):
        skip.undone_at = command.at


def plan_for(
    db: Session, person_id: UUID, customer_id: UUID, day: date, new_id: UUID | None = None
) -> PlannedVisit:
    """The person's plan for this customer and day; planned once, however often it is said."""
    planned = select(PlannedVisit).where(
        PlannedVisit.person_id == person_id,
        PlannedVisit.customer_id == customer_id,
        PlannedVisit.on_day == day,
    )
    plan = db.exec(planned).first() or PlannedVisit(
        id=new_id or uuid4(), person_id=person_id, customer_id=customer_id, on_day=day
    )
    db.add(plan)
    plan.cancelled_at = None
    return plan


@handles(CancelVisit)
def cancel_visit(db: Session, person: Person, command: CancelVisit) -> PlannedVisit:
    """Cancelled once; again changes nothing."""
    plan = planned_visit(db, person, command.planned_id)
    plan.cancelled_at = plan.cancelled_at or command.at
    return plan


@handles(WriteKeyPoint)
def write_key_point(db: Session, person: Person, command: WriteKeyPoint) -> KeyPoint:
    point = KeyPoint(
        id=command.id,
        person_id=person.id,
        for_day=command.for_day,
        text=command.text,
        written_at=command.at,
    )
    db.add(point)
    return point


@handles(CrossOffKeyPoint)
def cross_off_key_point(db: Session, person: Person, command: CrossOffKeyPoint) -> KeyPoint:
    """Crossed off once; again changes nothing."""
    point = key_point_of(db, person, command.point_id)
    point.done_at = point.done_at or command.at
    return point


@handles(SetCadence)
def set_cadence(db: Session, person: Person, command: SetCadence) -> None:
    set_policy(db, person, f"{CADENCE}{command.grade}", fields_of(command.cadence))


@handles(SetShares)
def set_shares(db: Session, person: Person, command: SetShares) -> None:
    set_policy(db, person, SHARES, command.model_dump(mode="json", exclude={"id", "at"}))


@handles(SetWorth)
def set_worth(db: Session, person: Person, command: SetWorth) -> None:
    set_policy(db, person, WORTH, command.model_dump(mode="json", exclude={"id", "at"}))


@handles(SetMinutes)
def set_minutes(db: Session, person: Person, command: SetMinutes) -> None:
    set_policy(db, person, MINUTES, command.model_dump(mode="json", exclude={"id", "at"}))


@handles(SetFrame)
def set_frame(db: Session, person: Person, command: SetFrame) -> None:
    set_policy(db, person, FRAME, command.model_dump(mode="json", exclude={"id", "at"}))


def set_policy(db: Session, person: Person, name: str, fields: dict[str, Any]) -> None:
    """As if it had not been said before: what was, is in the log."""
    said = {"fields": fields, "changed_at": clock.now()}
    key = {"company_id": company(db, person), "name": name}
    write(db, Policy, key, said)


@handles(SetDay)
def set_day(db: Session, person: Person, command: SetDay) -> None:
    key = {"company_id": company(db, person), "on_day": command.on_day}
    if command.kind is DayKind.USUAL:
        said = select(CompanyDay).filter_by(**key)
        if day := db.exec(said).first():
            db.delete(day)
        return
    worked = command.kind is DayKind.WORKED
    write(db, CompanyDay, key, {"worked": worked, "name": command.name, "changed_at": clock.now()})


def write(db: Session, table: Any, key: dict[str, Any], said: dict[str, Any]) -> None:
    """The row of this key with these columns; two at once do not disturb each other."""
    row = table(**key, **said)
    values = {name: getattr(row, name) for name in ("id", *key, *said)}
    written = upsert.into(db, table).values(values)
    db.execute(written.on_conflict_do_update(index_elements=list(key), set_=said))


def company(db: Session, person: Person) -> UUID:
    """Of whoever makes its policy."""
    found: UUID = db.scalars(company_of(policy_maker(person).team_id)).one()
    return found


@handles(TakeLeave)
def take_leave(db: Session, person: Person, command: TakeLeave) -> Leave:
    leave = Leave(
        id=command.id,
        person_id=person.id,
        first_day=command.first_day,
        last_day=command.last_day,
        note=command.note,
        taken_at=command.at,
    )
    db.add(leave)
    return leave


@handles(CancelLeave)
def cancel_leave(db: Session, person: Person, command: CancelLeave) -> Leave:
    """Cancelled once; again changes nothing."""
    leave = leave_of(db, person, command.leave_id)
    leave.cancelled_at = leave.cancelled_at or command.at
    return leave
