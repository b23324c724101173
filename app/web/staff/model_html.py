"""The chat model in HTML: what it has cost, and the records that it proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from app.proposals import Proposal, ProposedField, State
from app.web.texts import texts
from corpus.vocabulary import load_vocabulary

if TYPE_CHECKING:  # comes with the model
    from app.model.tally import Totals


@dataclass(frozen=True, slots=True)
class Modelled:
    """What there is to show: ``name`` and ``totals`` of the model ("", None: there is none)."""

    name: str
    totals: "Totals | None"
    proposals: Sequence[Proposal]
    titles: Mapping[str, str]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.name and not self.proposals


def model_html(shown: Modelled, language: str) -> str:
    """The inside of the section; "" where there is neither a model nor a proposal."""
    if shown.empty:
        return ""
    words = texts("staff", language)
    pending = [p for p in shown.proposals if p.state is State.PENDING]
    accepted = [p for p in shown.proposals if p.state is State.ACCEPTED]
    return (
        f'<h2 id="model-title">{escape(words["model_title"])}</h2>{_costs(shown, words)}'
        f'<h3>{escape(words["proposals_title"])}</h3><p class="hint">'
        f"{escape(words['proposals_hint'])}</p>"
        f"{_list(pending, shown.titles, words) or _none(words)}{_kept(accepted, shown, words)}"
    )


def _none(words: Mapping[str, str]) -> str:
    return f"<p>{escape(words['proposals_none'])}</p>"


def _kept(accepted: Sequence[Proposal], shown: Modelled, words: Mapping[str, str]) -> str:
    if not accepted:
        return ""
    summary = escape(words["accepted_title"].format(count=len(accepted)))
    return (
        f'<details class="accepted"><summary>{summary}</summary>'
        f"{_list(accepted, shown.titles, words)}</details>"
    )


def _costs(shown: Modelled, words: Mapping[str, str]) -> str:
    totals = shown.totals
    if totals is None:
        return ""
    usage = totals.usage
    figures = (
        ("cost_worded", totals.worded),
        ("cost_fallen", totals.fallen),
        ("cost_calls", usage.calls),
        ("cost_in", usage.tokens_in),
        ("cost_out", usage.tokens_out),
        ("cost_seconds", f"{usage.seconds:.1f}"),
    )
    rows = "".join(f"<div><dt>{escape(words[key])}</dt><dd>{n}</dd></div>" for key, n in figures)
    reasons = "".join(
        f"<li>{escape(why)} ({count})</li>" for why, count in sorted(totals.reasons.items())
    )
    why = (
        f"<details><summary>{escape(words['cost_why'])}</summary>"
        f'<ul lang="en">{reasons}</ul></details>'
        if reasons
        else ""
    )
    told = escape(words["model_name"].format(model=shown.name))
    return f'<p class="hint">{told}</p><dl class="costs">{rows}</dl>{why}'


def _list(
    proposals: Sequence[Proposal], titles: Mapping[str, str], words: Mapping[str, str]
) -> str:
    items = "".join(_proposal(each, titles, words) for each in proposals)
    return f'<ul class="proposals" role="list">{items}</ul>' if items else ""


def _proposal(proposal: Proposal, titles: Mapping[str, str], words: Mapping[str, str]) -> str:
    known = words["proposal_known" if proposal.known else "proposal_new"]
    title = titles.get(proposal.source_id, proposal.source_id)
    about = f"{words.get(f'kind_{proposal.kind}', proposal.kind)} \u00b7 {known} \u00b7 {title}"
    pending = proposal.state is State.PENDING
    buttons = (
        (("accept", "main", "accept"), ("reject", "", "reject"))
        if pending
        else (("accept", "", "save"), ("reject", "danger", "take_back"))
    )
    drawn = "".join(
        f'<button type="button" data-do="{do}" class="{css}" '
        f'aria-label="{escape(words[key])}: {escape(proposal.name)}">{escape(words[key])}</button>'
        for do, css, key in buttons
    )
    fields = "".join(_field(proposal, each, words) for each in proposal.fields)
    return (
        f'<li><form class="proposal" data-proposal="{proposal.id}" '
        f'data-version="{proposal.version}">'
        f'<h4>{escape(proposal.name)}</h4><p class="about">{escape(about)}</p>{fields}'
        f'<p class="buttons">{drawn}</p></form></li>'
    )


def _field(proposal: Proposal, field: ProposedField, words: Mapping[str, str]) -> str:
    name = f"proposal-{proposal.id}-{field.name}"
    label = load_vocabulary().label(proposal.kind, field.name)
    place = [words["on_page"].format(page=field.page)] if field.page else []
    where = ", ".join([*place, *([field.section] if field.section else [])])
    return (
        f'<div class="proposed"><label for="{name}">{escape(label)}</label>'
        f'<textarea id="{name}" data-field="{escape(field.name)}" rows="{len(field.values)}" '
        f'aria-describedby="{name}-quote">{escape(chr(10).join(field.values))}</textarea>'
        f'<blockquote id="{name}-quote">{escape(field.quote)}'
        f"{f'<footer>{escape(where)}</footer>' if where else ''}</blockquote></div>"
    )
