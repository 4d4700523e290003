from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from app.accounts.models import Team
from app.core import clock
from app.core.errors import Refused
from app.core.geo import Point
from app.core.i18n import mark as _
from app.core.sketch import METRES_A_DEGREE, Box, spread_of
from app.maps.models import MapShape
from app.maps.rules import COARSE_M, FINE_M, MOST_POINTS, Kind, packed


@dataclass(frozen=True)
class Drawing:
    """A shape to be loaded: an area by its rings, the outer one first, or a line. WGS-84."""

    kind: Kind
    name: str
    closed: bool
    lines: Sequence[Sequence[Point]]


def put_shapes(db: Session, company: Team, source: str, drawings: Sequence[Drawing]) -> int:
    """Replace what was loaded under this name; how many points are kept."""
    forget_shapes(db, company, source)
    now = clock.now()
    rows = [shape_of(company, source, one, now) for one in drawings]
    points = sum(len(line) for row in rows for line in row.fine) // 2
    if points > MOST_POINTS:
        raise Refused(
            _("%(points)s points are too many for phones; %(most)s are drawn at most."),
            points=points,
            most=MOST_POINTS,
        )
    if rows:
        db.execute(insert(MapShape), [row.model_dump() for row in rows])
    return points


def shape_of(company: Team, source: str, one: Drawing, now: datetime) -> MapShape:
    box = spread_of(one.lines[0])
    return MapShape(
        company_id=company.id,
        source=source,
        kind=one.kind,
        name=one.name,
        closed=one.closed,
        **box._asdict(),
        fine=[packed(line, FINE_M) for line in one.lines],
        coarse=[packed(line, COARSE_M) for line in one.lines] if seen_from_afar(box) else [],
        loaded_at=now,
    )


def seen_from_afar(box: Box) -> bool:
    least = 2 * COARSE_M / METRES_A_DEGREE
    return max(box.north - box.south, box.east - box.west) >= least


def forget_shapes(db: Session, company: Team, source: str = "") -> int:
    """Of one file, or all; how many there were."""
    own = delete(MapShape).where(col(MapShape.company_id) == company.id)
    wanted = own.where(col(MapShape.source) == source) if source else own
    return db.connection().execute(wanted).rowcount
