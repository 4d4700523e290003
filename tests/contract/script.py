"""What a script of the phone exports, called from here."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.settings import ROOT

Ask = Callable[[str, list[Any]], Any]


def exported(module: str, folder: Path) -> Ask:
    """`ask("plain", [["A"], …])` calls a function of static/js/<module>.ts with each of these."""
    built = folder / f"{module}.mjs"
    (esbuild,) = (ROOT / "node_modules/@esbuild").glob("*/bin/esbuild")
    how = ("--bundle", "--format=esm", "--log-level=warning", f"--outfile={built}")
    subprocess.run([esbuild, ROOT / f"static/js/{module}.ts", *how], check=True)
    script = (
        f"import * as ours from {json.dumps(built.as_uri())};"
        "let said = ''; for await (const part of process.stdin) said += part;"
        "const { name, calls } = JSON.parse(said);"
        "console.log(JSON.stringify(calls.map((args) => ours[name](...args))));"
    )
    node = [str(ROOT / ".venv/bin/node"), "--input-type=module", "-e", script]

    def answers(name: str, calls: list[Any]) -> Any:
        said = json.dumps({"name": name, "calls": calls})
        done = subprocess.run(node, input=said, capture_output=True, encoding="utf-8", check=True)
        return json.loads(done.stdout)

    return answers
