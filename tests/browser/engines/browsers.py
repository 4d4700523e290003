"""The three engines as a phone has them: a profile that stays, and processes that can be killed."""

import atexit
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic, sleep

from tests.browser.binary import FLAGS, installed

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
# This shell outlives us by a moment: its input closes when we end, even by kill -9.
KEEPER = '"$@" & read -r _; kill -9 0'
CHROMIUM_FLAGS = (
    *FLAGS,
    "--headless",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-popup-blocking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
FIREFOX_PREFS: dict[str, object] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.cache.check_doc_frequency": 1,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.tabs.firefox-view": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
    "dom.ipc.processPrelaunch.enabled": False,
    "dom.min_background_timeout_value": 4,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,#none",
    "toolkit.startup.max_resumed_crashes": -1,
    "toolkit.telemetry.enabled": False,
    "trailhead.firstrun.didSeeAboutWelcome": True,
}
WINDOW_SURROUNDINGS = {
    "GDK_BACKEND": "x11",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "NO_AT_BRIDGE": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
}


@dataclass(frozen=True)
class Engine:
    """`missing` says why it cannot be had here; `command` is what starts it on a profile."""

    name: str
    missing: Callable[[], str]
    command: Callable[[Path, str], list[str]]
    surroundings: Callable[[], dict[str, str]] = dict


def chromium_missing() -> str:
    try:
        installed()
    except RuntimeError as no:
        return str(no)
    return ""


def chromium(profile: Path, url: str) -> list[str]:
    return [installed(), *CHROMIUM_FLAGS, f"--user-data-dir={profile}", url]


def firefox_found() -> str | None:
    names = (os.environ.get("ROADBOOK_FIREFOX", ""), "firefox-esr", "firefox")
    return next((path for name in names if (path := shutil.which(name))), None)


def firefox(profile: Path, url: str) -> list[str]:
    path = firefox_found() or "firefox"
    return [path, "--headless", "--no-remote", "--profile", str(profile), url]


@cache
def webkit_missing() -> str:
    if not shutil.which("Xvfb"):
        return "There is no Xvfb here."
    asked = "import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", asked], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return "The system's Python has no WebKitGTK."
    return ""


def webkit(profile: Path, url: str) -> list[str]:
    return [SYSTEM_PYTHON, str(HERE / "webkit_window.py"), str(profile), url]


@cache
def screen() -> str:
    """The display of one Xvfb for all, such as `:7`."""
    command = ("Xvfb", "-displayfd", "1", "-screen", "0", "800x900x24", "-nolisten", "tcp")
    xvfb = kept(command, {}, subprocess.PIPE, subprocess.DEVNULL)
    assert xvfb.stdout
    number = xvfb.stdout.readline().decode().strip()
    if not number:
        raise RuntimeError("Xvfb did not start.")
    return f":{number}"


def window_surroundings() -> dict[str, str]:
    return {**WINDOW_SURROUNDINGS, "DISPLAY": screen()}


def kept(
    command: tuple[str, ...], more: Mapping[str, str], out: int, errors: int
) -> subprocess.Popen[bytes]:
    """A session of its own that ends with us."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", *command],
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=errors,
        env={**os.environ, **more},
        start_new_session=True,
    )
    atexit.register(end, process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """All of it: an engine is a dozen processes."""
    if process.returncode is not None:
        return  # its number may be somebody else's by now
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    patience = monotonic() + 10
    while strays := members(process.pid):
        for pid in strays:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if monotonic() > patience:
            raise RuntimeError(f"Processes that do not die: {strays}")
        sleep(0.01)
    if process.stdin:
        process.stdin.close()


def members(session: int) -> list[int]:
    """The living processes of a session, as Linux tells."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _state, *rest = stat.read_text().rpartition(")")[2].split()
            if rest[2] == str(session) and _state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def end_one(processes: list[int], name: str) -> None:
    """Kills those whose command line holds `name`, and only those."""
    found = [pid for pid in processes if name in Path(f"/proc/{pid}/cmdline").read_text()]
    if not found:
        raise RuntimeError(f"There is no process {name}.")
    for pid in found:
        os.kill(pid, signal.SIGKILL)


class Browser:
    """`start` and `kill` as often as wanted, always on the same profile."""

    def __init__(self, engine: Engine, profile: Path) -> None:
        self.engine, self.profile = engine, profile
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.profile.with_suffix(".log")

    def start(self, url: str, **surroundings: str) -> None:
        self.profile.mkdir(parents=True, exist_ok=True)
        if self.engine.name == "firefox":
            write_prefs(self.profile)
        command = tuple(self.engine.command(self.profile, url))
        more = {"HOME": str(self.profile), **self.engine.surroundings(), **surroundings}
        with self.log.open("ab") as log:
            self.process = kept(command, more, log.fileno(), log.fileno())

    def kill(self) -> None:
        if self.process:
            end(self.process)
            self.process = None


def write_prefs(profile: Path) -> None:
    lines = (
        f"user_pref({json.dumps(key)}, {json.dumps(value)});\n"
        for key, value in FIREFOX_PREFS.items()
    )
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


ENGINES = {
    "chromium": Engine("chromium", chromium_missing, chromium),
    "firefox": Engine(
        "firefox", lambda: "" if firefox_found() else "There is no Firefox here.", firefox
    ),
    "webkit": Engine("webkit", webkit_missing, webkit, window_surroundings),
}
