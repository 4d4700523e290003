"""A WebKitGTK window that keeps its storage, run by the system's Python: FOLDER URL."""

import sys

import gi  # type: ignore[import-not-found] # Debian's python3-gi; this file runs outside our .venv

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # type: ignore[import-not-found] # noqa: E402 - versions first


def main(folder: str, url: str) -> None:
    data = WebKit2.WebsiteDataManager(
        base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache"
    )
    context = WebKit2.WebContext.new_with_website_data_manager(data)
    settings = WebKit2.Settings(
        javascript_can_open_windows_automatically=True, enable_write_console_messages_to_stdout=True
    )
    show(WebKit2.WebView(web_context=context, settings=settings)).load_uri(url)
    Gtk.main()


def show(view: "WebKit2.WebView") -> "WebKit2.WebView":
    window = Gtk.Window(default_width=390, default_height=844)
    window.add(view)
    window.show_all()
    view.connect("create", lambda opener, _action: show(WebKit2.WebView(related_view=opener)))
    view.connect("close", lambda _view: window.destroy())
    view.connect("web-process-terminated", lambda _view, why: sys.exit(f"the page died: {why}"))
    return view


main(*sys.argv[1:])
