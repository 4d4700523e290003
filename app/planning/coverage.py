"""Coverage: of the customers that somebody owns, how many were contacted, and who was not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, distinct, func, or_, select, union_all
from sqlmodel import Session, col

from app.accounts.models import Person, Team
from app.accounts.queries import teams_below
from app.core import clock
from app.core.columns import Moment
from app.core.commands import EARLIEST as LONG_AGO
from app.core.errors import NotFound
from app.core.i18n import mark as _
from app.customers.models import Customer
from app.customers.queries import seen_by
from app.customers.rules import Grade, Status
from app.planning.cadence import Due
from app.planning.facts import Scope
from app.planning.queries import card_of
from app.planning.reckoning import book_of
from app.visits.models import OtherContact, Visit
from app.visits.rules import Outcome

MONTHS = 6
UNSEEN = 50


@dataclass
class Tally:
    """Customers owned now, and of them the contacted in each month, the latest month first."""

    owned: int = 0
    contacted: list[int] = field(default_factory=lambda: [0] * MONTHS)

    def add(self, owned: int, contacted: Sequence[int]) -> None:
        self.owned += owned
        self.contacted = [a + b for a, b in zip(self.contacted, contacted, strict=True)]

    @property
    def percent(self) -> list[int | None]:
        """None where nothing is owned; rounded down, so that only all is a hundred."""
        return [one * 100 // self.owned if self.owned else None for one in self.contacted]


@dataclass
class Branch:
    """A team with all below it, or a person in one; `depth` is how far down the tree."""

    name: str
    latin_name: str = ""
    depth: int = 0
    person_id: UUID | None = None
    tally: Tally = field(default_factory=Tally)

    def called(self, language: str) -> str:
        return self.latin_name if language == "en" and self.latin_name else self.name


@dataclass(frozen=True)
class Unseen:
    """A customer not contacted this month; `days` since the last contact, None: never."""

    customer: Customer
    owner: Person | None
    days: int | None
    visit: Due | None


@dataclass(frozen=True)
class Coverage:
    """`months` begin on these days. `tree` is empty for who leads nobody."""

    months: list[date]
    by_grade: dict[Grade | None, Tally]
    whole: Tally
    tree: list[Branch]
    unseen: list[Unseen]
    of: Person | None
    grade: Grade | None

    @property
    def missing(self) -> int:
        """How many were not contacted this month, of those that are looked at."""
        tally = self.by_grade.get(self.grade, Tally()) if self.grade else self.whole
        return tally.owned - tally.contacted[0]


def coverage(db: Session, person: Person, of: UUID | None, grade: Grade | None) -> Coverage:
    """Of all that the person sees, or of one whose customers they see. Four statements."""
    months = [month_back(clock.today(person.time_zone), back) for back in range(MONTHS)]
    rows = counted(db, person, months)
    looked_at = [row for row in rows if of in {None, row.owner_id}]
    if of and not looked_at:
        raise NotFound(_("Nobody of this name looks after customers that you see."))
    whole = Tally()
    grades: list[Grade | None] = [*Grade, None]
    by_grade = {one: Tally() for one in grades}
    for row in looked_at:
        contacted = row[-MONTHS:]
        whole.add(row.owned, contacted)
        by_grade[row.grade].add(row.owned, contacted)
    tree = list(branches(db, person, rows)) if person.leads or not person.visits else []
    of_person = db.get(Person, of) if of else None
    unseen = not_seen(db, person, months[0], of, grade)
    kept = {one: tally for one, tally in by_grade.items() if tally.owned}
    return Coverage(months, kept, whole, tree, unseen, of_person, grade)


def month_back(day: date, back: int) -> date:
    """The first day of the month so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def contacted(since: datetime) -> Select[Any]:
    """Every time from then on that somebody was met or reached: customer and moment."""
    met = or_(col(Visit.outcome).is_(None), col(Visit.outcome) != Outcome.NOT_MET)
    visits: Any = select(col(Visit.customer_id), col(Visit.checked_in_at).label("at"))
    reached = col(OtherContact.outcome) != Outcome.NOT_MET
    made_at: Any = col(OtherContact.made_at)
    others: Any = select(col(OtherContact.customer_id), made_at.label("at"))
    both = union_all(
        visits.where(met, col(Visit.checked_in_at) >= since),
        others.where(reached, col(OtherContact.made_at) >= since),
    ).subquery()
    return select(both.c.customer_id, both.c.at)


def counted(db: Session, person: Person, months: Sequence[date]) -> Sequence[Any]:
    """By owner, team and grade: customers `owned`, then the contacted of each month."""
    begins = [clock.begins(month, person.time_zone) for month in months]
    ends = [clock.begins(month_back(months[0], -1), person.time_zone), *begins]
    when = contacted(begins[-1]).subquery()
    in_month = [
        func.count(distinct(case((and_(when.c.at >= begin, when.c.at < end), col(Customer.id)))))
        for begin, end in zip(begins, ends, strict=False)
    ]
    by: list[Any] = [Customer.team_id, Customer.owner_id, Customer.grade]
    by += [Person.name, Person.latin_name]
    wanted: Select[Any] = (
        select(
            *by,
            func.count(distinct(col(Customer.id))).label("owned"),
            *in_month,
        )
        .join(Person, col(Person.id) == col(Customer.owner_id), isouter=True)
        .join(when, when.c.customer_id == col(Customer.id), isouter=True)
        .where(counts(person))
        .group_by(*by)
    )
    return db.connection().execute(wanted).all()


def counts(person: Person) -> Any:
    """The condition that a customer is seen and not given up."""
    return and_(seen_by(person), col(Customer.status) != Status.INACTIVE)


def branches(db: Session, person: Person, rows: Sequence[Any]) -> Iterator[Branch]:
    """The teams that the person sees, each with all below it, and its people."""
    teams = db.scalars(
        select(Team).where(col(Team.id).in_(teams_below(person.team_id))).order_by(col(Team.name))
    ).all()
    below: dict[UUID | None, list[Team]] = {}
    for team in teams:
        if team.id != person.team_id:
            below.setdefault(team.parent_id, []).append(team)
    top = next(team for team in teams if team.id == person.team_id)
    yield from grown(top, below, rows, 0)


def grown(
    team: Team, below: dict[UUID | None, list[Team]], rows: Sequence[Any], depth: int
) -> Iterator[Branch]:
    whole = Branch(team.name, depth=depth)
    own: dict[UUID, Branch] = {}
    for row in rows:
        if row.team_id != team.id:
            continue
        whole.tally.add(row.owned, row[-MONTHS:])
        if row.owner_id:
            one = own.setdefault(
                row.owner_id, Branch(row.name, row.latin_name, depth + 1, row.owner_id)
            )
            one.tally.add(row.owned, row[-MONTHS:])
    teams = [list(grown(one, below, rows, depth + 1)) for one in below.get(team.id, ())]
    for inner in teams:
        whole.tally.add(inner[0].tally.owned, inner[0].tally.contacted)
    yield whole
    yield from sorted(own.values(), key=lambda one: one.name)
    for inner in teams:
        yield from inner


def not_seen(
    db: Session, person: Person, month: date, of: UUID | None, grade: Grade | None
) -> list[Unseen]:
    """Not contacted since `month` began: those without any contact first, then the longest ago."""
    ever = contacted(LONG_AGO).subquery()
    last = (
        select(ever.c.customer_id, func.max(ever.c.at, type_=Moment).label("at"))
        .group_by(ever.c.customer_id)
        .subquery()
    )
    begins = clock.begins(month, person.time_zone)
    wanted = (
        select(Customer, Person, last.c.at)
        .join(Person, col(Person.id) == col(Customer.owner_id), isouter=True)
        .join(last, last.c.customer_id == col(Customer.id), isouter=True)
        .where(counts(person), or_(last.c.at.is_(None), last.c.at < begins))
        .order_by(last.c.at.is_not(None), last.c.at, col(Customer.grade), col(Customer.sort_key))
        .limit(UNSEEN)
    )
    if of:
        wanted = wanted.where(col(Customer.owner_id) == of)
    if grade:
        wanted = wanted.where(col(Customer.grade) == grade)
    rows = db.execute(wanted).all()
    book = book_of(db, person, Scope([customer.id for customer, _owner, _at in rows]))
    today = clock.today(person.time_zone)
    return [
        Unseen(
            customer,
            owner,
            days_since(at, person, today),
            book.dues(card_of(customer, owner)).visit,
        )
        for customer, owner, at in rows
    ]


def days_since(at: datetime | None, person: Person, today: date) -> int | None:
    return (today - at.astimezone(ZoneInfo(person.time_zone)).date()).days if at else None
