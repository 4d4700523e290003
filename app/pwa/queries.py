from sqlmodel import Session, text


def answers(db: Session) -> None:
    """Raises when the database does not answer."""
    db.connection().execute(text("SELECT 1"))
