"""What happened at a customer's, for slices above."""

from dataclasses import dataclass

from app.visits.models import Visit


@dataclass(frozen=True)
class CheckedOut:
    visit: Visit
