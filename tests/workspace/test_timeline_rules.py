from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.workspace.rules import Entry, timeline

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
STREAMS = st.lists(st.lists(st.integers(0, 50)), max_size=4)


@given(STREAMS, st.integers(1, 40))
def test_one_stream_newest_first_and_no_longer_than_asked(
    streams: list[list[int]], limit: int
) -> None:
    told = [[Entry("note", NOON - timedelta(days=d), d) for d in days] for days in streams]
    shown = timeline(*told, limit=limit)
    everything = sorted(day for days in streams for day in days)
    assert [entry.fact for entry in shown] == everything[:limit]
