"""The demo: a believable Shanghai, or a crowd of customers for measuring."""

from datetime import date

from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.queries import person_named
from app.demo import many
from app.demo.cast import COMPANY, OFFICE, hire
from app.demo.catalogue import Stock, stock_up
from app.demo.chance import dice
from app.demo.customers import Client, open_accounts
from app.demo.days import ZONE, working_days_before
from app.demo.ground import SOURCE, ground
from app.demo.month import Month, Texts, agree_on_plans, live_through
from app.demo.phones import phones_of
from app.demo.plans import STOPS, plan_ahead, plans_after
from app.demo.promises import Maker, promises_of
from app.demo.rounds import calls_long_ago, month_of_calls
from app.demo.sales import keep, numbers_so_far
from app.maps.actions import put_shapes
from app.maps.queries import company_named

SEED = 20260101
CALLS_A_DAY = {"alice": (6, 8), "bob": (6, 7), "charlie": (6, 6)}
DAYS_BACK = 30


def load_shanghai(db: Session, *, today: date) -> bool:
    """Whether anything was added: everything the first time, a plan for today on another day.

    The caller commits.
    """
    if person_named(db, "alice"):
        people = [person_named(db, username) for username in STOPS]
        return plan_ahead(db, [person for person in people if person], today)
    rng = dice(SEED)
    people_by_name, stock = hire(db), stock_up(db)
    put_shapes(db, company_named(db, COMPANY), SOURCE, ground())
    days = working_days_before(today, DAYS_BACK)
    clients = open_accounts(db, rng, people_by_name, stock, days[0])
    reps = [people_by_name[username] for username in STOPS]
    month = live(db, today, reps, clients, stock)
    plan_ahead(db, reps, today)
    agree_on_plans(dice(SEED), month, plans_after(db, reps, today))
    db.add_all(phones_of(people_by_name, today))
    return True


def live(
    db: Session, today: date, reps: list[Person], clients: dict[str, list[Client]], stock: Stock
) -> Month:
    """The month behind us, of every rep."""
    month = Month(stock, Texts(dice(SEED)))
    for person in reps:
        rng, home = dice(f"{SEED} {person.username}"), person.home or OFFICE
        own = clients[person.username]
        days = working_days_before(today, DAYS_BACK)
        calls = calls_long_ago(rng, home, own, today)
        calls += month_of_calls(rng, home, own, days, CALLS_A_DAY[person.username])
        calls.sort(key=lambda call: call.came)
        live_through(rng, month, person, calls)
    write(db, month)
    db.add_all(promises_of(Maker(dice(SEED), month.texts, today), month))
    db.flush()
    return month


def write(db: Session, month: Month) -> None:
    """Orders get their numbers in the order in which they were placed."""
    numbers = numbers_so_far(db)
    for order in sorted(month.orders, key=lambda order: order.placed_at):
        order.number = numbers.next(order.placed_at.astimezone(ZONE).date())
    db.add_all(visit for visit, _client in month.visits)
    db.flush()
    for rows in (month.notes, month.orders, month.plans):
        db.add_all(rows)
    db.flush()
    db.add_all(month.lines)
    keep(db, numbers)
    db.flush()


def load_many(db: Session, *, reps: int, customers: int, seed: int, today: date) -> int:
    """The number of customers made: `customers` for each of `reps`; none when they are there.

    The caller commits.
    """
    if person_named(db, many.username_of(many.REP, 1)):
        return 0
    return many.fill(db, reps=reps, customers=customers, seed=seed, today=today)
