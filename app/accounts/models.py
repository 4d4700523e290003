from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.accounts.rules import SEES, VISITING, Role, Sight
from app.core import clock
from app.core.columns import Moment, choice, point
from app.core.geo import Point


class Team(SQLModel, table=True):
    """A branch or team; the ones without a parent are companies' roots."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    parent_id: UUID | None = Field(default=None, foreign_key="team.id", index=True)


class Person(SQLModel, table=True):
    """Somebody who signs in. `home_*` and `office_*` are WGS-84 degrees."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    username: str = Field(unique=True)
    name: str
    latin_name: str = ""
    role: Role = Field(sa_type=choice(Role))
    team_id: UUID = Field(foreign_key="team.id", index=True)
    password_hash: str = ""
    active: bool = True
    language: str = ""
    theme: str = ""
    map_app: str = Field(default="", sa_column_kwargs={"server_default": ""})
    time_zone: str = "Asia/Shanghai"
    home_lat: float | None = None
    home_lon: float | None = None
    office_lat: float | None = None
    office_lon: float | None = None
    rev: int = 1
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)

    @property
    def sight(self) -> Sight:
        return SEES[self.role]

    @property
    def visits(self) -> bool:
        """Whether this person's work is at the customers'."""
        return self.role in VISITING

    @property
    def leads(self) -> bool:
        """Whether others of a team, who visit, answer to this person."""
        return self.visits and self.sight is Sight.TEAM

    @property
    def administers(self) -> bool:
        return self.role is Role.ADMINISTRATOR

    @property
    def home(self) -> Point | None:
        return point(self.home_lat, self.home_lon)

    @property
    def office(self) -> Point | None:
        return point(self.office_lat, self.office_lon)

    def called(self, language: str) -> str:
        return self.latin_name if language == "en" and self.latin_name else self.name


class SignIn(SQLModel, table=True):
    """A signed-in browser. Only the hash of its token is kept.

    `phone` is the hash of the cookie that tells this phone from others, "" until it has one. Once
    shut out, a session opens no page; what the phone still holds is taken in by it all the same.
    """

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    browser: str = ""
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    shut_out_at: datetime | None = Field(default=None, sa_type=Moment)


class WrongPasswords(SQLModel, table=True):
    """Failed sign-ins by name or by address; in the database, so that a restart forgets none."""

    __tablename__ = "wrong_passwords"

    key: str = Field(primary_key=True)
    count: int
    since: datetime = Field(sa_type=Moment)
