"""Answers computed from records: each plan goes to the module that carries it out."""

from app.answering.disagreements import disagreement
from app.answering.evidence import Draft
from app.answering.listing import select
from app.answering.lookups import look_up
from app.answering.membership import membership
from app.answering.planning import Planner
from app.answering.plans import Disagreement, Lookup, Membership, Plan, Series
from app.answering.series import series
from app.answering.speaking import Speaker
from app.answering.understanding import Question


def carry_out(plan: Plan, question: Question, planner: Planner, speaker: Speaker) -> Draft | None:
    """What to say for a plan; None when the records turn out to say nothing."""
    if isinstance(plan, Lookup):
        return look_up(plan, question, speaker)
    if isinstance(plan, Membership):
        return membership(plan, speaker)
    if isinstance(plan, Disagreement):
        return disagreement(plan, speaker)
    if isinstance(plan, Series):
        return series(plan, question, speaker)
    return select(plan, question, planner, speaker)
