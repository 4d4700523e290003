"""The answer of `roadbook route`, as JSON: docs/route.md says what each field means."""

from app.core.i18n import gettext as _
from app.core.i18n import mark
from app.planning.route.problem import LeftOut, Plan, Visit, Why
from app.planning.route.question import Question

Answer = dict[str, object]


def reply_of(question: Question, plan: Plan) -> Answer:
    """Minutes of the day as in the question; `minutes` are those on the road."""
    worth = sum(_worth(question, visit) for visit in plan.order)
    reply: Answer = {
        "order": [_visit(question, visit) for visit in plan.order],
        "dropped": [
            {"id": question.asked[out.id.int].name, "why": _why(question, out)}
            for out in plan.left_out
        ],
        "worth": int(worth) if float(worth).is_integer() else worth,
        "minutes": _minutes(question, plan.seconds),
        "finish": _minutes(question, plan.finish_s),
        "proven": plan.proven,
    }
    if question.with_km:
        reply["km"] = round(plan.metres / 1000, 1)
    if plan.lunch_s is not None:
        reply["lunch"] = _minutes(question, plan.lunch_s)
    return reply


def _visit(question: Question, visit: Visit) -> Answer:
    asked = question.asked[visit.id.int]
    start = _minutes(question, visit.start_s)
    return {
        "id": asked.name,
        "arrive": _minutes(question, visit.arrive_s),
        "start": start if asked.fixed is None else _plain(asked.fixed),
        "leave": _minutes(question, visit.leave_s),
    }


def _worth(question: Question, visit: Visit) -> float:
    asked = question.asked[visit.id.int]
    early = question.problem.stops[visit.id.int].early
    return asked.worth + (
        asked.early[1] if early and asked.early and visit.start_s <= early.until_s else 0
    )


def _minutes(question: Question, parts: int) -> float:
    return _plain(parts / question.per_minute)


def _plain(minutes: float) -> float:
    return int(minutes) if minutes.is_integer() else minutes


def _why(question: Question, out: LeftOut) -> str:
    away = round(out.away_s / question.per_minute)
    names = ", ".join(str(question.asked[one.int].name) for one in out.instead)
    if out.why is Why.CLOSED_THEN:
        return _shut(question, out, away)
    said = {
        Why.TOO_FAR: mark("%(minutes)s min away, and there is no way back in time"),
        Why.APPOINTMENTS: mark("no time for it beside %(visits)s"),
        Why.FULL: mark("the day has as many visits as it may"),
        Why.COSTS_OTHERS: mark("would cost %(visits)s"),
        Why.DOES_NOT_FIT: mark("cannot be reached within opening hours today"),
    }
    return _(said.get(out.why, mark("closed for the rest of today")), minutes=away, visits=names)


def _shut(question: Question, out: LeftOut, away: int) -> str:
    begins, ends = out.shut or (0, None)
    if ends is None:
        return _(
            "closed from %(begins)s and %(minutes)s min away",
            begins=_clock(question, begins),
            minutes=away,
        )
    return _(
        "closed %(begins)s–%(ends)s and %(minutes)s min away",
        begins=_clock(question, begins),
        ends=_clock(question, ends),
        minutes=away,
    )


def _clock(question: Question, parts: int) -> str:
    minutes = parts // question.per_minute
    return f"{minutes // 60 % 24}:{minutes % 60:02}"
