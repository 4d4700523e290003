"""The cast of the demo: who works in Shanghai, in which team, and where each day begins."""

from sqlmodel import Session

from app.accounts.actions import hasher
from app.accounts.models import Person, Team
from app.accounts.rules import Role
from app.core.geo import Point

PASSWORD = "roadbook"  # noqa: S105 - told to everybody; the demo is refused in production
COMPANY, PUXI, PUDONG = "上海分公司", "浦西一组", "浦东组"
OFFICE = Point(31.2451, 121.4521)

# fmt: off
PEOPLE = (
    ("alice", "林晓燕", "Alice Lin", Role.REP, PUXI, (31.1767, 121.4172)),
    ("bob", "王博", "Bob Wang", Role.REP, PUXI, (31.3039, 121.4687)),
    ("charlie", "陈力", "Charlie Chen", Role.REP, PUDONG, (31.1985, 121.5310)),
    ("mia", "赵敏", "Mia Zhao", Role.MANAGER, PUXI, None),
    ("diane", "邓岚", "Diane Deng", Role.DIRECTOR, COMPANY, None),
    ("sam", "孙杉", "Sam Sun", Role.ASSISTANT, PUXI, None),
    ("ada", "安达", "Ada An", Role.ADMINISTRATOR, COMPANY, None),
)
# fmt: on


def hire(db: Session) -> dict[str, Person]:
    """The cast by username. One hash serves all: hashing seven times takes seconds."""
    teams = found_teams(db)
    password_hash = hasher.hash(PASSWORD)
    people = {}
    for username, name, latin, role, team, home in PEOPLE:
        home_lat, home_lon = home or (None, None)
        people[username] = Person(
            username=username,
            name=name,
            latin_name=latin,
            role=role,
            team_id=teams[team].id,
            password_hash=password_hash,
            home_lat=home_lat,
            home_lon=home_lon,
            office_lat=OFFICE.lat,
            office_lon=OFFICE.lon,
        )
    db.add_all(people.values())
    db.flush()
    return people


def found_teams(db: Session) -> dict[str, Team]:
    company = Team(name=COMPANY)
    db.add(company)
    db.flush()
    groups = [Team(name=name, parent_id=company.id) for name in (PUXI, PUDONG)]
    db.add_all(groups)
    db.flush()
    return {team.name: team for team in (company, *groups)}
