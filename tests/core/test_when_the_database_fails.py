from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.core import db as database
from app.main import create_app
from tests.reading import refused


def test_it_is_said_to_the_person_and_why_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    web = create_app(database.connect(f"sqlite:///{tmp_path / 'never-migrated.db'}"))
    browser = TestClient(web, headers={"accept-language": "en"})
    answer = browser.post("/sign-in", data={"username": "alice", "password": "roadbook"})
    assert refused(answer, 503) == "The server is busy. Nothing was recorded; try again."
    assert answer.headers["retry-after"]
    assert "no such table" in caplog.text
