from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func
from sqlmodel import Session, col, select

from app.accounts.models import Person, Team
from app.accounts.queries import company_of, team_named
from app.core.errors import Refused
from app.core.i18n import mark as _
from app.core.sketch import Box
from app.maps.models import MapShape
from app.maps.rules import NOTHING, Atlas, Shape, steps_of

_atlases: dict[UUID, tuple[datetime, Atlas]] = {}


def atlas_of(db: Session, person: Person) -> Atlas:
    """What the person's company has loaded. One statement; two the first time after that."""
    newest = db.exec(
        select(col(MapShape.company_id), func.max(col(MapShape.loaded_at)))
        .where(col(MapShape.company_id).in_(company_of(person.team_id)))
        .group_by(col(MapShape.company_id))
    ).first()
    if newest is None:
        return NOTHING
    company_id, loaded_at = newest
    known = _atlases.get(company_id)
    if known is None or known[0] != loaded_at:
        known = _atlases[company_id] = loaded_at, _read(db, company_id)
    return known[1]


def _read(db: Session, company_id: UUID) -> Atlas:
    rows = db.exec(select(MapShape).where(MapShape.company_id == company_id).order_by("id"))
    return Atlas([_shape(row) for row in rows])


def _shape(row: MapShape) -> Shape:
    box = Box(row.south, row.west, row.north, row.east)
    return Shape(row.kind, row.closed, box, steps_of(row.fine), steps_of(row.coarse))


def loaded(db: Session, company: Team) -> Sequence[Row[tuple[str, str, int]]]:
    """File, kind, how many shapes."""
    return db.execute(
        select(col(MapShape.source), col(MapShape.kind), func.count())
        .where(MapShape.company_id == company.id)
        .group_by(col(MapShape.source), col(MapShape.kind))
        .order_by(col(MapShape.source), col(MapShape.kind))
    ).all()


def company_named(db: Session, name: str) -> Team:
    """The company of this name, or the only one there is."""
    found = team_named(db, name) if name else None
    if name and (found is None or found.parent_id):
        raise Refused(_("There is no company called %(name)s."), name=name)
    if found:
        return found
    roots = db.exec(select(Team).where(col(Team.parent_id).is_(None)).limit(2)).all()
    if len(roots) != 1:
        raise Refused(_("Say which company this is for, by --company."))
    return roots[0]
