"""A real browser whose outbox is full, at one end of a wire."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, Page

from app.settings import ROOT

HERE = Path(__file__).parent


def bundled(folder: Path) -> Path:
    built = folder / "bench.js"
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    how = ("--bundle", "--format=esm", "--log-level=warning", "--target=chrome109")
    subprocess.run([esbuild, HERE / "page.ts", *how, f"--outfile={built}"], check=True)
    return built


@contextmanager
def phone(chromium: Browser, script: Path, port: int, person: UUID, token: str) -> Iterator[Page]:
    """A page of ours where the server's would be; all else goes over the wire."""
    origin = f"http://127.0.0.1:{port}"
    context = chromium.new_context()
    context.add_cookies([{"name": "session", "value": token, "url": origin}])
    context.set_default_timeout(120_000)
    page = context.new_page()
    html = (HERE / "page.html").read_text(encoding="utf-8").replace("{person}", str(person))
    page.route("**/bench", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route("**/bench.js", lambda route: route.fulfill(path=script))
    page.goto(f"{origin}/bench")
    page.wait_for_function("window.drain !== undefined")
    page.unroute_all()
    yield page
    context.close()
