"""A page that was made with older files still finds them."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.core import assets, clock, shown
from app.settings import ROOT

OLD = "0123456789"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "assets"


def test_the_file_of_an_older_build_is_served_for_a_month(folder: Path) -> None:
    assets.keep(folder, clock.now())
    now = shown.version("build/app.js")
    assert (folder / f"{now}-app.js").is_file()
    (folder / f"{OLD}-app.js").write_text("old", encoding="utf-8")
    browser = assets_of(folder)
    assert browser.get(f"/build/app.js?v={OLD}").text == "old"
    assert browser.get(f"/build/app.js?v={now}").text != "old"
    month = clock.now() - timedelta(days=31)
    os.utime(folder / f"{OLD}-app.js", (month.timestamp(), month.timestamp()))
    assets.keep(folder, clock.now())
    assert not (folder / f"{OLD}-app.js").exists()
    assert (folder / f"{now}-app.js").exists()


@pytest.mark.parametrize("version", ["..", "../../x", "%00", ""])
def test_nothing_else_is_served(folder: Path, version: str) -> None:
    assets.keep(folder, clock.now())
    (folder.parent / "x-app.js").write_text("not for you", encoding="utf-8")
    assert "not for you" not in assets_of(folder).get("/build/app.js", params={"v": version}).text


def assets_of(folder: Path) -> TestClient:
    return TestClient(assets.Files(ROOT / "static", folder))
