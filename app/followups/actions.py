from sqlmodel import Session

from app.accounts.models import Person
from app.core.commands import handles
from app.customers.queries import customer_to_tell_of
from app.followups.commands import KeepPromise, MakePromise
from app.followups.models import Promise
from app.followups.queries import promise_of
from app.visits.queries import own_visit_at


@handles(MakePromise)
def make_promise(db: Session, person: Person, command: MakePromise) -> Promise:
    customer = customer_to_tell_of(db, person, command.customer_id)
    promise = Promise(
        id=command.id,
        customer_id=customer.id,
        visit_id=own_visit_at(db, person, customer, command.visit_id),
        person_id=person.id,
        side=command.side,
        what=command.what,
        due_on=command.due_on,
        made_at=command.at,
    )
    db.add(promise)
    return promise


@handles(KeepPromise)
def keep_promise(db: Session, person: Person, command: KeepPromise) -> Promise:
    """Kept once; keeping it again changes nothing."""
    promise = promise_of(db, person, command.promise_id)
    promise.done_at = promise.done_at or command.at
    return promise
