"""Saved means that the system was asked to write it down, each time."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.outbox import hand
from tests.browser.outbox.conftest import ALICE
from tests.browser.outbox.door import Door
from tests.browser.outbox.mortal import Mortal, opened


@pytest.fixture
def syncs(mortal: Mortal, door: Door, tmp_path: Path) -> Iterator[Path]:
    """A log of what the browser had the system write down."""
    if not shutil.which("strace"):
        pytest.skip("There is no strace here.")
    opened(mortal, door, ALICE)
    assert mortal.process
    group = subprocess.check_output(["pgrep", "-g", str(mortal.process.pid)], text=True).split()
    log = tmp_path / "syncs"
    watch = ["strace", "-f", "-y", "-e", "trace=fdatasync,fsync", "-o", str(log)]
    watcher = subprocess.Popen([*watch, *(f"-p{one}" for one in group)], stderr=subprocess.PIPE)
    assert watcher.stderr
    if b"attached" not in watcher.stderr.readline():
        watcher.kill()
        watcher.wait()
        pytest.skip("strace may not look at other processes here.")
    yield log
    watcher.send_signal(signal.SIGINT)
    watcher.communicate()


def test_it_works(syncs: Path, mortal: Mortal, door: Door) -> None:
    (page,) = (one for one in mortal.browser.contexts[0].pages if door.url in one.url)
    door.mode = "500"
    hand.until(lambda: hand.rested(page), "rest")

    def written() -> int:
        return syncs.read_text(encoding="utf-8").count("indexeddb.leveldb")

    before = written()
    hand.say_many(page, [f"text {number}" for number in range(5)])
    assert page.evaluate("told") == ["database"] * 5
    hand.until(lambda: written() >= before + 5, "the disk", 2)
