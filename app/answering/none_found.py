"""What is said where a query finds nothing: there is none, or there is no record of it."""

from app.answering.answer import Status
from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.membership import membership
from app.answering.plans import Membership, Select
from app.answering.speaking import Speaker
from corpus.records import KINDS
from corpus.schema import FieldType, fields_of
from retrieval.query import QueryResult, Test, first

BELONGING = frozenset({"role", "on_project_list"})  # conditions that only say what counts at all


def none_found(plan: Select, result: QueryResult, speaker: Speaker) -> Draft:
    """That nothing fits: an answer where all records state what is asked for, else a refusal."""
    country = _none_of_country(plan, speaker)
    if country:
        return country
    many = speaker.vocabulary.kinds[plan.query.kind].many
    what = speaker.wording.query(plan.query, plan.text)
    settled = _settling(plan, speaker)
    if settled:
        text = f"None of the {result.total} on record: there are no {what}."
        return Draft((Statement(text, tuple(settled), (text,)),))
    text = f"There is no record of that: none of the {result.total} {many} fits ({what})."
    statements = (Statement(text), Statement(speaker.ask_whom()))
    return Draft(statements, status=Status.ABSTAINED)


def _settling(plan: Select, speaker: Speaker) -> list[Evidence]:
    """What each record of the kind states of the choices asked about; empty if one is silent.

    Names are no choices: what is not on record may still lead, supply or belong to something.
    """
    query = plan.query
    specs = fields_of(KINDS[query.kind])
    asked = [c for c in query.conditions if c.path not in BELONGING]
    choices = all(c.path in specs and specs[c.path].type is FieldType.CHOICE for c in asked)
    if plan.text or query.source or not choices or any(c.test is not Test.IS for c in asked):
        return []
    records = speaker.records.of(query.kind)
    seen = [(record, c.path, first(record, c.path)) for c in asked for record in records]
    if not all(told for _, _, told in seen):
        return []
    return list(present(speaker.cards.field(r, path, told) for r, path, told in seen if told))


def _none_of_country(plan: Select, speaker: Speaker) -> Draft | None:
    """Where no region of one country takes part, but one is on record: how that one stands."""
    asked = [c for c in plan.query.conditions if c.path not in BELONGING]
    country = asked[0] if len(asked) == 1 and not plan.text else None
    if plan.query.kind != "region" or country is None or country.path != "country":
        return None
    if country.test is not Test.IS or len(country.values) != 1:
        return None
    regions = [
        record.key
        for record in speaker.records.of("region")
        if set(country.values) & set(speaker.records.values(record, "country"))
    ]
    if not regions:
        return None
    return membership(Membership(tuple(regions), country=country.values[0], plain=True), speaker)
