"""Lighthouse on the four pages that matter most, as a phone with a slow processor and a slow line.

`.venv/bin/python -m tests.bench.lighthouse` prints what each page scores of 100. It needs Chromium
and npx, which fetches Lighthouse; so it is run by hand, and is no test.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from tests.browser.binary import installed
from tests.browser.server import Server

KINDS = ("performance", "accessibility", "best-practices")
LIGHTHOUSE = ("npx", "--yes", "lighthouse@12")


def scores(address: str, token: str, folder: Path) -> dict[str, int]:
    """Of each kind, 0 to 100. Raises RuntimeError when another page was shown than asked for."""
    report, headers = folder / "report.json", folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": f"session={token}"} if token else {}), "utf-8")
    command = [
        *LIGHTHOUSE,
        address,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--extra-headers={headers}",
        f"--only-categories={','.join(KINDS)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": installed()})
    said = json.loads(report.read_text("utf-8"))
    if said["finalDisplayedUrl"] != address:
        raise RuntimeError(f"{said['finalDisplayedUrl']} was shown in place of {address}")
    return {kind: round(said["categories"][kind]["score"] * 100) for kind in KINDS}


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder)
        server.start()
        try:
            alice = server.tokens["alice"]
            asked = Request(f"{server.url}/today", headers={"Cookie": f"session={alice}"})
            today = urlopen(asked).read().decode()
            found = re.search(r"/customers/[0-9a-f-]{36}(?=/visit)", today)
            customer = found[0] if found else sys.exit("There is no stop on today's page.")
            for path in ("/sign-in", "/today", customer, f"{customer}/visit"):
                token = "" if path == "/sign-in" else alice
                said = scores(server.url + path, token, folder)
                sys.stdout.write(f"{path} {said}\n")
        finally:
            server.kill()


if __name__ == "__main__":
    main()
