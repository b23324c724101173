"""``ambp ingest``, ``ambp remove`` and ``ambp status``."""

import dataclasses
import json

import click

from app.commands import Launch, pass_launch
from app.progress import progress_bar
from app.workspace import FileReport, Outcome
from corpus.errors import AssistantError


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@pass_launch
def ingest(launch: Launch, paths: tuple[str, ...]) -> None:
    """Add files, or whole folders of them, to what answers rest on.

    A file that is there already is left alone, a changed one replaces its old version, and one that
    cannot be read is named with the reason while the others go in. The id of a bundled source that
    was removed brings it back.
    """
    with launch.assistant() as assistant, progress_bar() as on_progress:
        reports = assistant.ingest(paths, on_progress)
    for report in reports:
        if report.outcome is not Outcome.FAILED:
            click.echo(_report_line(report))
        for warning in report.warnings:
            click.echo(f"  {warning}")
    failures = [report for report in reports if report.outcome is Outcome.FAILED]
    for report in failures:
        reason = report.reason.rstrip(".")
        click.echo(f"not read   {report.name}: {reason}. {report.remedy}".rstrip(), err=True)
    if failures:
        raise AssistantError(f"{len(failures)} of {len(reports)} files could not be read")


def _report_line(report: FileReport) -> str:
    if report.outcome is Outcome.UNCHANGED:
        return f"unchanged  {report.name} (source {report.source_id})"
    return (
        f"{report.outcome:9}  {report.name} (source {report.source_id}, {report.passages} passages)"
    )


@click.command()
@click.argument("source")
@pass_launch
def remove(launch: Launch, source: str) -> None:
    """Remove everything that rests on SOURCE, the id of a source as citations give it."""
    with launch.assistant() as assistant:
        removal = assistant.remove(source)
    click.echo(
        f"Removed {source}: {removal.documents} documents, {removal.passages} passages. "
        "Nothing of it answers any more."
    )


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@pass_launch
def status(launch: Launch, form: str) -> None:
    """Say what the library holds and whether it is in order."""
    with launch.assistant() as assistant:
        found, sources = assistant.status(), assistant.sources()
    if form == "json":
        row = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
        click.echo(json.dumps({**row, "records": dict(found.records)}))
        return
    click.echo(
        f"{found.sources} sources, {found.documents} documents, {found.passages} passages, "
        f"{found.vectors} vectors ({found.embedder})"
    )
    for source in sources:
        click.echo(f"  {source.id}: {source.title}")
    click.echo(f"{sum(found.records.values())} records")
    for kind, count in found.records.items():
        click.echo(f"  {count:4} {kind}")
    click.echo("In order." if found.healthy else "Not in order. Run ambp doctor.")
