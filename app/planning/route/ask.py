"""`roadbook route`: a question in JSON, the answer in JSON."""

import json
from importlib import import_module

from app.planning.route.question import question_of
from app.planning.route.reply import reply_of
from app.planning.route.solve import answered


def ask(text: str) -> str:
    """Answer within the seconds of the question; Refused when it cannot be understood."""
    import_module("app.planning.route.engine")  # slow to load: before the clock starts
    question = question_of(text)
    plan = answered(question.problem, seed=question.seed, seconds=question.seconds)
    return json.dumps(reply_of(question, plan), ensure_ascii=False)
