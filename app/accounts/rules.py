"""Who is who, and who may see what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SESSION_LASTS = timedelta(days=30)
RENEW_AFTER = timedelta(days=1)


class Role(StrEnum):
    REP = "rep"
    HEAD_REP = "head_rep"
    MANAGER = "manager"
    DIRECTOR = "director"
    ASSISTANT = "assistant"
    ADMINISTRATOR = "administrator"


class Sight(StrEnum):
    """How far a person sees."""

    OWN = "own"
    TEAM = "team"
    NOTHING = "nothing"


SEES = {
    Role.REP: Sight.OWN,
    Role.HEAD_REP: Sight.OWN,
    Role.MANAGER: Sight.TEAM,
    Role.DIRECTOR: Sight.TEAM,
    Role.ASSISTANT: Sight.TEAM,
    Role.ADMINISTRATOR: Sight.NOTHING,
}
VISITING = {Role.REP, Role.HEAD_REP, Role.MANAGER, Role.DIRECTOR}
LEADING = {Role.MANAGER, Role.DIRECTOR}


@dataclass(frozen=True)
class Attempts:
    """Policy: how many wrong passwords in `window` before sign-in rests for its remainder."""

    most: int
    window: timedelta


PER_NAME = Attempts(most=5, window=timedelta(minutes=15))
PER_ADDRESS = Attempts(most=50, window=timedelta(minutes=15))


def resting(count: int, since: datetime, now: datetime, policy: Attempts) -> bool:
    return count > policy.most and now < since + policy.window
