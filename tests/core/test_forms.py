"""Forms: names that nest, sentences for what is wrong, limits that the browser knows too."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field
from sqlmodel import Session

from app.core import i18n
from app.core.commands import Command, Wish, registry
from app.core.errors import Refused
from app.core.forms import MAX_LIST, Form, nested
from app.core.i18n import mark as _
from tests.accounts.shops import build
from tests.cast import Cast
from tests.contract.golden import Example, examples

Open = Callable[..., TestClient]
BROKEN = "This form is broken. Open it again."


class Colour(StrEnum):
    RED = "red"


class Line(Wish):
    sku: str
    amount: int = 1


class Ask(Command):
    wire_name: ClassVar[str] = "shop.ask.v1"

    customer_id: UUID | None = None
    text: str = Field(min_length=2, max_length=5, title=_("Note"), description=_("Language"))
    amount: int = Field(1, ge=1, le=9, title=_("Quantity"))
    share: float = Field(0.5, gt=0, lt=1)
    price: Decimal = Field(Decimal(1), max_digits=5, decimal_places=2)
    on: date | None = None
    colour: Colour | None = None
    lines: list[Line] = Field(default_factory=list, min_length=1, max_length=3)


def read(*fields: tuple[str, str]) -> Form[Ask]:
    with i18n.speaking("en"):
        return Form.read(Ask, fields)


# Names


@pytest.mark.parametrize(
    ("fields", "tree"),
    [
        ([], {}),
        ([("a", "1")], {"a": "1"}),
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b]", "1"), ("a[c]", "2")], {"a": {"b": "1", "c": "2"}}),
        ([("a[b][c]", "1")], {"a": {"b": {"c": "1"}}}),
        ([("a[0]", "x"), ("a[1]", "y")], {"a": ["x", "y"]}),
        ([("a[10]", "z"), ("a[9]", "y"), ("a[2]", "x")], {"a": ["x", "y", "z"]}),
        ([("a[0][b]", "1"), ("a[0][c]", "2"), ("a[1][b]", "3")],
         {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ([("a[0][b][1]", "y"), ("a[0][b][0]", "x")], {"a": [{"b": ["x", "y"]}]}),
        ([("a[0]", "x"), ("a[b]", "y")], {"a": {"0": "x", "b": "y"}}),
        ([("0", "x")], {"0": "x"}),
        ([("数量[一]", "x")], {"数量": {"一": "x"}}),
    ],
)  # fmt: skip
def test_names_nest(fields: list[tuple[str, str]], tree: dict[str, Any]) -> None:
    assert nested(fields) == tree


@pytest.mark.parametrize(
    "names",
    [
        ["a" + "[b]" * 1000],
        ["a" + "[b]" * 20],
        ["a", "a[b]"],
        ["a[b]", "a"],
        ["a[b]", "a[b][c]"],
        ["a[b][c]", "a[b]"],
        ["a[0]", "a[0][b]"],
    ],
)
def test_names_that_contradict_each_other_are_refused(names: list[str]) -> None:
    with pytest.raises(Refused, match="This form is broken"):
        nested((name, "1") for name in names)
    assert read(*((name, "1") for name in names)).errors == {"": BROKEN}


@pytest.mark.parametrize(
    "name",
    ["", "[", "]", "[]", "[a]", "a[", "a]", "a[]", "a[b", "a[b]c", "a[[b]]", "a][b", "a[b]]", "[0]",
     "a[²]", "a[٣]", "a[-1]", "a[1.5]", "a[" + "9" * 5000 + "]", "a[1e9]", "a[\0]", "__class__",
     "a[__init__]"],
)  # fmt: skip
def test_a_broken_name_is_a_field_that_nobody_asked_for(name: str) -> None:
    form = read(("text", "abc"), ("lines[0][sku]", "A"), (name, "x"))
    assert form.command is None
    assert form.errors


def test_a_list_is_as_long_as_it_may_be() -> None:
    assert len(nested((f"a[{index}]", "x") for index in range(MAX_LIST))["a"]) == MAX_LIST
    with pytest.raises(Refused, match=f"At most {MAX_LIST} are possible"):
        nested((f"a[{index}]", "x") for index in range(MAX_LIST + 1))


def test_a_number_in_a_name_takes_no_memory() -> None:
    assert nested([("a[999999999]", "x"), ("a[0]", "y")]) == {"a": ["y", "x"]}


PART = st.sampled_from(["a", "b", "0", "1", "²", "text", "lines", "sku", "[", "]", "", "\0", "["])
NAME = st.lists(PART, max_size=8).map("".join) | st.text(max_size=12)
VALUE = st.text(max_size=12) | st.sampled_from(["1", "-1", "nan", "1e999", "2026-02-30", "9" * 400])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.tuples(NAME, VALUE), max_size=12))
def test_no_fields_break_the_reader(fields: list[tuple[str, str]]) -> None:
    """Whatever is sent, there is a command or something to tell."""
    kinds: list[type[Command]] = [Ask, *registry().values()]
    for command in kinds:
        form: Form[Any] = Form.read(command, fields)
        assert (form.command is None) == bool(form.errors)
        assert all(form.errors.values())


# Sentences

LINE = ("lines[0][sku]", "A")
WRONG = [
    ([LINE], "text", "Please fill this in.", "这里要填。"),
    ([("text", "a")], "text", "At least 2 characters.", "至少写 2 个字。"),
    ([("text", "abcdef")], "text", "At most 5 characters.", "最多写 5 个字。"),
    ([("amount", "x")], "amount", "Please give a whole number.", None),
    ([("amount", "1.5")], "amount", "Please give a whole number.", None),
    ([("amount", "0")], "amount", "Must be at least 1.", "不能小于 1。"),
    ([("amount", "10")], "amount", "Must be at most 9.", "不能大于 9。"),
    ([("amount", "9" * 30)], "amount", "Must be at most 9.", "不能大于 9。"),
    ([("amount", "9" * 5000)], "amount", "This number is too long.", None),
    ([("share", "x")], "share", "Please give a number.", None),
    ([("share", "0")], "share", "Must be more than 0", "要大于 0"),
    ([("share", "1")], "share", "Must be less than 1", "要小于 1"),
    ([("share", "nan")], "share", "Must be", None),
    ([("price", "1,5")], "price", "Please give a number.", None),
    ([("price", "nan")], "price", "Please give a number.", None),
    ([("price", "1.005")], "price", "At most 2 decimal places.", None),
    ([("price", "1000")], "price", "This number is too long.", None),
    ([("on", "soon")], "on", "Please give a date, for example 2026-11-30.", None),
    ([("on", "2026-02-30")], "on", "Please give a date, for example 2026-11-30.", None),
    ([("on", "2026-11-30T10:00")], "on", "Please give a date, for example 2026-11-30.", None),
    ([("on", "30/11/2026")], "on", "Please give a date, for example 2026-11-30.", None),
    ([("colour", "blue")], "colour", "Please choose one of those offered.", None),
    ([("customer_id", "x")], "customer_id", "This does not look right.", None),
    ([("lines[0][amount]", "1")], "lines.0.sku", "Please fill this in.", "这里要填。"),
    ([(f"lines[{n}][sku]", "A") for n in range(4)], "lines", "At most 3 are possible.", None),
    ([("lines", "x")], "lines", "This does not look right.", None),
    ([("unknown", "x")], "unknown", "This does not look right.", None),
]


@pytest.mark.parametrize(("fields", "name", "english", "chinese"), WRONG)
def test_what_is_wrong_is_said_in_the_readers_language(
    fields: list[tuple[str, str]], name: str, english: str, chinese: str | None
) -> None:
    typed = fields if len(fields) > 1 else [("text", "abc"), LINE, *fields]
    if name == "text":
        typed = fields
    if name == "lines":
        typed = [("text", "abc"), *fields]
    if name == "lines.0.sku":
        typed = [("text", "abc"), *fields]
    assert read(*typed).errors[name].startswith(english)
    with i18n.speaking("zh_CN"):
        said = Form.read(Ask, typed).errors[name]
    assert not said.isascii()
    assert chinese is None or said.startswith(chinese)


def test_every_wrong_field_is_named_at_once() -> None:
    form = read(("amount", "x"), ("on", "x"), LINE)
    assert set(form.errors) == {"text", "amount", "on"}


def test_errors_of_fields_that_nobody_sees_stand_above_the_form() -> None:
    form = read(("customer_id", "x"), ("amount", "x"), ("at", "x"), ("sku", "x"), LINE)
    assert form.error("amount")
    assert form.error("text")
    assert form.errors.keys() - {"amount", "text"} == {"customer_id", "at", "sku"}
    assert len(form.elsewhere()) >= 1
    assert form.errors["amount"] not in form.elsewhere()


# What a form shows


def test_what_was_typed_is_still_there() -> None:
    form = read(("text", "abcdefgh"), ("amount", "x"))
    assert (form.value("text"), form.value("amount")) == ("abcdefgh", "x")
    assert (form.value("share"), form.value("on"), form.value("customer_id")) == (0.5, "", "")


def test_an_empty_form_shows_defaults_and_what_it_was_opened_with() -> None:
    key = uuid4()
    form = Form(Ask, customer_id=key)
    assert (form.value("customer_id"), form.value("amount"), form.value("text")) == (key, 1, "")
    assert form.errors == {}
    assert form.elsewhere() == []


def test_labels_hints_and_limits_come_from_the_class() -> None:
    form = Form(Ask)
    with i18n.speaking("en"):
        assert (form.label("text"), form.hint("text")) == ("Note", "Language")
        assert (form.label("share"), form.hint("share")) == ("share", "")
    with i18n.speaking("zh_CN"):
        assert not form.label("text").isascii()
    assert form.attributes("text") == {
        "name": "text", "required": "required", "minlength": 2, "maxlength": 5,
    }  # fmt: skip
    limits = form.attributes("amount")
    assert (limits["min"], limits["max"], limits["required"]) == (1, 9, None)


def test_a_form_is_called_like_its_command() -> None:
    assert Form(Ask).key == "shop-ask"


@pytest.mark.parametrize("command", registry().values())
def test_every_label_is_known_in_chinese(command: type[Command]) -> None:
    with i18n.speaking("zh_CN"):
        for field in command.model_fields.values():
            if field.title:
                assert not i18n.gettext(field.title).isascii(), field.title


# Every real form, with every value that somebody may send

NASTY = [
    "\0", "-1", "9" * 30, "9" * 5000, "nan", "9999-12-31", "x" * 501, "<script>alert(1)",
    "%s %(ge)s {0}", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip


def widest() -> list[Example]:
    """Of each command the example with the most fields."""
    by_size = sorted(examples(), key=lambda kept: len(kept.fields))
    return list({kept.wire_name: kept for kept in by_size}.values())


@pytest.mark.parametrize("kept", widest(), ids=lambda kept: kept.wire_name)
def test_no_value_breaks_a_page(kept: Example, cast: Cast, browser_of: Open, db: Session) -> None:
    world = build(db, cast)
    sets_policy = kept.wire_name.startswith("planning.set_")
    browser, path = browser_of(cast.mia if sets_policy else cast.alice), PAGES[kept.wire_name]
    real = {
        "customer_id": str(world.lilac.customer.id),
        "visit_id": str(world.lilac.visit.id),
        "promise_id": str(world.lilac.promise.id),
        "photo_id": str(world.lilac.unsent.id),
        "keep_id": str(world.lilac.customer.id),
        "gone_id": str(world.lilac.twin.id),
        "one_id": str(world.lilac.customer.id),
        "other_id": str(world.lilac.twin.id),
        "device_id": str(world.lilac.device.id),
        "point_id": str(world.lilac.point.id),
        "leave_id": str(world.lilac.leave.id),
        "planned_id": str(world.lilac.plan.id),
        "deed_id": str(world.lilac.deed.id),
        "customer_ids[0]": str(world.lilac.customer.id),
    }
    if kept.wire_name == "customers.unmerge.v1":
        browser.post("/customers/merge", data={name: real[name] for name in ("keep_id", "gone_id")})
    form = {name: real.get(name, value) for name, value in kept.fields if name != "id"}
    form |= {name: str(world.product.id) for name in form if name.endswith("[product_id]")}
    form |= {name: "box" for name in form if name.endswith("[unit]")}
    assert browser.post(path, data=form).status_code == 303
    for name in (*(name for name in form if "[1]" not in name), "id"):
        for value in NASTY:
            answer = browser.post(path, data=form | {name: value})
            assert answer.status_code in {303, 404, 409, 422}, (name, value)
            assert "<script>alert" not in answer.text
            told = ('role="alert"', 'class="error"', 'class="evidence')
            assert answer.status_code == 303 or any(sign in answer.text for sign in told), name


PAGES = {
    "accounts.choose_look.v1": "/more/look",
    "accounts.choose_map.v1": "/more/map",
    "customers.add.v1": "/customers",
    "customers.merge.v1": "/customers/merge",
    "customers.tell_apart.v1": "/customers/tell-apart",
    "customers.unmerge.v1": "/customers/unmerge",
    "followups.keep_promise.v1": "/promises/kept",
    "followups.make_promise.v1": "/promises",
    "orders.place.v1": "/orders",
    "planning.add_stop.v1": "/today/add",
    "planning.cancel_leave.v1": "/leave/cancel",
    "planning.cancel_visit.v1": "/plans/cancel",
    "planning.plan_visit.v1": "/plans",
    "planning.cross_off_key_point.v1": "/key-points/cross-off",
    "planning.order_stops.v1": "/today/order",
    "planning.pin_stop.v1": "/today/pin",
    "planning.plan_again.v1": "/today/again",
    "planning.set_cadence.v1": "/policy/cadence",
    "planning.set_day.v1": "/policy/days",
    "planning.set_minutes.v1": "/policy/minutes",
    "customers.set_visit_minutes.v1": "/customers/visit-minutes",
    "planning.set_frame.v1": "/policy/frame",
    "planning.set_shares.v1": "/policy/shares",
    "planning.set_worth.v1": "/policy/worth",
    "planning.skip_stop.v1": "/today/skip",
    "planning.take_leave.v1": "/leave",
    "planning.undo_by_hand.v1": "/today/undo",
    "planning.unpin_stop.v1": "/today/unpin",
    "planning.write_key_point.v1": "/key-points",
    "sync.let_in.v1": "/devices/let-in",
    "sync.shut_out.v1": "/devices/shut-out",
    "visits.check_in.v1": "/visits/check-in",
    "visits.check_out.v1": "/visits/check-out",
    "visits.record_contact.v1": "/visits/contact",
    "visits.give_up_photo.v1": "/visits/photo/give-up",
    "visits.take_photo.v1": "/visits/photo",
    "visits.write_note.v1": "/visits/note",
}
