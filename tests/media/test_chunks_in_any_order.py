"""However chunks come, doubled, cut, shuffled, damaged: the picture is whole, or not here."""

from dataclasses import dataclass
from functools import lru_cache

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, delete

from app.media.models import Blob, Sender
from app.media.rules import beyond
from tests.media.album import jpeg, name_of
from tests.media.sending import append, progress, so_far


@lru_cache
def photo() -> bytes:
    return jpeg(200, 150)


@dataclass(frozen=True)
class Step:
    """A chunk from here to there, and what happens to it on its way."""

    start: int
    end: int
    last: bool
    damaged: bool


steps = st.lists(
    st.builds(
        Step,
        start=st.integers(0, len(photo()) + 5),
        end=st.integers(0, len(photo()) + 5),
        last=st.booleans(),
        damaged=st.sampled_from([False] * 9 + [True]),
    ),
    max_size=12,
)


def damaged(chunk: bytes) -> bytes:
    return chunk[:-1] + bytes([chunk[-1] ^ 1]) if chunk else chunk


@given(steps=steps)
@example([Step(0, 0, last=True, damaged=False)])
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_right_bytes_or_none(db: Session, alice: TestClient, steps: list[Step]) -> None:
    begin_again(db)
    name, here, spoilt, done = name_of(photo()), 0, False, False
    for step in steps:
        chunk = photo()[step.start : step.end]
        sent = damaged(chunk) if step.damaged else chunk
        answer = append(alice, name, step.start, sent, last=step.last)
        if done:
            assert progress(answer) == (len(photo()), True)
            continue
        if step.start > here:
            assert (answer.status_code, answer.json()["offset"]) == (409, here)
            continue
        new = beyond(here, step.start, sent)
        spoilt = spoilt or (step.damaged and bool(new))
        here += len(new)
        done = step.last and here == len(photo()) and not spoilt
        if step.last and not done:
            wrong = "hash" if here else "offset"  # of nothing there is no picture: go on from 0
            assert (answer.status_code, answer.json()["error"]) == (409, wrong)
            here, spoilt = 0, False
        else:
            assert progress(answer) == (here, done)
    assert so_far(alice, name) == (here, done)
    go_on(alice, name)
    assert alice.get(f"/media/{name}").content == photo()


def go_on(alice: TestClient, name: str) -> None:
    """As the phone does: from where the server says, until it is complete."""
    for _try in range(3):
        here, done = so_far(alice, name)
        if done:
            return
        append(alice, name, here, photo()[here:], last=True)
    assert so_far(alice, name)[1]


def begin_again(db: Session) -> None:
    db.exec(delete(Sender))
    db.exec(delete(Blob))
    db.commit()


@given(
    data=st.binary(max_size=300), cuts=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 90)))
)
def test_what_is_new_of_a_chunk(data: bytes, cuts: list[tuple[int, int]]) -> None:
    here = b""
    for start, length in cuts:
        if start <= len(here):
            here += beyond(len(here), start, data[start : start + length])
    assert data.startswith(here)
