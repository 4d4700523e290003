from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.core.columns import Moment, choice
from app.maps.rules import Kind


class MapShape(SQLModel, table=True):
    """An area or a line that a company has loaded for its maps; never changed, only replaced.

    `source` is the name of the file. `fine` and `coarse` are its rings or its line, packed by
    `app.maps.rules.packed`; a shape too small to be seen from afar has nothing coarse.
    """

    __tablename__ = "map_shape"
    __table_args__ = (
        Index("map_shape_of_company", "company_id", "loaded_at"),
        {"info": {"touches": "company_id"}},
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    company_id: UUID = Field(foreign_key="team.id")
    source: str
    kind: Kind = Field(sa_type=choice(Kind))
    name: str = ""
    closed: bool
    south: float
    west: float
    north: float
    east: float
    fine: list[list[int]] = Field(sa_type=JSON)
    coarse: list[list[int]] = Field(sa_type=JSON)
    loaded_at: datetime = Field(sa_type=Moment)
