"""What pages share: the database, the templates, and how to answer."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2_fragments.fastapi import Jinja2Blocks
from sqlmodel import Session
from starlette.datastructures import UploadFile

from app.core import db as database
from app.core import i18n, shown
from app.core.commands import Command, clean
from app.core.errors import Refused
from app.core.forms import Form
from app.core.i18n import mark as _
from app.settings import ROOT, settings

MAX_FIELDS = 5_000


class Flush(Extension):
    """Leaves out what indents a tag: a tenth of a page, a hundred times in a list of a hundred."""

    def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
        return re.sub(r"\n[ \t]+(?=<)", "\n", source)


def templating() -> Jinja2Blocks:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        extensions=["jinja2.ext.i18n", Flush],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=not settings().production,
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined] # by the extension
    env.globals.update(shown.GLOBALS)
    env.globals.update(_=shown.say, gettext=shown.say, ngettext=shown.say_of)  # twice as fast
    # A global, because a macro imported at the top of a child is undefined when a block renders.
    env.globals["ui"] = env.get_template("_ui/ui.html").module
    env.globals["pack_hours"] = settings().pack_hours
    env.globals["camera_only"] = settings().photo_camera_only
    return Jinja2Blocks(env=env)


templates = templating()


Turn = Annotated[None, Depends(database.turn, scope="function")]


def session(request: Request, _turn: Turn) -> Iterator[Session]:
    """One request, one transaction, committed before the answer leaves (scope="function")."""
    writes = request.method not in database.READ_ONLY
    with database.transaction(request.app.state.engine, writes=writes) as db:
        yield db


Db = Annotated[Session, Depends(session, scope="function")]


def page(
    request: Request, template: str, *, block: str | None = None, status: int = 200, **context: Any
) -> Response:
    """The whole page, or for an htmx request only the block that changed."""
    context["person"] = getattr(request.state, "person", None)
    answer: Response = templates.TemplateResponse(
        request,
        template,
        context,
        status_code=status,
        block_name=block if partial(request) else None,
    )
    return answer


def retry(request: Request, template: str, form: Form[Any], **context: Any) -> Response:
    """The form again, with what is wrong; htmx puts it where the form was."""
    answer = page(request, template, block="form", form=form, status=422, **context)
    answer.headers["HX-Retarget"] = answer.headers["HX-Reselect"] = f"#{form.key}"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def see(path: str) -> Response:
    """Go and look there: a browser and htmx both follow a 303."""
    return RedirectResponse(path, status_code=303)


def partial(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


async def fields(request: Request) -> list[tuple[str, str]]:
    """The name-value pairs of a posted form; files are refused where none is expected."""
    try:
        pairs = (await request.form(max_fields=MAX_FIELDS, max_files=0)).multi_items()
    except (UnicodeError, LookupError) as wrong:  # a charset that is none
        raise Refused(_("This form is broken. Open it again.")) from wrong
    if any(isinstance(value, UploadFile) for _name, value in pairs):
        raise Refused(_("This form takes no files."))
    return [(clean(name), clean(str(value))) for name, value in pairs]


def posted(command: type[Command]) -> Any:
    """Dependency: the form that was posted, parsed as `command`."""

    def read(pairs: Annotated[list[tuple[str, str]], Depends(fields)]) -> Form[Any]:
        return Form.read(command, pairs)

    return Depends(read)
