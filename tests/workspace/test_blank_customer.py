"""The pages of a customer that only a phone knows: it fills the marks in."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.cast import Cast
from tests.reading import look, refused

Browser = Callable[..., TestClient]
CARD, VISIT = "/customers/blank", "/customers/blank/visit"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MARKS = {"id", "name", "address", "phone", "note"}
# What a phone would have: the fields of the form that made the customer.
FILLED = {"id": "0190a000-0000-7000-8000-0000000000a1", "name": "锦禾超市", "phone": "62791234"}


@pytest.fixture
def alice(cast: Cast, browser_of: Browser) -> TestClient:
    return browser_of(cast.alice)


def marks(text: str) -> set[str]:
    """But those of the sentences that a script fills."""
    sentences = r"<template id=\"words-.*?</template>"
    return set(re.findall(r"\{(\w+)\}", re.sub(sentences, "", text, flags=re.DOTALL)))


def filled(text: str) -> str:
    """As the phone does it; what was not written is nothing."""
    return re.sub(r"\{(id|name|address|phone|note)\}", lambda one: FILLED.get(one[1], ""), text)


@pytest.mark.parametrize("path", [CARD, VISIT])
def test_it_names_nobody(alice: TestClient, cast: Cast, path: str) -> None:
    text = alice.get(path).text
    assert set(re.findall(UUID, text)) == {str(cast.alice.id)}
    assert {"id", "name"} <= marks(text) <= MARKS | {"entry"}


def test_every_form_is_for_it(alice: TestClient) -> None:
    text = alice.get(VISIT).text
    forms = re.findall(r"<form\b.*?</form>", text, re.DOTALL)
    about = {re.search(r'data-command="([^"]+)"', form) for form in forms}
    assert {one[1] for one in about if one} == {
        "visits.check_in.v1",
        "visits.write_note.v1",
        "visits.take_photo.v1",
        "orders.place.v1",
        "followups.make_promise.v1",
        "visits.check_out.v1",
    }
    for form in forms:
        if "visits.check_out.v1" not in form:  # which ends a visit, wherever that was
            assert '<input type="hidden" name="customer_id" value="{id}">' in form
        assert ">{id}<" not in form


def test_what_waits_is_drawn_for_it(alice: TestClient) -> None:
    for path in (CARD, VISIT):
        drawn = set(re.findall(r'data-match="([^"]*)"', alice.get(path).text))
        assert {one for one in drawn if one.startswith("customer_id=")} == {"customer_id={id}"}
        assert {one for one in drawn if one.startswith("visit_id=")} <= {"visit_id={entry}"}


@pytest.mark.parametrize("path", [CARD, VISIT])
def test_filled_in_it_is_a_page_as_any_other(alice: TestClient, path: str) -> None:
    text = filled(alice.get(path).text)
    assert marks(text) <= {"entry"}
    assert "<h1>锦禾超市</h1>" in text
    assert f"/customers/{FILLED['id']}" in text
    assert 'data-about="锦禾超市"' in text


def test_it_says_what_it_knows(alice: TestClient) -> None:
    page = look(alice, CARD)
    for said in ("{name}", "{phone}", "{address}", "{note}", "never visited", "Alice Lin"):
        assert said in page.text
    assert page.one("a", having="edged").attributes["href"] == "tel:{phone}"
    assert page.one("a", having="primary").attributes["href"] == "/customers/{id}/visit"


@pytest.mark.parametrize("who", ["sam", "ada"])
@pytest.mark.parametrize("path", [CARD, VISIT])
def test_who_adds_no_customers_has_none(
    cast: Cast, browser_of: Browser, who: str, path: str
) -> None:
    answer = browser_of(getattr(cast, who)).get(path)
    assert refused(answer, 409) == "Customers are added on the road by those who visit them."
