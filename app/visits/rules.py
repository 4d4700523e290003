"""What the evidence of a visit says, in the same words for rep and manager."""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

RADIUS_M = 300  # policy: how far from the pin is still at the customer
POOR_ACCURACY_M = 200  # policy: a fix worse than this proves little
EXPECTED_FOR = timedelta(days=7)  # policy: after that a photo that never came may be given up
OLDER = timedelta(hours=1)  # policy: a photo taken so long before it was added says when
WRONG_CLOCK = timedelta(minutes=10)  # policy: a phone's clock further off is flagged


def minute_of(at: time | None) -> int | None:
    """Of the day: half past ten is 630."""
    return None if at is None else at.hour * 60 + at.minute


class Outcome(StrEnum):
    ORDER = "order"
    PROGRESS = "progress"
    NO_PROGRESS = "no_progress"
    NOT_MET = "not_met"


class ContactKind(StrEnum):
    """The ways to be in touch other than a visit."""

    PHONE = "phone"
    MESSAGE = "message"
    LETTER = "letter"
    DINNER = "dinner"
    EVENT = "event"
    EXHIBITION = "exhibition"
    SPORTS = "sports"


class Verdict(StrEnum):
    CONFIRMED = "confirmed"
    LIKELY = "likely"
    CANNOT_TELL = "cannot_tell"
    FAR = "far"


class Closing(StrEnum):
    """How a visit ended: by checking out, or because the person was elsewhere by then."""

    CHECKED_OUT = "checked_out"
    LEFT_OPEN = "left_open"


@dataclass(frozen=True)
class Evidence:
    """`distance_m` to the pin and `accuracy_m` of the fix; None where not known."""

    distance_m: float | None
    accuracy_m: float | None
    verdict: Verdict


def evidence(distance_m: float | None, accuracy_m: float | None, radius_m: int) -> Evidence:
    return Evidence(distance_m, accuracy_m, judged(distance_m, accuracy_m, radius_m))


def judged(distance_m: float | None, accuracy_m: float | None, radius_m: int) -> Verdict:
    """The radius grows by the accuracy of the fix: an honest visit in a cellar is never false."""
    if distance_m is None or accuracy_m is None:
        return Verdict.CANNOT_TELL
    if distance_m > radius_m + accuracy_m:
        return Verdict.FAR
    if accuracy_m > max(POOR_ACCURACY_M, radius_m):
        return Verdict.CANNOT_TELL
    return Verdict.CONFIRMED if distance_m + accuracy_m <= radius_m else Verdict.LIKELY


def reason_needed(evidence: Evidence) -> bool:
    return evidence.verdict is Verdict.FAR


def clock_is_wrong(phone_ahead_by: timedelta) -> bool:
    """Only a clock that runs ahead shows: one that is behind looks like a late delivery."""
    return phone_ahead_by > WRONG_CLOCK


def may_be_given_up(waiting: timedelta) -> bool:
    """Whether a photo has been waited for long enough for a person to close the matter."""
    return waiting >= EXPECTED_FOR
