"""The cast: the same people in tests, demo data, screenshots and docs."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.models import Person, Team
from app.accounts.rules import Role


@dataclass(frozen=True)
class Cast:
    """Mia manages Alice and Bob; Charlie is in another team; Diane sees every team."""

    company: Team
    north: Team
    south: Team
    alice: Person
    bob: Person
    charlie: Person
    mia: Person
    diane: Person
    sam: Person
    ada: Person

    @property
    def people(self) -> list[Person]:
        return [self.alice, self.bob, self.charlie, self.mia, self.diane, self.sam, self.ada]


def hire_the_cast(db: Session) -> Cast:
    company = Team(name="Company")
    db.add(company)
    db.flush()
    north, south = (
        Team(name="North", parent_id=company.id),
        Team(name="South", parent_id=company.id),
    )
    db.add_all([north, south])
    db.flush()
    hired = {
        username: Person(username=username, name=name, latin_name=latin, role=role, team_id=team.id)
        for username, name, latin, role, team in (
            ("alice", "林晓燕", "Alice Lin", Role.REP, north),
            ("bob", "王博", "Bob Wang", Role.REP, north),
            ("charlie", "陈力", "Charlie Chen", Role.REP, south),
            ("mia", "赵敏", "Mia Zhao", Role.MANAGER, north),
            ("diane", "邓岚", "Diane Deng", Role.DIRECTOR, company),
            ("sam", "孙杉", "Sam Sun", Role.ASSISTANT, north),
            ("ada", "安达", "Ada An", Role.ADMINISTRATOR, company),
        )
    }
    db.add_all(hired.values())
    db.flush()
    return Cast(company=company, north=north, south=south, **hired)
