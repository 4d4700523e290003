"""Forms of somebody signed in: what is posted is done, or shown again with what is wrong."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.current import CurrentPerson
from app.accounts.models import Person
from app.core.commands import Command, execute
from app.core.forms import Form
from app.core.web import Db, posted, retry, see

C = TypeVar("C", bound=Command)


def takes(
    router: APIRouter,
    path: str,
    command: type[C],
    form: str,
    then: str | Callable[[Session, Person, C], str],
) -> None:
    """Let `path` take what the template `form` posts.

    When it is done one is taken to the path `then`: names in braces are fields of the command, and
    a function is asked once the command is done.
    """

    def post(
        request: Request,
        db: Db,
        person: CurrentPerson,
        asked: Annotated[Form[C], posted(command)],
    ) -> Response:
        if asked.command is None:
            return retry(request, form, asked)
        execute(db, person, asked.command)
        if isinstance(then, str):
            return see(then.format_map(dict(asked.command)))
        return see(then(db, person, asked.command))

    router.add_api_route(path, post, methods=["POST"], name=command.wire_name)
