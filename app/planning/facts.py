"""All that the cadence asks of the database, in one statement: however many customers it is about.

Its parts have the same columns; each fills those that it needs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import col

from app.accounts.models import Person
from app.accounts.queries import company_of
from app.accounts.rules import SEES, VISITING, Sight
from app.core.columns import Moment
from app.customers.models import Customer
from app.orders.models import Order
from app.planning.models import CompanyDay, Leave, PlannedVisit, Policy
from app.visits.models import OtherContact, Visit
from app.visits.rules import Outcome

COLUMNS: dict[str, Any] = {
    "subject": Uuid,
    "name": String,
    "times": Integer,
    "at": Moment,
    "also_at": Moment,
    "on_day": Date,
    "until": Date,
    "amount": BigInteger,
    "said": Text,
}
LEADING = [role for role in VISITING if SEES[role] is Sight.TEAM]


@dataclass(frozen=True)
class Scope:
    """Of which customers: their ids, or a statement for them.

    `agreed_on`: also at whom a visit agreed on that day; `sales`: with what they have ordered;
    `planned_from`: also who means to go there from that day on.
    """

    customers: Any
    agreed_on: date | None = None
    sales: bool = False
    planned_from: date | None = None


def facts(person: Person, scope: Scope) -> CompoundSelect[Any]:
    """Rows of `what`, and COLUMNS. The company is the person's."""
    company = company_of(person.team_id)
    seen = visited(scope).cte("seen")
    parts = [
        part("policy", subject=Policy.company_id, name=Policy.name, said=cast(Policy.fields, Text))
        .where(col(Policy.company_id).in_(company)),
        part("day", on_day=CompanyDay.on_day, times=cast(CompanyDay.worked, Integer))
        .where(col(CompanyDay.company_id).in_(company)),
        part("leave", subject=Leave.person_id, on_day=Leave.first_day, until=Leave.last_day)
        .where(col(Leave.cancelled_at).is_(None), col(Leave.person_id).in_(owners(scope))),
        part("visit", subject=seen.c.customer_id, at=seen.c.at, also_at=seen.c.led_at),
        contacts(scope, seen),
        agreed_contacts(scope),
    ]  # fmt: skip
    if scope.agreed_on:
        parts.append(
            part("agreed_visit", subject=Visit.customer_id).where(
                at_those(Visit, scope), col(Visit.next_on) == scope.agreed_on
            )
        )
    if scope.sales:
        parts.append(sales(scope))
    if scope.planned_from:
        parts.append(planned(scope, scope.planned_from))
    return union_all(*parts)


def part(what: str, **columns: Any) -> Select[Any]:
    filled = (
        type_coerce(columns[name], kind) if name in columns else cast(null(), kind)
        for name, kind in COLUMNS.items()
    )
    labelled = (one.label(name) for name, one in zip(COLUMNS, filled, strict=True))
    return select(literal(what, String).label("what"), *labelled)


def at_those(table: Any, scope: Scope) -> ColumnElement[bool]:
    return col(table.customer_id).in_(scope.customers)


def owners(scope: Scope) -> Select[Any]:
    return select(col(Customer.owner_id)).where(
        col(Customer.id).in_(scope.customers), col(Customer.owner_id).is_not(None)
    )


def visited(scope: Scope) -> Select[Any, Any, Any]:
    """When somebody was met last, and by whom that leads."""
    met = or_(col(Visit.outcome).is_(None), col(Visit.outcome) != Outcome.NOT_MET)
    led = and_(met, col(Person.role).in_(LEADING))
    return (
        select(
            col(Visit.customer_id),
            func.max(case((met, col(Visit.checked_in_at))), type_=Moment).label("at"),
            func.max(case((led, col(Visit.checked_in_at))), type_=Moment).label("led_at"),
        )
        .join(Person, col(Person.id) == col(Visit.person_id))
        .where(at_those(Visit, scope))
        .group_by(col(Visit.customer_id))
    )


def contacts(scope: Scope, seen: Any) -> Select[Any]:
    """Of each kind: when it last reached them, and how often since the last visit."""
    reached = col(OtherContact.outcome) != Outcome.NOT_MET
    since = or_(seen.c.at.is_(None), col(OtherContact.made_at) > seen.c.at)
    return (
        part(
            "contact",
            subject=OtherContact.customer_id,
            name=OtherContact.kind,
            times=func.sum(case((and_(reached, since), 1), else_=0)),
            at=func.max(case((reached, col(OtherContact.made_at)))),
        )
        .select_from(OtherContact)
        .join(seen, seen.c.customer_id == col(OtherContact.customer_id), isouter=True)
        .where(at_those(OtherContact, scope))
        .group_by(col(OtherContact.customer_id), col(OtherContact.kind))
    )


def agreed_contacts(scope: Scope) -> Select[Any]:
    """The day that the last contact agreed on, where it did."""
    latest_first = col(OtherContact.made_at).desc()
    place = func.row_number().over(
        partition_by=col(OtherContact.customer_id), order_by=latest_first
    )
    ranked = (
        select(
            col(OtherContact.customer_id),
            col(OtherContact.made_at),
            col(OtherContact.next_on),
            place.label("place"),
        )
        .where(at_those(OtherContact, scope))
        .subquery()
    )
    told = part(
        "agreed", subject=ranked.c.customer_id, at=ranked.c.made_at, on_day=ranked.c.next_on
    )
    return told.where(ranked.c.place == 1, ranked.c.next_on.is_not(None))


def sales(scope: Scope) -> Select[Any]:
    return (
        part(
            "sales",
            subject=Order.customer_id,
            times=func.count(),
            amount=func.sum(Order.total),
            at=func.min(Order.placed_at),
            also_at=func.max(Order.placed_at),
        )
        .where(at_those(Order, scope))
        .group_by(col(Order.customer_id))
    )


def planned(scope: Scope, first: date) -> Select[Any]:
    """`said` is the plan's id and whose it is."""
    return part(
        "planned",
        subject=PlannedVisit.customer_id,
        name=PlannedVisit.purpose,
        times=PlannedVisit.at_minute,
        amount=case((col(PlannedVisit.must), 1), else_=0),
        on_day=PlannedVisit.on_day,
        said=cast(PlannedVisit.id, Text) + " " + cast(PlannedVisit.person_id, Text),
    ).where(
        at_those(PlannedVisit, scope),
        col(PlannedVisit.on_day) >= first,
        col(PlannedVisit.cancelled_at).is_(None),
    )
