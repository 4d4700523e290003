"""The app started with a setting that it refuses."""

import os
import subprocess
from pathlib import Path

from app.settings import ROOT
from tests.browser.server import ROADBOOK


def refused_with(folder: Path, **settings: str) -> str:
    """What `roadbook serve` says, in English, when it ends at once with 2."""
    surroundings = os.environ | {"ROADBOOK_DATA_DIR": str(folder), "LC_ALL": "en"}
    surroundings |= {"PYTHONPATH": str(ROOT)} | settings
    told = subprocess.run(
        [*ROADBOOK, "serve"], env=surroundings, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout) == (2, "")
    return told.stderr
