"""What was changed of the policy and of the calendar, for the screens that set them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import company_of, teams_of_company
from app.core.commands import CommandLog
from app.core.i18n import language
from app.core.public_days import Year, official
from app.planning.models import CompanyDay
from app.planning.queries import CHANGES
from app.settings import settings

POLICIES = (
    "planning.set_cadence.v1",
    "planning.set_shares.v1",
    "planning.set_worth.v1",
    "planning.set_day.v1",
    "planning.set_minutes.v1",
    "planning.set_frame.v1",
)


@dataclass(frozen=True)
class Change:
    """A policy that was set: by whom, and to what."""

    what: CommandLog
    person: Person


def changes_of_policy(db: Session, person: Person) -> list[Change]:
    """The latest in the person's company, newest first: out of the log of commands."""
    ours = teams_of_company(person.team_id)
    rows = db.exec(
        select(CommandLog, Person)
        .join(Person, col(Person.id) == col(CommandLog.person_id))
        .where(col(CommandLog.name).in_(POLICIES), col(Person.team_id).in_(ours))
        .order_by(col(CommandLog.received_at).desc(), col(CommandLog.id))
        .limit(CHANGES)
    )
    return [Change(entry, maker) for entry, maker in rows]


@dataclass(frozen=True)
class Days:
    """What is official in a year, and what the company has said otherwise."""

    year: int
    official: Year
    said: list[CompanyDay]


def days_of(db: Session, person: Person, year: int) -> Days:
    first, last = date(year, 1, 1), date(year, 12, 31)
    said = db.exec(
        select(CompanyDay)
        .where(
            col(CompanyDay.company_id).in_(company_of(person.team_id)),
            col(CompanyDay.on_day).between(first, last),
        )
        .order_by(col(CompanyDay.on_day))
    )
    return Days(year, official(settings().country, year, language()), list(said))
