from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false
from sqlmodel import Session, col, select

from app.accounts.models import Person, SignIn, Team
from app.accounts.rules import Sight
from app.core import clock
from app.core.memory import remembered


def signed_in(db: Session, token_hash: str) -> tuple[Person, SignIn] | None:
    """Whose session this is, also of a closed account and on a phone that was shut out."""
    found = db.exec(
        select(Person, SignIn)
        .join(SignIn, col(SignIn.person_id) == col(Person.id))
        .where(SignIn.token_hash == token_hash)
    ).first()
    return found if found and found[1].expires_at > clock.now() else None


def take_turn(db: Session, person: Person) -> None:
    """Two deeds of a person that exclude each other: the second waits for the first to end."""
    # Not the key, which the rows that name the person lock for each other.
    mine = select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    remembered(db, (take_turn, person.id), lambda: db.exec(mine).one(), of=())


def person_named(db: Session, username: str) -> Person | None:
    return db.exec(select(Person).where(Person.username == username.strip().lower())).first()


def team_named(db: Session, name: str) -> Team | None:
    return db.exec(select(Team).where(Team.name == name)).first()


def team_of(db: Session, person: Person) -> Team:
    return db.get_one(Team, person.team_id)


def within_sight(person: Person, owner: Any, team: Any) -> ColumnElement[bool]:
    """The condition that rows with these owner and team columns may be seen by `person`."""
    if person.sight is Sight.OWN:
        return col(owner) == person.id
    if person.sight is Sight.TEAM:
        return col(team).in_(teams_below(person.team_id))
    return false()


def teams_below(team_id: UUID) -> Select[Any]:
    """The ids of a team and all below it, as one statement."""
    tree = select(col(Team.id)).where(Team.id == team_id).cte(recursive=True)
    tree = tree.union(select(col(Team.id)).join(tree, col(Team.parent_id) == tree.c.id))
    return select(tree.c.id)


def company_of(team_id: UUID) -> Select[Any]:
    """The id of the team above all others that a team is part of, as one statement."""
    above = select(col(Team.id), col(Team.parent_id)).where(Team.id == team_id)
    tree = above.cte(recursive=True)
    tree = tree.union(
        select(col(Team.id), col(Team.parent_id)).join(tree, col(Team.id) == tree.c.parent_id)
    )
    return select(tree.c.id).where(tree.c.parent_id.is_(None))


def company_name(db: Session, person: Person) -> str:
    return db.exec(select(Team.name).where(col(Team.id).in_(company_of(person.team_id)))).one()


def teams_of_company(team_id: UUID) -> Select[Any]:
    """The ids of all teams of the company that a team is part of, as one statement."""
    below = company_of(team_id).cte(recursive=True)
    below = below.union(select(col(Team.id)).join(below, col(Team.parent_id) == below.c.id))
    return select(below.c.id)
