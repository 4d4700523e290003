"""Which Chromium runs, and how it is started."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
    "--password-store=basic",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)


def installed() -> str:
    for name in (os.environ.get("ROADBOOK_CHROMIUM", ""), *NAMES):
        if path := shutil.which(name):
            return path
    raise RuntimeError(
        "The browser tests need Chromium. Install it, name it in ROADBOOK_CHROMIUM, "
        "or run bin/setup-browser."
    )
