"""The frame of a working day, as the company sets it: hours, lunch, how many visits, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from app.planning.rules import DAY_BEGINS, DAY_ENDS, MINUTE, in_steps, seconds_of

NOON = time(12)
TIMES = ("begins", "ends", "lunch_from", "lunch_to")


class EndsAt(StrEnum):
    HOME = "home"
    OFFICE = "office"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Frame:
    """Policy: lunch begins from `lunch_from` to `lunch_to` and is none with 0 minutes.

    `most` visits a day, 0 for as many as there is time for; `early` points more for a customer of
    grade A who is visited before noon.
    """

    begins: time = DAY_BEGINS
    ends: time = DAY_ENDS
    lunch_from: time = time(11, 30)
    lunch_to: time = time(13)
    lunch_minutes: int = 0
    most: int = 0
    early: int = 0
    end_at: EndsAt = EndsAt.HOME


def frame_from(said: Mapping[str, Any]) -> Frame:
    """As SetFrame wrote it: times as text; what is no longer known is left out."""
    known = {name: value for name, value in said.items() if name in asdict(Frame())}
    times = {name: time.fromisoformat(known[name]) for name in TIMES if name in known}
    ends = {"end_at": EndsAt(known["end_at"])} if "end_at" in known else {}
    return Frame(**{**known, **times, **ends})


def frame_values(frame: Frame) -> dict[str, Any]:
    """A frame as the fields of its form."""
    return asdict(frame) | {name: f"{getattr(frame, name):%H:%M}" for name in TIMES}


def departs_at(now: datetime, frame: Frame) -> int:
    """Seconds of the day at which the rep sets out: now, in steps of five minutes, or the morning.

    After the day has ended the plan is shown as it would have been from the morning.
    """
    begins, ends = seconds_of(frame.begins), seconds_of(frame.ends)
    at = in_steps(now)
    return max(begins, at) if at < ends else begins


def lunch_is_over(frame: Frame, free: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these times between visits, in seconds of the day, was long enough for it."""
    first, last = seconds_of(frame.lunch_from), seconds_of(frame.lunch_to)
    takes_s = frame.lunch_minutes * MINUTE
    return any(min(to_s, last + takes_s) - max(from_s, first) >= takes_s for from_s, to_s in free)
