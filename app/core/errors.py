"""Refusals: exceptions that carry a sentence for the person who asked."""

from app.core.i18n import gettext


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """We understood, and the answer is no. `message` is a marked message id."""

    status = 409

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message, self.params = message, params

    def __str__(self) -> str:
        """The sentence in the reader's language."""
        return gettext(self.message, **self.params)


class NotFound(Refused):
    """There is no such thing among those this person may see."""

    status = 404


class SignInNeeded(Refused):
    status = 401
