"""Signing in, staying signed in, signing out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from urllib.parse import urlencode

import httpx2
import pytest
from argon2 import PasswordHasher, extract_parameters
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.accounts.actions import NOBODY, hasher
from app.accounts.models import Person, SignIn, WrongPasswords
from app.accounts.rules import PER_ADDRESS, PER_NAME, RENEW_AFTER, SESSION_LASTS
from app.main import create_app
from tests.accounts.conftest import PASSWORD, Clock
from tests.cast import Cast

Open = Callable[..., TestClient]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REST = "Too many tries."


def enter(
    browser: TestClient, username: str = "alice", password: str = PASSWORD, **more: str
) -> httpx2.Response:
    said = {"username": username, "password": password, **more}
    answer: httpx2.Response = browser.post("/sign-in", data=said)
    return answer


def inside(browser: TestClient) -> bool:
    return browser.get("/more").status_code == 200


def test_it_works(staff: Cast, browser_of: Open) -> None:
    browser = browser_of()
    answer = enter(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    page = browser.get("/more")
    assert "Alice Lin" in page.text
    assert "Sales rep · North" in page.text


@pytest.mark.parametrize("typed", [" Alice ", "ALICE", "\talice"])
def test_capitals_and_spaces_in_the_name_do_not_matter(
    typed: str, staff: Cast, browser_of: Open
) -> None:
    assert enter(browser_of(), typed).status_code == 303


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    staff: Cast, browser_of: Open, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.alice.password_hash = hasher.hash(PASSWORD)
    db.add(staff.alice)
    db.commit()
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, known: str, password: str) -> bool:
        checked.append(known)
        return verify(self, known, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    wrong, unknown = enter(browser_of(), "alice", "?"), enter(browser_of(), "zebra", "?")
    assert wrong.status_code == unknown.status_code == 422
    assert "The name or the password is not right." in wrong.text
    assert wrong.text.replace("alice", "zebra") == unknown.text
    assert set(wrong.headers) == set(unknown.headers)
    # The same work was done for both, so that their time tells nothing.
    assert checked == [staff.alice.password_hash, NOBODY]
    assert extract_parameters(NOBODY) == extract_parameters(staff.alice.password_hash)


def test_somebody_who_left_cannot_sign_in(staff: Cast, browser_of: Open, db: Session) -> None:
    staff.alice.active = False
    db.add(staff.alice)
    db.commit()
    left, unknown = enter(browser_of()), enter(browser_of(), "zebra")
    assert left.status_code == 422
    assert left.text.replace("alice", "zebra") == unknown.text


def test_somebody_who_leaves_is_signed_out_at_once(
    cast: Cast, browser_of: Open, db: Session
) -> None:
    browser = browser_of(cast.alice)
    assert inside(browser)
    cast.alice.active = False
    db.add(cast.alice)
    db.commit()
    assert not inside(browser)


def test_somebody_without_a_password_cannot_sign_in(cast: Cast, browser_of: Open) -> None:
    assert enter(browser_of(), "alice", "").status_code == 422
    assert enter(browser_of(), "alice", "anything").status_code == 422


@pytest.mark.parametrize("username", ["", "al\0ice", "x" * 5000, "🧭", "'; --", "%"])
def test_it_refuses_strange_names_with_a_sentence(
    username: str, staff: Cast, browser_of: Open
) -> None:
    answer = enter(browser_of(), username, "?")
    assert answer.status_code == 422
    assert "The name or the password is not right." in answer.text


def test_a_form_without_fields_is_refused(staff: Cast, browser_of: Open) -> None:
    assert browser_of().post("/sign-in").status_code == 422


def test_the_password_is_never_shown_again(staff: Cast, browser_of: Open) -> None:
    assert "open sesame" not in enter(browser_of(), "alice", "open sesame").text


def test_what_was_typed_is_shown_as_text(staff: Cast, browser_of: Open) -> None:
    answer = enter(browser_of(), '"><script>', "?", next='/"><script>')
    assert "<script>" not in answer.text


# Guessing


def exhaust(browser: TestClient, username: str = "alice") -> None:
    for _try in range(PER_NAME.most):
        assert REST not in enter(browser, username, "?").text


def test_after_five_wrong_passwords_a_name_rests(
    staff: Cast, browser_of: Open, clock: Clock
) -> None:
    exhaust(browser_of())
    answer = enter(browser_of())
    assert answer.status_code == 422
    assert REST in answer.text
    assert enter(browser_of(), "bob").status_code == 303


def test_a_name_that_nobody_has_rests_alike(staff: Cast, browser_of: Open, clock: Clock) -> None:
    exhaust(browser_of(), "zebra")
    exhaust(browser_of(), "alice")
    nobody, alice = enter(browser_of(), "zebra"), enter(browser_of(), "alice")
    assert nobody.text == alice.text.replace("alice", "zebra")


def test_a_restart_forgets_no_wrong_password(
    staff: Cast, browser_of: Open, engine: Engine, clock: Clock
) -> None:
    exhaust(browser_of())
    with TestClient(create_app(engine), headers={"accept-language": "en"}) as after_restart:
        assert REST in enter(after_restart).text


def test_the_rest_ends(staff: Cast, browser_of: Open, clock: Clock) -> None:
    exhaust(browser_of())
    clock.forward(PER_NAME.window - MINUTE)
    assert REST in enter(browser_of()).text
    clock.forward(MINUTE)
    assert enter(browser_of()).status_code == 303


def test_the_right_password_forgives_the_wrong_ones(
    staff: Cast, browser_of: Open, clock: Clock
) -> None:
    for _round in range(2):
        for _try in range(PER_NAME.most - 1):
            enter(browser_of(), "alice", "?")
        assert enter(browser_of()).status_code == 303


def test_an_address_that_tries_many_names_rests(
    staff: Cast, browser_of: Open, db: Session, clock: Clock
) -> None:
    tries = WrongPasswords(key="address:testclient", count=PER_ADDRESS.most - 1, since=clock.time)
    db.add(tries)
    db.commit()
    assert REST not in enter(browser_of(), "zebra").text
    assert REST in enter(browser_of(), "yak").text
    assert REST in enter(browser_of()).text
    clock.forward(PER_ADDRESS.window)
    assert enter(browser_of()).status_code == 303


def test_signing_in_often_from_one_office_is_no_attack(
    staff: Cast, browser_of: Open, db: Session, clock: Clock
) -> None:
    for username in ("alice", "bob", "mia"):
        assert enter(browser_of(), username).status_code == 303
    office = db.get(WrongPasswords, "address:testclient")
    assert office is None or office.count == 0


def test_guesses_at_once_do_not_exceed_the_limit(staff: Cast, engine: Engine) -> None:
    """Ten processes of the app, one guess each, in the same moment."""
    together = Barrier(10)
    english = {"accept-language": "en"}
    browsers = [TestClient(create_app(engine), headers=english) for _process in range(10)]
    for browser in browsers:
        browser.get("/sign-in")  # a process that has answered before

    def guess(browser: TestClient) -> str:
        together.wait()
        return enter(browser, "alice", "?").text

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(guess, browsers))
    assert sum(REST not in answer for answer in answers) == PER_NAME.most


# Where to go then


@pytest.mark.parametrize("path", ["/orders", "/customers?q=a&grade=A1", "/customers/1#2"])
def test_it_goes_on_to_where_one_was_going(path: str, staff: Cast, browser_of: Open) -> None:
    assert enter(browser_of(), next=path).headers["location"] == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " //evil.example",
    ],
)
def test_it_never_leads_to_another_site(elsewhere: str, staff: Cast, browser_of: Open) -> None:
    assert enter(browser_of(), next=elsewhere).headers["location"] == "/today"
    chosen = browser_of().post("/language", data={"language": "en", "next": elsewhere})
    assert chosen.headers["location"] == "/sign-in?next=%2Ftoday"


@pytest.mark.parametrize("trick", ["/\t/evil.example", "/\n/evil.example", "/\r\nX: y", "/\0/e"])
def test_no_control_character_gets_into_the_location(
    trick: str, staff: Cast, browser_of: Open
) -> None:
    """Browsers drop tabs and line ends from addresses: / / would become //."""
    location = enter(browser_of(), next=trick).headers["location"]
    assert location.isprintable()
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_a_typing_mistake_does_not_forget_where_one_was_going(
    staff: Cast, browser_of: Open
) -> None:
    assert 'value="/orders"' in browser_of().get("/sign-in?next=/orders").text
    assert 'value="/orders"' in enter(browser_of(), "alice", "?", next="/orders").text


def test_a_search_is_found_again_after_signing_in(cast: Cast, browser_of: Open) -> None:
    location = browser_of().get("/customers?q=xbk&grade=A1").headers["location"]
    assert location == "/sign-in?" + urlencode({"next": "/customers?q=xbk&grade=A1"}, safe="/")


# The session


def test_the_cookie_is_for_the_server_only(staff: Cast, browser_of: Open, engine: Engine) -> None:
    cookie = enter(browser_of()).headers["set-cookie"]
    assert "; HttpOnly" in cookie
    assert "; SameSite=lax" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie
    secure = TestClient(create_app(engine), "https://roadbook.example", follow_redirects=False)
    assert "; Secure" in enter(secure).headers["set-cookie"]


def test_the_database_does_not_hold_the_token(staff: Cast, browser_of: Open, db: Session) -> None:
    browser = browser_of()
    enter(browser)
    (session,) = db.exec(select(SignIn)).all()
    assert browser.cookies["session"] != session.token_hash
    thief = browser_of()
    thief.cookies.set("session", session.token_hash)
    assert not inside(thief)


def test_a_session_lasts_thirty_days(staff: Cast, browser_of: Open, clock: Clock) -> None:
    browser = browser_of()
    enter(browser)
    clock.forward(SESSION_LASTS - MINUTE)
    assert inside(browser)
    clock.forward(MINUTE)
    assert not inside(browser)
    assert browser.get("/today").headers["location"] == "/sign-in?next=/today"


def test_work_prolongs_a_session_at_most_once_a_day(
    staff: Cast, browser_of: Open, clock: Clock, db: Session
) -> None:
    browser = browser_of()
    enter(browser)
    began = ends(db)
    clock.forward(RENEW_AFTER - MINUTE)
    browser.post("/more/look", data={"theme": "dark"})
    assert ends(db) == began
    clock.forward(MINUTE)
    browser.get("/more")
    assert ends(db) == began
    browser.post("/more/look", data={"theme": "light"})
    assert ends(db) == began + DAY
    clock.forward(SESSION_LASTS - MINUTE)
    assert inside(browser)


def ends(db: Session) -> datetime:
    db.rollback()
    when = db.exec(select(SignIn.expires_at)).one()
    db.rollback()
    return when


def test_old_sessions_are_swept_away(
    staff: Cast, browser_of: Open, clock: Clock, db: Session
) -> None:
    enter(browser_of())
    clock.forward(SESSION_LASTS + MINUTE)
    enter(browser_of(), "bob")
    assert db.exec(select(SignIn.person_id)).all() == [staff.bob.id]


@pytest.mark.parametrize("token", ["", "x", "🧭".encode(), "a" * 4000])
def test_a_made_up_cookie_is_nobody(token: str | bytes, cast: Cast, browser_of: Open) -> None:
    raw = token.encode() if isinstance(token, str) else token
    answer = browser_of().get("/more", headers={b"cookie": b"session=" + raw})
    assert answer.status_code == 303


def test_signing_out_ends_the_session_on_the_server(cast: Cast, browser_of: Open) -> None:
    browser, other = browser_of(cast.alice), browser_of(cast.alice)
    stolen = browser.cookies["session"]
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'session=""; expires=' in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache"'  # so that Back shows nothing of it
    thief = browser_of()
    thief.cookies.set("session", stolen)
    assert not inside(thief)
    assert inside(other)


def test_signing_in_gives_a_new_token_each_time(staff: Cast, browser_of: Open) -> None:
    """A token put into the browser beforehand is of no use to whoever put it there."""
    browser = browser_of()
    browser.cookies.set("session", "planted")
    enter(browser)
    first = {cookie.value for cookie in browser.cookies.jar if cookie.name == "session"} - {
        "planted"
    }
    assert len(first) == 1
    planted = browser_of()
    planted.cookies.set("session", "planted")
    assert not inside(planted)


# Language and looks


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("zh", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("de,zh;q=0.5", "zh-CN"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (";;;,-,zh_", "zh-CN"),
    ],
)
def test_before_signing_in_it_speaks_the_browsers_language(
    asked: str, page: str, cast: Cast, browser_of: Open
) -> None:
    answer = browser_of().get("/sign-in", headers={"accept-language": asked})
    assert f'<html lang="{page}"' in answer.text


def test_a_language_can_be_chosen_before_signing_in(cast: Cast, browser_of: Open) -> None:
    browser = browser_of()
    answer = browser.post("/language", data={"language": "zh_CN", "next": "/orders"})
    assert answer.headers["location"] == "/sign-in?next=%2Forders"
    assert '<html lang="zh-CN"' in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize("bad", ["xx", "", "../../etc", "en\r\nX: y"])
def test_an_unknown_language_changes_nothing(bad: str, cast: Cast, browser_of: Open) -> None:
    browser = browser_of()
    answer = browser.post("/language", data={"language": bad})
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    browser.cookies.set("language", "xx")
    assert '<html lang="en"' in browser.get("/sign-in").text


def test_ones_own_language_goes_before_the_browsers(cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    assert '<html lang="en"' in browser.get("/more").text
    answer = browser.post("/more/look", data={"language": "zh_CN"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/more")
    page = browser.get("/more").text
    assert '<html lang="zh-CN"' in page
    assert "林晓燕" in page


def test_a_refusal_speaks_ones_own_language_too(cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    browser.post("/more/look", data={"language": "zh_CN"})
    assert '<html lang="zh-CN"' in browser.get(f"/orders/{cast.alice.id}").text


def test_a_theme_is_kept_until_it_is_the_systems_again(cast: Cast, browser_of: Open) -> None:
    browser = browser_of(cast.alice)
    assert "data-theme" not in browser.get("/more").text
    browser.post("/more/look", data={"theme": "dark"})
    assert 'data-theme="dark"' in browser.get("/more").text
    browser.post("/more/look", data={"theme": "system"})
    assert "data-theme" not in browser.get("/more").text


@pytest.mark.parametrize(
    "bad",
    [{"theme": "pink"}, {"language": "xx"}, {"theme": "dark", "role": "director"}, {"id": "1"}],
)
def test_looks_that_are_not_offered_change_nothing(
    bad: dict[str, str], cast: Cast, browser_of: Open, db: Session
) -> None:
    browser = browser_of(cast.alice)
    assert browser.post("/more/look", data=bad).status_code == 303
    db.expire_all()
    me = db.get_one(Person, cast.alice.id)
    assert (me.language, me.theme, me.role, me.rev) == ("", "", cast.bob.role, 1)


def test_choosing_one_thing_leaves_the_other(cast: Cast, browser_of: Open, db: Session) -> None:
    browser = browser_of(cast.alice)
    browser.post("/more/look", data={"theme": "dark"})
    browser.post("/more/look", data={"language": "en", "theme": ""})
    db.expire_all()
    me = db.get_one(Person, cast.alice.id)
    assert (me.language, me.theme, me.rev) == ("en", "dark", 3)
