"""What a browser says of itself, in the names that people know.

Browsers tell less every year, and what they still tell of models and versions is made up: only the
families of browser and system are read, the more particular names first.
"""

import re

from app.core.i18n import mark as _

BROWSERS = (
    (r"MicroMessenger/", _("WeChat")),
    (r"DingTalk", _("DingTalk")),
    (r"HuaweiBrowser/", _("Huawei Browser")),
    (r"MiuiBrowser/", _("Mi Browser")),
    (r"M?QQBrowser/", _("QQ Browser")),
    (r"UCBrowser/", _("UC Browser")),
    (r"Quark/", _("Quark")),
    (r"HeyTapBrowser/", _("HeyTap Browser")),
    (r"VivoBrowser/", _("vivo Browser")),
    (r"SamsungBrowser/", _("Samsung Internet")),
    (r"\bEdg(e|A|iOS)?/", "Edge"),
    (r"\b(OPR|Opera)/", "Opera"),
    (r"\b(Firefox|FxiOS)/", "Firefox"),
    (r"\b(Headless)?(Chrome|Chromium|CriOS)/", "Chrome"),
    (r"\bVersion/[\d.]+ .*Safari/", "Safari"),
)
SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b|\bMacintosh\b", "Mac"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b", "Linux"),
)
HANDHELD = {"iPhone", "iPad", "HarmonyOS", "Android"}


def browser_in(user_agent: str) -> str:
    return first_of(BROWSERS, user_agent)


def system_in(user_agent: str) -> str:
    return first_of(SYSTEMS, user_agent)


def first_of(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    """The first name whose pattern is found; "" where none is."""
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
