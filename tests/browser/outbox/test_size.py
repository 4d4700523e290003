"""The outbox is small: a phone fetches it before anything has been kept on it."""

import gzip
import subprocess
import sys
from pathlib import Path

from tests.browser.outbox.conftest import ROOT

MOST_KB = 15


def test_it_is_small_beside_htmx_and_idb(tmp_path: Path) -> None:
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    built = tmp_path / "outbox.js"
    how = ("--bundle", "--minify", "--format=esm", "--external:idb", "--log-level=warning")
    target = "--target=chrome109,firefox115,safari16.4"
    entry = ROOT / "static/js/outbox/index.ts"
    subprocess.run([esbuild, entry, *how, target, f"--outfile={built}"], check=True)
    size = len(gzip.compress(built.read_bytes(), 9)) / 1024
    sys.stdout.write(f"{size:.1f} KB, packed\n")
    assert size <= MOST_KB
