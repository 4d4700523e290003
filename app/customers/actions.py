from uuid import UUID, uuid4

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import within_sight
from app.core import clock
from app.core.commands import handles
from app.core.errors import NotFound, Refused
from app.core.i18n import mark as _
from app.core.memory import put, start_over
from app.core.places import Fix
from app.customers.commands import (
    AddCustomer,
    MergeCustomers,
    SetVisitMinutes,
    TellApart,
    UnmergeCustomers,
)
from app.customers.doubles import Card, likely
from app.customers.merging import active_merger, move, move_back
from app.customers.models import Contact, Customer, MergeProposal, Merger
from app.customers.queries import code_if_free, customer_of, customer_to_tell_of, visitor
from app.customers.rules import PinSource, Status, road_code
from app.customers.search import search_fields

GOOD_PIN_M = 100  # policy: a fix worse than this is no pin
MOST_PROPOSED = 3  # policy: a chain's new branch is not compared with all of them


def pin_by_check_in(customer: Customer, fix: Fix) -> None:
    """A customer without a position gets the one of the first good check-in."""
    if customer.point is not None or fix.accuracy > GOOD_PIN_M:
        return
    pin(customer, fix, PinSource.CHECK_IN)
    customer.rev, customer.changed_at = customer.rev + 1, clock.now()


def pin(customer: Customer, fix: Fix, source: PinSource) -> None:
    customer.lat, customer.lon, customer.pin_source = fix.lat, fix.lon, source


@handles(AddCustomer)
def add_customer(db: Session, person: Person, command: AddCustomer) -> Customer:
    """Always taken in; where it is likely known already, the two are proposed to be one."""
    visitor(person)
    customer = Customer(
        id=command.id,
        code=code_if_free(db, person, road_code(command.id)),
        name=command.name,
        kind=command.kind,
        status=Status.PROSPECT,
        grade=command.grade,
        address=command.address,
        phones=phones_of(command),
        notes=command.note,
        owner_id=person.id,
        team_id=person.team_id,
        added_by_id=person.id,
        added_at=command.at,
        changed_at=clock.now(),
    )
    if command.position and command.position.accuracy <= GOOD_PIN_M:
        pin(customer, command.position, PinSource.PERSON)
    found_by = search_fields(customer.name, "", customer.code, customer.phones, customer.address)
    customer.sqlmodel_update(found_by)
    db.add(customer)
    db.flush()  # before what names it
    if command.contact_name:
        name, phone = command.contact_name, command.contact_phone
        db.add(Contact(customer_id=customer.id, name=name, phone=phone))
    propose(db, person, customer, command)
    return customer


def phones_of(command: AddCustomer) -> list[str]:
    """A phone of nobody in particular is the customer's own."""
    own = (command.phone, "" if command.contact_name else command.contact_phone)
    return list(dict.fromkeys(filter(None, own)))


def propose(db: Session, person: Person, customer: Customer, command: AddCustomer) -> None:
    phones = tuple(filter(None, (command.phone, command.contact_phone)))
    card = Card(customer.name, phones, customer.point)
    for double in likely(db, person, card, but=[customer.id])[:MOST_PROPOSED]:
        proposal = {
            "id": uuid4(),
            "one_id": customer.id,
            "other_id": double.customer.id,
            "score": double.likeness.score,
            "signs": [str(sign) for sign in double.likeness.signs],
            "metres": double.likeness.metres,
            "made_at": clock.now(),
        }
        put(db, MergeProposal, proposal)


@handles(SetVisitMinutes)
def set_visit_minutes(db: Session, person: Person, command: SetVisitMinutes) -> None:
    customer = customer_to_tell_of(db, person, command.customer_id)
    customer.visit_minutes = command.minutes
    customer.rev, customer.changed_at = customer.rev + 1, clock.now()


@handles(MergeCustomers)
def merge_customers(db: Session, person: Person, command: MergeCustomers) -> Merger:
    """Who sees both may: a rep their own, a manager the team's."""
    start_over(db)
    kept = customer_of(db, person, command.keep_id)
    gone = customer_of(db, person, command.gone_id)
    if kept.id == gone.id:
        raise Refused(_("These are one customer already."))
    hold(db, kept, gone)
    merger = Merger(
        id=command.id,
        kept_id=kept.id,
        gone_id=gone.id,
        moved=move(db, gone.id, kept.id),
        merged_at=clock.now(),
        merged_by_id=person.id,
    )
    gone.merged_into_id = kept.id
    changed(kept, gone)
    db.add(merger)
    decide(db, person, kept.id, gone.id)
    start_over(db)
    return merger


def hold(db: Session, *customers: Customer) -> None:
    """Two merges at once of the same cards: the second waits, and finds that it came too late."""
    keys = [one.id for one in customers]
    locked = select(Customer).where(col(Customer.id).in_(keys)).order_by(col(Customer.id))
    locked = locked.with_for_update().execution_options(populate_existing=True)
    if any(one.merged_into_id for one in db.exec(locked)):
        raise Refused(_("Somebody has just merged one of these. Look again."))


def changed(*customers: Customer) -> None:
    for one in customers:
        one.rev, one.changed_at = one.rev + 1, clock.now()


@handles(UnmergeCustomers)
def unmerge_customers(db: Session, person: Person, command: UnmergeCustomers) -> Merger:
    """Both are as they were; what came for `gone` meanwhile goes with it."""
    start_over(db)
    own = within_sight(person, Customer.owner_id, Customer.team_id)
    gone = db.exec(select(Customer).where(Customer.id == command.gone_id, own)).first()
    if gone is None:
        raise NotFound(_("This customer is not among those you look after."))
    if gone.merged_into_id is None:
        raise Refused(_("These are two customers already."))
    kept = customer_of(db, person, gone.merged_into_id)
    merger = active_merger(db, gone.id)
    if merger is None:
        raise LookupError(f"{gone.id} was merged, and nothing says how")
    gone.merged_into_id = None
    merger.undone_at, merger.undone_by_id = clock.now(), person.id
    changed(kept, gone)
    move_back(db, merger)
    start_over(db)
    return merger


@handles(TellApart)
def tell_apart(db: Session, person: Person, command: TellApart) -> None:
    one = customer_of(db, person, command.one_id)
    other = customer_of(db, person, command.other_id)
    decide(db, person, one.id, other.id)


def decide(db: Session, person: Person, one_id: UUID, other_id: UUID) -> None:
    """The question about these two is answered."""
    ways = ((one_id, other_id), (other_id, one_id))
    pair = (and_(col(MergeProposal.one_id) == a, col(MergeProposal.other_id) == b) for a, b in ways)
    now = clock.now()
    for proposal in db.exec(select(MergeProposal).where(or_(*pair))):
        proposal.decided_at = proposal.decided_at or now
        proposal.decided_by_id = proposal.decided_by_id or person.id
