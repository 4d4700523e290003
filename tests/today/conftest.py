import pytest

from tests import world
from tests.today.a_day import MORNING


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    world.the_clock_says(monkeypatch, MORNING)
