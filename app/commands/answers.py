"""``ambp ask`` and ``ambp eval``."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
from pydantic import BaseModel, ConfigDict, ValidationError

from app.answering.answer import Answer, NoteKind, Status
from app.citation_checks import CitationCheck, check, check_lines
from app.commands import Launch, pass_launch
from app.comparison import Pair, side_by_side
from app.evaluation import Expectation, Judgement, judge, report
from app.log import keep_traceback, where_details_are
from app.output import answer_row, answer_text, model_row
from app.progress import progress_bar
from corpus.errors import AssistantError

_QUESTIONS = click.Path(exists=True, dir_okay=False, path_type=Path)
Row = TypeVar("Row", bound=BaseModel)


class BatchRow(BaseModel):
    """One question of a batch; other keys of a row are ignored."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str | int
    question: str
    history: tuple[str, ...] = ()


@click.command()
@click.argument("question", required=False)
@click.option(
    "--history",
    multiple=True,
    metavar="QUESTION",
    help="An earlier question of the conversation, the oldest first. May be given many times.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--batch", type=_QUESTIONS, help="Answer every question of a file of JSON lines.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the answers of a batch go. Default: standard output.",
)
@pass_launch
def ask(
    launch: Launch,
    question: str | None,
    history: tuple[str, ...],
    form: str,
    batch: Path | None,
    output: Path | None,
) -> None:
    """Answer QUESTION with numbered citations, or every question of a --batch.

    A row of a batch has the keys id, question and history (earlier questions, may be left out).
    """
    if (question is None) == (batch is None):
        raise click.UsageError("Give a question or a --batch, and not both.")
    if batch is not None:
        if history or form != "text":
            raise click.UsageError("--history and --format are for a single question.")
        _answer_batch(launch, batch, output)
        return
    if output is not None:
        raise click.UsageError("--output is for a --batch.")
    if not (question or "").strip():
        raise click.UsageError("The question is empty.")
    with launch.assistant() as assistant:
        answer = assistant.ask(str(question), history)
    if form == "json":
        click.echo(json.dumps(answer_row(answer) | model_row(answer), ensure_ascii=False, indent=2))
    else:
        click.echo(answer_text(answer))


def _answer_batch(launch: Launch, batch: Path, output: Path | None) -> None:
    rows = read_rows(batch, BatchRow)
    failed, log = 0, None
    with launch.assistant() as assistant, _written(output) as out, progress_bar() as on_progress:
        for done, row in enumerate(rows):
            on_progress("Answering", done, len(rows), row.question)
            started = time.perf_counter()
            try:
                answer = assistant.ask(row.question, row.history)
            except Exception as error:  # one question must not cost the answers to the others
                failed += 1
                log = keep_traceback(error, launch.settings.data_dir)
                answer = _failure(row.question, error)
            seconds = round(time.perf_counter() - started, 4)
            line = {"id": row.id, **answer_row(answer), "seconds": seconds, **model_row(answer)}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    if failed:
        questions = f"{failed} of {len(rows)} questions"
        raise AssistantError(f"{questions} could not be answered{where_details_are(log)}")


def _failure(question: str, error: Exception) -> Answer:
    """What stands in for an answer that did not come about."""
    why = error.line() if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
    text, note = "This question could not be answered.", f"This question failed: {why}"
    return Answer(question, text, Status.ABSTAINED, notes=(note,), kinds=(NoteKind.REST,))


@click.command("eval")
@click.argument("questions", type=_QUESTIONS)
@pass_launch
def evaluate(launch: Launch, questions: Path) -> None:
    """Score the answers to a question set: QUESTIONS is a file of JSON lines.

    Keys of a row: id, kind, question, history, must, must_not, sources, abstain, max_words. What
    the answers cite is checked too: quotes against the passages, figures against the quotes. With
    a chat model, a last table sets its answers beside those without it.
    """
    rows = read_rows(questions, Expectation)
    judgements: list[Judgement] = []
    checks: list[CitationCheck] = []
    seconds: list[float] = []
    pairs: list[Pair] = []
    with launch.assistant() as assistant, progress_bar() as on_progress:
        assistant.warm_up()
        for done, row in enumerate(rows):
            on_progress("Answering", done, len(rows), row.question)
            started = time.perf_counter()
            answer = assistant.ask(row.question, row.history)
            seconds.append(time.perf_counter() - started)
            judgements.append(judge(row, answer))
            checks.append(check(answer, assistant.passage))
            if assistant.wording:
                plain = assistant.ask_without_model(row.question, row.history)
                pairs.append(Pair(judge(row, plain), judgements[-1], answer))
    lines = [*report(judgements), *check_lines(checks, seconds)]
    click.echo("\n".join(lines + (side_by_side(pairs) if pairs else [])))


def read_rows(path: Path, model: type[Row]) -> Sequence[Row]:
    """The rows of a JSON lines file; raises AssistantError that names the first bad line."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise AssistantError(f"{path} is not UTF-8 text", remedy="Save it as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(model.model_validate_json(line))
        except ValidationError as error:
            raise AssistantError(
                f"{path}, line {number}: {_what_is_wrong(error)}",
                remedy=f"A row is a JSON object with {_keys(model)}.",
            ) from error
    return rows


def _what_is_wrong(error: ValidationError) -> str:
    first: Mapping[str, Any] = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _keys(model: type[BaseModel]) -> str:
    return " and ".join(name for name, key in model.model_fields.items() if key.is_required())


@contextmanager
def _written(path: Path | None) -> Iterator[TextIO]:
    """A file to write that takes its name only when all is written; None: standard output."""
    if path is None:
        yield sys.stdout
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        out = draft.open("w", encoding="utf-8")
    except OSError as error:
        raise AssistantError(
            f"{path} cannot be written ({error.strerror})", remedy="Choose another --output."
        ) from error
    try:
        with out:
            yield out
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
