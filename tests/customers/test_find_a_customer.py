from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.customers.rules import Grade
from tests import world
from tests.cast import Cast
from tests.reading import HTMX, Element, look, read, refused

Browser = Callable[..., TestClient]


@pytest.fixture
def alice(db: Session, cast: Cast, browser_of: Browser) -> TestClient:
    world.customer(
        db,
        cast.alice,
        "星巴克南京西路店",
        short_name="星巴克",
        code="SBX-001",
        phones=["021-6279 1234"],
        address="上海市静安区南京西路1168号",
        grade=Grade.A1,
    )
    world.customer(
        db, cast.alice, "Green Café", code="GC_100%", phones=["+86 13917880301"], grade=Grade.B2
    )
    world.customer(db, cast.alice, "Green Grocer", code="GX100X", phones=["(021) 5555-0101"])
    return browser_of(cast.alice)


def rows(page: Element) -> list[str]:
    return [one.one("h2").text for one in page.all("li", having="row")]


def find(browser: TestClient, q: str, **more: str) -> list[str]:
    answer = browser.get("/customers", params={"q": q, **more}, headers=HTMX)
    assert answer.status_code == 200
    return rows(read(answer))


def test_it_works(alice: TestClient) -> None:
    page = look(alice, "/customers?q=xbk")
    assert rows(page) == ["星巴克南京西路店"]
    assert "SBX-001 · 上海市静安区南京西路1168号" in page.text
    assert page.one("input", name="q").attributes["value"] == "xbk"


@pytest.mark.parametrize(
    "q",
    [
        "星巴克",
        "xingbake",
        "XBK",
        "xbknjx",
        "sbx-001",
        "ＳＢＸ",
        "南京西路 1168",
        "静安区 xbk",
        "62791234",
        "021-6279 1234",
        "021-6279-1234",
        "02162791234",
        "021 6279",
        "  星巴克  ",
    ],
)
def test_every_way_to_name_a_shop_finds_it(alice: TestClient, q: str) -> None:
    assert find(alice, q) == ["星巴克南京西路店"]


@pytest.mark.parametrize("q", ["139-1788-0301", "139 1788 0301", "+8613917880301", "(139)17880301"])
def test_a_phone_is_found_however_it_is_written(alice: TestClient, q: str) -> None:
    assert find(alice, q) == ["Green Café"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("green cafe", ["Green Café"]),
        ("CAFÉ", ["Green Café"]),
        ("gc", ["Green Café"]),
        ("GC_1", ["Green Café"]),  # a wildcard of the database's is a letter here
        ("100%", ["Green Café"]),
        ("G%r", []),
        ("_", ["Green Café"]),
        ("\\", []),
        ("'", []),
        ("green nothing", []),
        ("gre", ["Green Café", "Green Grocer"]),
        ("", ["Green Café", "Green Grocer", "星巴克南京西路店"]),
    ],
)
def test_it_finds_exactly_what_was_typed(alice: TestClient, q: str, found: list[str]) -> None:
    assert find(alice, q) == found


def test_a_grade_narrows_it(alice: TestClient) -> None:
    assert find(alice, "", grade="A1") == ["星巴克南京西路店"]
    assert find(alice, "green", grade="A1") == []
    page = look(alice, "/customers?q=green&grade=A1")
    assert "Nothing found for “green A1”" in page.text
    assert page.one("input", name="grade").attributes["value"] == "A1"


def test_a_colleague_can_not_find_it_but_the_manager_and_the_assistant_can(
    alice: TestClient, cast: Cast, browser_of: Browser
) -> None:
    assert find(browser_of(cast.bob), "xbk") == []
    for person in (cast.mia, cast.diane, cast.sam):
        assert find(browser_of(person), "xbk") == ["星巴克南京西路店"]


def test_charlie_cannot(alice: TestClient, cast: Cast, browser_of: Browser) -> None:
    charlie = browser_of(cast.charlie)
    assert find(charlie, "xbk") == []
    assert "No customers yet" in look(charlie, "/customers").text
    assert "No customers yet" in look(browser_of(cast.ada), "/customers").text


def test_long_lists_come_in_pages_without_doubles_or_gaps(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    for number in range(103):
        world.customer(db, cast.alice, f"Shop {number % 7}", code=f"C{number}", grade=Grade.C)
    alice = browser_of(cast.alice)
    page = look(alice, "/customers?q=shop&grade=C")
    codes: list[str] = []
    for _page in range(3):
        codes += [
            one.one("p", having="meta").text.split(" ")[0] for one in page.all("li", having="row")
        ]
        if more := page.all("a", having="button"):
            answer = alice.get(more[0].attributes["hx-get"], headers=HTMX)
            assert "<html" not in answer.text
            page = read(answer)
    assert len(codes) == 103
    assert len(set(codes)) == 103
    assert "Show more" not in page.text


def test_the_next_page_is_a_whole_page_without_htmx(
    db: Session, cast: Cast, browser_of: Browser
) -> None:
    for number in range(51):
        world.customer(db, cast.alice, f"Shop {number:02}")
    alice = browser_of(cast.alice)
    more = look(alice, "/customers").one(having="pager").one("a").attributes["href"]
    page = look(alice, more)
    assert rows(page) == ["Shop 50"]
    assert page.all("nav", having="nav")


def test_a_search_in_a_link_is_a_search(alice: TestClient) -> None:
    page = look(alice, "/customers?q=a%26b%20%22c")
    grade = page.one("nav", having="filters").all("a")[1].attributes["href"]
    again = look(alice, grade)
    assert again.one("input", name="q").attributes["value"] == 'a&b "c'


@pytest.mark.parametrize(
    "query", ["grade=Z", "skip=-1", "skip=x", "skip=" + "9" * 30, "q=" + "x" * 101]
)
def test_it_refuses_what_no_page_of_ours_asks(alice: TestClient, query: str) -> None:
    assert refused(alice.get(f"/customers?{query}"), 404) == "There is no such page."


def test_a_character_that_no_database_keeps_finds_nothing_and_breaks_nothing(
    alice: TestClient,
) -> None:
    assert alice.get("/customers?q=a%00b").status_code < 500
    assert alice.get("/products/options?entry[text]=a%00b").status_code < 500


def test_who_is_signed_out_signs_in_first(cast: Cast, browser_of: Browser) -> None:
    answer = browser_of().get("/customers?q=xbk")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/customers")
