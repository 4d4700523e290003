from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.cast import Cast


@pytest.fixture
def alice(cast: Cast, browser_of: Callable[..., TestClient]) -> TestClient:
    return browser_of(cast.alice)
