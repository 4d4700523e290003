"""What happened to sessions, for slices above."""

from dataclasses import dataclass

from app.accounts.models import SignIn


@dataclass(frozen=True)
class SignedIn:
    session: SignIn
