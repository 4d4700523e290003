from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core import clock
from app.core.columns import MinorUnits, Moment, choice, point
from app.core.geo import Point
from app.customers.rules import Attitude, BuyingPart, Grade, Kind, PinSource, Status, week_of


class Customer(SQLModel, table=True):
    """A customer's card. Positions are WGS-84 degrees, money is in minor units of `currency`.

    `search_text`, `sort_key` and `alike_keys` are derived by `customers.search`; `windows` holds
    [weekday, opens, closes] as in `customers.rules.Window`; `windows` None means not known.
    `owed` is what the office said last, overdue from `owed_since` on; `visit_minutes` None: as is
    usual for the grade. A card with `merged_into_id` is only another name of that customer.
    `added_*` say who made it on the road, and when.
    """

    __table_args__ = (
        Index("customer_of_owner", "owner_id", "sort_key"),
        Index("customer_of_team", "team_id", "sort_key"),
        Index("customer_added", "added_by_id", "added_at"),
        {"info": {"touches": "id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str | None = Field(default=None, unique=True)
    name: str
    short_name: str = ""
    kind: Kind = Field(default=Kind.STORE, sa_type=choice(Kind))
    status: Status = Field(default=Status.ACTIVE, sa_type=choice(Status))
    grade: Grade | None = Field(default=None, sa_type=choice(Grade))
    industry: str = ""
    region: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    pin_source: PinSource | None = Field(default=None, sa_type=choice(PinSource))
    radius_m: int | None = None
    opening_hours: str = ""
    windows: list[list[int]] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    phones: list[str] = Field(default_factory=list, sa_type=JSON)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    notes: str = ""
    credit_limit: int | None = Field(default=None, sa_type=MinorUnits)
    owed: int | None = Field(default=None, sa_type=MinorUnits)
    owed_since: date | None = None
    visit_minutes: int | None = None
    currency: str = "CNY"
    payment_terms: str = ""
    current_supplier: str = ""
    competitors: str = ""
    buys: str = ""
    could_buy: str = ""
    source: str = ""
    price_list_id: UUID | None = Field(default=None, foreign_key="price_list.id")
    owner_id: UUID | None = Field(default=None, foreign_key="person.id")
    team_id: UUID = Field(foreign_key="team.id")
    search_text: str = ""
    sort_key: str = ""
    alike_keys: str = ""
    merged_into_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True)
    added_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    added_at: datetime | None = Field(default=None, sa_type=Moment)
    rev: int = 1
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)

    @property
    def point(self) -> Point | None:
        return point(self.lat, self.lon)

    @property
    def week(self) -> list[tuple[list[tuple[int, int]], list[int]]] | None:
        """Opening windows with the weekdays on which they hold; None means not known."""
        return None if self.windows is None else week_of(self.windows)

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class Contact(SQLModel, table=True):
    """Somebody at the customer."""

    __table_args__ = ({"info": {"touches": "customer_id"}},)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    name: str
    title: str = ""
    phone: str = ""
    birthday: date | None = None
    likings: str = ""
    part: BuyingPart | None = Field(default=None, sa_type=choice(BuyingPart))
    influence: int | None = Field(default=None, ge=1, le=5)
    attitude: Attitude = Field(default=Attitude.UNKNOWN, sa_type=choice(Attitude))
    rev: int = 1
    changed_at: datetime = Field(default_factory=clock.now, sa_type=Moment)


class MergeProposal(SQLModel, table=True):
    """Two cards that may be of one customer: `one` was made when `other` was there already.

    `signs` are those of `customers.alike`; it is decided by merging or by telling them apart.
    """

    __tablename__ = "merge_proposal"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    one_id: UUID = Field(foreign_key="customer.id")
    other_id: UUID = Field(foreign_key="customer.id", index=True)
    score: int
    signs: list[str] = Field(sa_type=JSON)
    metres: float | None = None
    made_at: datetime = Field(sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id")


class Merger(SQLModel, table=True):
    """That `gone` became another name of `kept`. `moved` has the keys of its rows by table."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kept_id: UUID = Field(foreign_key="customer.id")
    gone_id: UUID = Field(foreign_key="customer.id", index=True)
    moved: dict[str, list[str]] = Field(sa_type=JSON)
    merged_at: datetime = Field(sa_type=Moment)
    merged_by_id: UUID = Field(foreign_key="person.id")
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    undone_by_id: UUID | None = Field(default=None, foreign_key="person.id")
