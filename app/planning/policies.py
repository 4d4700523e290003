"""What a company has changed of the policy: as it is kept, and as its forms show it."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from app.planning.cadence import Cadence, Rhythm, Unit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CADENCE = "cadence."  # a grade follows
SHARES, WORTH, MINUTES, FRAME = "shares", "worth", "minutes", "frame"
T = TypeVar("T", bound="DataclassInstance")


def updated(policy: T, said: Mapping[str, Any]) -> T:
    """The policy with what the company has changed; what it no longer knows is left out."""
    names = {one.name for one in fields(policy)}
    return replace(policy, **{name: value for name, value in said.items() if name in names})


def cadence_from(said: Mapping[str, Any]) -> Cadence:
    """As `fields_of` wrote it."""
    visits, calls, manager = (
        Rhythm(times, span, Unit(unit)) for times, span, unit in said["rhythms"]
    )
    return Cadence(visits, calls, manager, high_level=said["high_level"])


def fields_of(cadence: Cadence) -> dict[str, Any]:
    rhythms = (cadence.visits, cadence.calls, cadence.manager)
    return {
        "rhythms": [[one.times, one.span, one.unit] for one in rhythms],
        "high_level": cadence.high_level,
    }


def values_of(policy: Any) -> dict[str, Any]:
    """A policy as the fields of its form."""
    return asdict(policy)


def form_values(cadence: Cadence) -> dict[str, Any]:
    """A cadence as the fields of SetCadence."""
    return {
        "visits": cadence.visits.times,
        "visit_months": cadence.visits.span,
        "calls": cadence.calls.times,
        "call_span": cadence.calls.span,
        "call_unit": cadence.calls.unit,
        "manager_visits": cadence.manager.times,
        "manager_months": cadence.manager.span,
        "high_level": cadence.high_level,
    }
