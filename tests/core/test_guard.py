"""What stands before every page."""

from collections.abc import Callable, Iterator

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.guard import HEADERS, MAX_BODY
from app.main import create_app
from tests.architecture.routes import addresses
from tests.cast import Cast

Open = Callable[..., TestClient]

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "null"},
    {"Origin": "http://[broken"},
]
HERE = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://testserver"},
    {"Origin": "https://testserver"},  # a proxy ends the encryption
]


def test_it_works(cast: Cast, browser_of: Open) -> None:
    assert browser_of(cast.alice).get("/today").status_code == 200


# Writes come from our own pages


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_form_on_another_site_does_nothing(
    headers: dict[str, str], cast: Cast, browser_of: Open
) -> None:
    browser = browser_of(cast.alice)
    answer = browser.post("/more/look", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403
    assert answer.text == "This came from another site. Nothing was done."
    assert "data-theme" not in browser.get("/more").text


@pytest.mark.parametrize("headers", HERE)
def test_a_form_of_ours_does_what_it_says(
    headers: dict[str, str], cast: Cast, browser_of: Open
) -> None:
    browser = browser_of(cast.alice)
    answer = browser.post("/more/look", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 303
    assert 'data-theme="dark"' in browser.get("/more").text


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_a_link_from_another_site_opens(
    headers: dict[str, str], cast: Cast, browser_of: Open
) -> None:
    assert browser_of(cast.alice).get("/more", headers=headers).status_code == 200


def test_nobody_can_be_signed_in_or_out_from_another_site(cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    for path in ("/sign-out", "/sign-in", "/language"):
        answer = browser.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert browser.get("/more").status_code == 200


# Sizes


def test_a_body_that_says_it_is_too_large_is_refused(cast: Cast, browser_of: Open) -> None:
    for browser in (browser_of(cast.alice), browser_of()):
        large = b"text=" + b"x" * MAX_BODY
        answer = browser.post("/visits/note", content=large, headers=FORM)
        assert (answer.status_code, answer.text) == (413, "This is too large to take in.")


def test_a_body_that_grows_too_large_is_refused(cast: Cast, browser_of: Open) -> None:
    def stream() -> Iterator[bytes]:
        yield b"text="
        for _part in range(MAX_BODY // 65_536 + 1):
            yield b"x" * 65_536

    for path in ("/visits/note", "/sign-in"):
        answer = browser_of(cast.alice).post(path, content=stream(), headers=FORM)
        assert answer.status_code == 413
        assert "This is too large to take in." in answer.text


def test_a_large_note_is_refused_by_its_own_limit(cast: Cast, browser_of: Open) -> None:
    body = {"customer_id": str(cast.alice.id), "text": "x" * 1_000_000}
    answer = browser_of(cast.alice).post("/visits/note", data=body)
    assert answer.status_code == 422
    assert "At most 4000 characters." in answer.text


def test_ten_thousand_fields_are_refused(cast: Cast, browser_of: Open) -> None:
    body = "&".join(f"lines[{index}]=1" for index in range(10_000))
    answer = browser_of(cast.alice).post("/orders", content=body, headers=FORM)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_a_broken_multipart_body_is_refused(cast: Cast, browser_of: Open) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser_of(cast.alice).post("/visits/note", content=b"--y\r\n", headers=headers)
    assert answer.status_code in {400, 422}
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "utf-7", "hex", "nonsense"])
def test_text_in_a_strange_encoding_breaks_nothing(
    charset: str, cast: Cast, browser_of: Open
) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
    part = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    body = part % (b"text", b"\\ud800") + part % (b"customer_id", b"\\udfff") + b"--x--\r\n"
    for path in ("/visits/note", "/sign-in", "/language", "/orders/draft"):
        answer = browser_of(cast.alice).post(path, content=body, headers=headers)
        assert answer.status_code in {303, 404, 422}, path


def test_a_file_where_none_is_asked_for_is_refused(cast: Cast, browser_of: Open) -> None:
    files = {"text": ("photo.jpg", b"\xff\xd8", "image/jpeg")}
    answer = browser_of(cast.alice).post("/visits/note", files=files)
    assert answer.status_code in {400, 409}
    assert 'role="alert"' in answer.text


# Headers


def test_every_answer_has_the_headers(cast: Cast, browser_of: Open, engine: Engine) -> None:
    alice, nobody = browser_of(cast.alice), browser_of()
    nowhere = str(cast.alice.id)
    for address in addresses(create_app(engine)):
        path = address.path.replace("{customer_id}", nowhere).replace("{order_id}", nowhere)
        for browser in (nobody, alice):
            assert_guarded(browser.request(address.method, path))
    for path in ("/nowhere", "/static/nowhere.js", "/static/icon/favicon.svg"):
        assert_guarded(alice.get(path))
    assert_guarded(alice.post("/orders", headers={"Origin": "https://evil.example"}))


def assert_guarded(answer: httpx2.Response) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_scripts_and_styles_are_only_ours() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_page_has_an_inline_script_or_style(cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    for path in ("/today", "/customers", "/orders", "/inbox", "/more", "/sign-in", "/nowhere"):
        page = browser.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert not any(f" on{event}=" in page for event in ("click", "load", "submit", "input"))


def test_a_page_is_asked_for_again_each_time(cast: Cast, browser_of: Open) -> None:
    for path in ("/today", "/sign-in", "/nowhere"):
        assert "no-cache" in browser_of(cast.alice).get(path).headers["cache-control"]


def test_built_files_are_kept_for_good(cast: Cast, browser_of: Open) -> None:
    """Only under an address that has their hash, and only when there is such a file."""
    browser = browser_of()
    kept = browser.get("/static/icon/favicon.svg?v=0123456789")
    assert (kept.status_code, "immutable" in kept.headers["cache-control"]) == (200, True)
    for path in ("/static/icon/favicon.svg", "/static/build/nowhere.js?v=0123456789"):
        assert browser.get(path).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/../app/main.py", "/static/%2e%2e/pyproject.toml"])
def test_only_static_files_are_served(path: str, cast: Cast, browser_of: Open) -> None:
    assert browser_of().get(path).status_code == 404


# Addresses that lead nowhere


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/customers/1",
        "/customers/nobody/visit",
        "/orders/%00",
        "/customers?skip=-1",
        "/customers?grade=Z9",
        "/customers?skip=99999999999999999999",
        "/customers/{}?shown=0",
        "/products/options?price_list=x",
        "/products/options?entry%5Btext%5D=" + "x" * 101,
        "/customers?q=%00",
        "/products/options?entry%5Btext%5D=%00",
    ],
)
def test_an_address_that_leads_nowhere_says_so(path: str, cast: Cast, browser_of: Open) -> None:
    answer = browser_of(cast.alice).get(path.format(cast.alice.id))
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html><html")
    assert "There is no such page." in answer.text
    assert 'href="/today"' in answer.text


def test_htmx_gets_the_sentence_and_where_to_put_it(cast: Cast, browser_of: Open) -> None:
    answer = browser_of(cast.alice).get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "There is no such page." in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/today"), ("POST", "/today"), ("PUT", "/orders"), ("GET", "/visits/note")],
)
def test_a_wrong_method_is_refused(method: str, path: str, cast: Cast, browser_of: Open) -> None:
    answer = browser_of(cast.alice).request(method, path)
    assert answer.status_code == 405
    assert "That is not possible here." in answer.text
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/sign-in", "/today", "/health", "/manifest.webmanifest"])
def test_whoever_asks_only_for_the_head_gets_it(path: str, cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    head, page = browser.head(path), browser.get(path)
    assert head.status_code == page.status_code == 200
    assert head.headers["content-type"] == page.headers["content-type"]
    assert head.content == b""


# Our own faults


@pytest.fixture
def broken(engine: Engine) -> Open:
    """Browsers of an app that has a mistake in it."""
    web = create_app(engine)

    @web.get("/broken")
    def fault() -> None:
        raise ZeroDivisionError

    def open_browser(language: str) -> TestClient:
        headers = {"accept-language": language}
        return TestClient(web, headers=headers, raise_server_exceptions=False)

    return open_browser


def test_a_fault_of_ours_is_said_to_be_ours(broken: Open) -> None:
    answer = broken("en").get("/broken")
    assert answer.status_code == 500
    assert "Something broke on our side. Nothing was recorded; please try again." in answer.text
    assert "ZeroDivision" not in answer.text


def test_a_fault_of_ours_is_guarded_like_every_page(broken: Open) -> None:
    answer = broken("en").get("/broken")
    assert_guarded(answer)
    assert "no-cache" in answer.headers["cache-control"]


def test_a_fault_of_ours_speaks_the_readers_language(broken: Open) -> None:
    answer = broken("zh-CN").get("/broken")
    assert '<html lang="zh-CN"' in answer.text


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_charset_that_is_none_is_a_broken_form(
    cast: Cast, browser_of: Callable[..., TestClient]
) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--x--\r\n'
    kind = {"content-type": "multipart/form-data; boundary=x; charset=undefined"}
    answer = browser_of(cast.alice).post("/visits/note", content=body, headers=kind)
    assert answer.status_code in {409, 422}
    assert 'role="alert"' in answer.text
