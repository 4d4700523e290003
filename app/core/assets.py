"""Built files: those of older builds are still there for pages that were made with them."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from app.core import shown
from app.core.guard import Scope
from app.settings import ROOT

BUILT = tuple(
    f"build/{name}" for name in ("app.css", "early.js", "htmx.min.js", "app.js", "icons.svg")
)
KEPT_FOR = timedelta(days=30)


def keep(folder: Path, now: datetime) -> None:
    """Put the files of this build into `folder`; those that were no build's for a month go."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in BUILT:
        kept = folder / named(name, shown.version(name))
        half = kept.with_suffix(".half")
        shutil.copyfile(ROOT / "static" / name, half)
        half.replace(kept)
    for old in folder.iterdir():
        if now.timestamp() - old.stat().st_mtime > KEPT_FOR.total_seconds():
            old.unlink(missing_ok=True)


def named(name: str, version: str) -> str:
    return f"{version}-{Path(name).name}"


class Files(StaticFiles):
    """`?v=` of an older build gives that build's file, while it is kept in `older`."""

    def __init__(self, directory: Path, older: Path) -> None:
        super().__init__(directory=directory)
        self.older = older

    async def get_response(self, path: str, scope: Scope) -> Response:
        (wanted,) = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[:1]
        if wanted.isalnum() and wanted != shown.version(path):
            kept = self.older / named(path, wanted)
            if kept.is_file():
                return FileResponse(kept)
        answer: Response = await super().get_response(path, scope)
        return answer
