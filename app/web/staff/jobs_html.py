"""A change of the library in HTML: how far it is, and what came of it."""

from collections.abc import Mapping
from html import escape

from app.rereading import Reindexed
from app.staff.jobs import Job, Kind, State
from app.web.staff.sources_html import gaps_html
from app.web.texts import texts
from app.workspace import FileReport

Titles = Mapping[str, str]  # of sources, by id


def job_html(job: Job, titles: Titles, language: str) -> str:
    """What stands inside the change's entry in the list."""
    words = texts("staff", language)
    name = _name(job, words)
    if job.state is State.FAILED:
        return f"{_head(name)}{_failure(job, words)}"
    if job.state is not State.DONE:
        return f"{_head(name)}{_progress(job, name, words)}"
    unread = job.report.warnings if job.report else ()
    unread = job.reindexed.problems if job.reindexed else unread
    gaps = gaps_html(unread, words)
    return f'{_head(name)}<p class="outcome">{escape(_outcome(job, titles, words))}</p>{gaps}'


def job_line(job: Job, titles: Titles, language: str) -> str:
    """The same in one line for those who listen to the page; "" while nothing came of it."""
    words = texts("staff", language)
    if job.state is State.FAILED:
        return f"{_name(job, words)}: {_failed(job, words)}."
    return f"{_name(job, words)}: {_outcome(job, titles, words)}" if job.over else ""


def _name(job: Job, words: Mapping[str, str]) -> str:
    if job.kind in (Kind.REMOVE, Kind.RESTORE, Kind.REINDEX, Kind.READ):
        return words[f"job_{job.kind}"].format(name=job.name)
    return job.name


def _head(name: str) -> str:
    return f'<p class="name">{escape(name)}</p>'


def _progress(job: Job, name: str, words: Mapping[str, str]) -> str:
    state = words["working"]
    if job.state is State.WAITING:
        state = words["waiting"]
    elif job.state is State.EMBEDDING:
        state = words["embedding"].format(done=job.done, total=job.total)
    elif job.kind in (Kind.ADD, Kind.REPLACE, Kind.READ):
        state = words["reading"]
    amount = f'value="{job.done}" max="{job.total}"' if job.total else ""
    bar = "" if job.state is State.WAITING else f'<progress aria-label="{escape(name)}" {amount}>'
    return f'<p class="state">{escape(state)}</p>{bar}{"</progress>" if bar else ""}'


def _failed(job: Job, words: Mapping[str, str]) -> str:
    return words["not_read" if job.kind in (Kind.ADD, Kind.REPLACE) else "not_done"]


def _failure(job: Job, words: Mapping[str, str]) -> str:
    """Why it failed, in the words of whatever failed, which are English."""
    if not job.problem:
        return f'<p class="outcome bad">{escape(words["unforeseen"])}</p>'
    problem = job.problem.rstrip(".")
    return (
        f'<p class="outcome bad">{escape(_failed(job, words))}: '
        f'<span lang="en">{escape(problem)}. {escape(job.remedy)}</span></p>'
    )


def _outcome(job: Job, titles: Titles, words: Mapping[str, str]) -> str:
    if job.removal:
        return words["removed"].format(
            documents=job.removal.documents, passages=job.removal.passages
        )
    if job.report:
        return _of_file(job.kind, job.report, titles, words)
    if job.proposed is not None:
        told = "proposed" if job.proposed.read == job.proposed.parts else "proposed_partly"
        return words[told].format(
            count=job.proposed.proposed, read=job.proposed.read, parts=job.proposed.parts
        )
    return _of_index(job.reindexed or Reindexed(), words)


def _of_index(done: Reindexed, words: Mapping[str, str]) -> str:
    mended, told = done.mended, []
    if done.read or done.problems:
        told.append(words["read_again"].format(read=done.read, changed=done.changed))
    if mended:
        told.append(
            words["mended"].format(
                words=mended.words_added + mended.words_dropped,
                meanings=mended.vectors_added + mended.vectors_dropped + mended.embedded,
            )
        )
    else:
        told.append(words["in_order"])
    return " ".join(told)


def _of_file(kind: Kind, report: FileReport, titles: Titles, words: Mapping[str, str]) -> str:
    told = "restored" if kind is Kind.RESTORE else str(report.outcome)
    return words[told].format(
        source=titles.get(report.source_id, report.source_id), passages=report.passages
    )
