"""Forms of somebody signed in: what is posted is done, or shown again with what is wrong."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.accounts.current import CurrentPerson
from app.core.commands import Command, execute
from app.core.forms import Form
from app.core.web import Db, posted, retry, see


def takes(router: APIRouter, path: str, command: type[Command], form: str, then: str) -> None:
    """Let `path` take what the template `form` posts.

    When it is done one is taken to the path `then`; names in braces are fields of the command.
    """

    def post(
        request: Request,
        db: Db,
        person: CurrentPerson,
        asked: Annotated[Form[Any], posted(command)],
    ) -> Response:
        if asked.command is None:
            return retry(request, form, asked)
        execute(db, person, asked.command)
        return see(then.format_map(dict(asked.command)))

    router.add_api_route(path, post, methods=["POST"], name=command.wire_name)
