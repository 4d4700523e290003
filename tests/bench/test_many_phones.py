"""Two hundred phones come back into the signal at once."""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.sync.models import Received
from app.visits.models import Note
from tests.bench.drain.crowd import Crowd
from tests.bench.drain.offices import Office, office
from tests.bench.table import at_least, at_most, tell

PHONES, EACH = 200, 50
KILLED = (0.15, 0.4, 0.65)  # when so much has been received, a process is killed
Trouble = Callable[[Office, Crowd], None]


def none(_at: Office, _crowd: Crowd) -> None:
    """Nothing happens meanwhile."""


def kill_thrice(at: Office, crowd: Crowd) -> None:
    """As when the memory is full: without a word, in the middle of what it is doing."""
    for share in KILLED:
        while crowd.received < share * PHONES * EACH:
            sleep(0.02)
        while len(standing := at.serving.workers()) < 2:
            sleep(0.1)
        os.kill(standing[0], signal.SIGKILL)
        crowd.killed.append(standing[0])


@pytest.mark.parametrize("trouble", [none, kill_thrice])
def test_all_at_once(tmp_path: Path, trouble: Trouble) -> None:
    with office("postgres", tmp_path, reps=PHONES, workers=2) as at:
        crowd = Crowd(at.serving.url, at.company.reps, EACH)
        begin = monotonic()
        # In a thread of its own: Playwright may keep a loop in this one.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(lambda: asyncio.run(crowd.come_back(partial(trouble, at, crowd)))).result()
        rate = PHONES * EACH / (monotonic() - begin)
        with Session(at.engine) as db:
            numbers = dict(
                db.exec(
                    select(Received.person_id, func.max(Received.seq)).group_by(
                        col(Received.person_id)
                    )
                ).all()
            )
        assert numbers == dict.fromkeys((rep.id for rep in at.company.reps), EACH)
        assert (at.rows(Received), at.rows(Note)) == (PHONES * EACH, PHONES * EACH)
        assert not set(crowd.killed) & set(at.serving.workers())
    how = "" if trouble is none else f", {len(crowd.killed)} processes killed"
    what = f"{PHONES} phones at once{how}"
    tell(f"{what}: {crowd.met}")
    at_least(100, rate, f"{what}: commands", "a second")
    at_most(0, crowd.turned_away_for_ever, f"{what}: refused without a time to come back")
