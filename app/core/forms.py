"""Forms: a command while it is being filled in."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.commands import Command
from app.core.errors import Refused
from app.core.i18n import gettext
from app.core.i18n import mark as _

Fields = Iterable[tuple[str, Any]]  # what FormData.entries() yields, on phone and server alike
C = TypeVar("C", bound=Command)

MAX_LIST = 500  # the most entries a list in a form may have
MAX_DEPTH = 8  # of names such as lines[0][product_id]
LINE_NUMBER = re.compile(r"[0-9]{1,9}")

LIMITS = {
    MaxLen: ("maxlength", "max_length"),
    MinLen: ("minlength", "min_length"),
    Ge: ("min", "ge"),
    Le: ("max", "le"),
}

SENTENCES = {
    "missing": _("Please fill this in."),
    "string_too_long": _("At most %(max_length)s characters."),
    "string_too_short": _("At least %(min_length)s characters."),
    "time_parsing": _("Please give a time, for example 10:30."),
    "too_long": _("At most %(max_length)s are possible."),
    "too_short": _("Please add at least one."),
    "date_from_datetime_parsing": _("Please give a date, for example 2026-11-30."),
    "date_from_datetime_inexact": _("Please give a date, for example 2026-11-30."),
    "date_parsing": _("Please give a date, for example 2026-11-30."),
    "decimal_max_digits": _("This number is too long."),
    "decimal_max_places": _("At most %(decimal_places)s decimal places."),
    "decimal_parsing": _("Please give a number."),
    "decimal_type": _("Please give a number."),
    "decimal_whole_digits": _("This number is too long."),
    "finite_number": _("Please give a number."),
    "int_from_float": _("Please give a whole number."),
    "int_parsing": _("Please give a whole number."),
    "int_parsing_size": _("This number is too long."),
    "float_parsing": _("Please give a number."),
    "greater_than": _("Must be more than %(gt)s."),
    "greater_than_equal": _("Must be at least %(ge)s."),
    "less_than": _("Must be less than %(lt)s."),
    "less_than_equal": _("Must be at most %(le)s."),
    "enum": _("Please choose one of those offered."),
}


class Form(Generic[C]):
    """What was typed, what is wrong with it, and the command once nothing is."""

    def __init__(self, command_type: type[C], **values: Any) -> None:
        self.type, self.values = command_type, values
        self.errors: dict[str, str] = {}
        self.command: C | None = None

    @classmethod
    def read(cls, command_type: type[C], fields: Fields) -> "Form[C]":
        """Parse name-value pairs; `errors` maps a field's path to a sentence."""
        form = cls(command_type)
        try:
            form.values = nested(fields)
            form.command = command_type.model_validate(form.values)
        except ValidationError as wrong:
            form.errors = {".".join(map(str, e["loc"])): sentence(e) for e in wrong.errors()}
        except Refused as wrong:
            form.errors = {"": str(wrong)}
        return form

    @property
    def key(self) -> str:
        """A name for the form's parts in the page: `visits-check_in`."""
        return self.type.wire_name.rsplit(".", 1)[0].replace(".", "-")

    def value(self, name: str) -> Any:
        """What was typed, else the field's own default."""
        field = self.type.model_fields.get(name)
        default = None if field is None or field.is_required() else field.default
        value = self.values.get(name, default)
        return "" if value is None else value

    def error(self, name: str) -> str:
        return self.errors.get(name, "")

    def elsewhere(self) -> list[str]:
        """Errors of no visible field, to be shown above the form; a visible one has a title."""
        fields = self.type.model_fields
        shown = {name for name, field in fields.items() if field.title}
        return [text for name, text in self.errors.items() if name not in shown]

    def sentences(self) -> Iterator[str]:
        """Every error, with the name of its field where that has one."""
        for name, text in self.errors.items():
            field = self.type.model_fields.get(name)
            titled = field is not None and field.title
            yield f"{self.label(name)}{gettext(_(': '))}{text}" if titled else text

    def label(self, name: str) -> str:
        return gettext(self.type.model_fields[name].title or name)

    def hint(self, name: str) -> str:
        return gettext(self.type.model_fields[name].description or "")

    def attributes(self, name: str) -> dict[str, Any]:
        """The browser checks what the server will check, from the same definition."""
        field = self.type.model_fields[name]
        rules = [rule for rule in field.metadata if type(rule) in LIMITS]
        limits = {LIMITS[type(rule)][0]: getattr(rule, LIMITS[type(rule)][1]) for rule in rules}
        return {"name": name, "required": "required" if field.is_required() else None, **limits}


def sentence(error: ErrorDetails) -> str:
    """A clear sentence instead of the validator's own."""
    context = error.get("ctx", {})
    if error["type"] == "value_error" and isinstance(context.get("error"), Refused):
        return str(context["error"])
    return gettext(SENTENCES.get(error["type"], _("This does not look right.")), **context)


def nested(fields: Fields) -> dict[str, Any]:
    """`lines[0][sku]=A` becomes `{"lines": [{"sku": "A"}]}`; the last of equal names wins."""
    tree: dict[str, Any] = {}
    for path, value in fields:
        *parents, leaf = re.findall(r"[^\[\]]+", path) or [path]
        if len(parents) > MAX_DEPTH:
            raise Refused(_("This form is broken. Open it again."))
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
            if not isinstance(branch, dict):
                raise Refused(_("This form is broken. Open it again."))
        if isinstance(branch.get(leaf), dict):
            raise Refused(_("This form is broken. Open it again."))
        branch[leaf] = value
    return {key: listed(branch) for key, branch in tree.items()}


def listed(branch: Any) -> Any:
    """A branch whose keys are all numbers is a list, in the order of the numbers."""
    if not isinstance(branch, dict):
        return branch
    inner = {key: listed(value) for key, value in branch.items()}
    if not inner or not all(map(LINE_NUMBER.fullmatch, inner)):
        return inner
    if len(inner) > MAX_LIST:
        raise Refused(_("Too many lines. At most %(most)s are possible."), most=MAX_LIST)
    return [inner[key] for key in sorted(inner, key=int)]
