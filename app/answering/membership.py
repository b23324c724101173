"""Whether a region belongs to the partnership: leading, participating, interested, or no record."""

from dataclasses import replace
from typing import Any

from app.answering.evidence import Draft, Evidence, Statement, present
from app.answering.plans import Membership
from app.answering.speaking import Speaker, stopped
from app.answering.wording import enumerate_words
from corpus.countries import country_name
from corpus.schema import Observation, Record
from corpus.values import PartialDate

_ROLES = {"committed": ("leading", "participating"), "interested": ("interested",)}


def membership(plan: Membership, speaker: Speaker) -> Draft:
    """The role on record, or that there is no record, which is not the same as "no"."""
    if plan.country:
        return _country(plan, speaker)
    if not plan.keys:
        return _no_record(plan.subject, speaker)
    drafts = [_role(speaker.record(key), speaker, plan.plain) for key in plan.keys]
    statements = dict.fromkeys(s for draft in drafts for s in draft.statements)
    notes = tuple(note for draft in drafts for note in draft.notes)
    return Draft(tuple(statements), notes, subjects=tuple(s for d in drafts for s in d.subjects))


def _country(plan: Membership, speaker: Speaker) -> Draft:
    """The regions of a country, by role: a country itself cannot be a member."""
    country = country_name(plan.country)
    about = speaker.partnership.abbreviation
    by_role: dict[str, list[tuple[Record, Observation[Any]]]] = {}
    for key in plan.keys:
        record = speaker.record(key)
        seen = record.observed("role").first
        if seen:
            by_role.setdefault(seen.value, []).append((record, seen))
    if not by_role:
        return _no_record(f"a region of {country}", speaker)
    statements = []
    committed = [pair for role in _ROLES["committed"] for pair in by_role.get(role, [])]
    interested = by_role.get("interested", [])
    for pairs, one, many in (
        (committed, "takes part in {}", "take part in {}"),
        (interested, "has expressed interest in {} but is not committed",
         "have expressed interest in {} but are not committed"),
    ):  # fmt: skip
        if not pairs:
            continue
        said = (one if len(pairs) == 1 else many).format(about)
        dates = [seen.as_of for _, seen in pairs if seen.as_of]
        when = f" (as of {max(dates)})" if dates else ""
        names = enumerate_words([record.name for record, _ in pairs])
        count = f"{len(pairs)} region{'s' if len(pairs) > 1 else ''} of {country}"
        lines = present(speaker.cards.field(r, "role", seen) for r, seen in pairs)
        statements.append(Statement(f"{count} {said}{when}: {names}.", lines, (count, when)))
    lead = "Yes. " if committed and not plan.plain else ""
    if not committed:
        lead = f"No region of {country} is committed. "
    statements[0] = replace(statements[0], text=f"{lead}{statements[0].text}")
    extra = [] if committed else joining(speaker)
    subjects = tuple(record.name for record, _ in committed)
    return Draft((*statements, *extra), subjects=subjects)


def _role(record: Record, speaker: Speaker, plain: bool) -> Draft:
    seen = record.observed("role").first
    if seen is None:
        return _no_record(record.name, speaker)
    name, about = record.name, speaker.partnership.abbreviation
    when = f" (as of {seen.as_of})" if seen.as_of else ""
    yes = "" if plain else "Yes. "
    text = {
        "leading": f"{yes}{name} is one of the leading regions of {about}{when}.",
        "participating": f"{yes}{name} is a participating region of {about}{when}.",
        "interested": f"{name} has expressed interest in {about} but is not committed{when}.",
    }[seen.value]
    statement = Statement(text, present([speaker.cards.field(record, "role", seen)]), (when,))
    extra = joining(speaker) if seen.value == "interested" else []
    return Draft((statement, *extra), tuple(speaker.others(record, "role")), subjects=(name,))


def _no_record(subject: str, speaker: Speaker) -> Draft:
    counts: list[str] = []
    dates: list[PartialDate] = []
    evidence: list[Evidence | None] = []
    for word, values in _ROLES.items():
        found = [
            (record, seen)
            for record in speaker.records.of("region")
            if (seen := record.observed("role").first) and seen.value in values
        ]
        counts.append(f"{len(found)} {word}")
        dates += [seen.as_of for _, seen in found if seen.as_of]
        evidence += [speaker.cards.field(r, "role", seen) for r, seen in found[:1]]
    when = f" (lists as of {max(dates)})" if dates else ""
    text = (
        f"There is no record of {subject} in {speaker.partnership.abbreviation}: it is not listed "
        f"among the {enumerate_words(counts)} regions{when}. The lists may have changed since."
    )
    return Draft((Statement(text, present(evidence), (*counts, when)), *joining(speaker)))


def joining(speaker: Speaker) -> list[Statement]:
    """How a region joins, from the requirement that the partnership names for it."""
    record = speaker.records.get(("requirement",), speaker.partnership.joining)
    seen = record.observed("statement").first if record else None
    if record is None or seen is None:
        return []
    evidence = present([speaker.cards.field(record, "statement", seen)])
    return [Statement(stopped(f"To join: {seen.value}"), evidence)]
