"""``ambp records``."""

import sys
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size

import click

from app.commands import Launch, pass_launch
from app.tables import Listing
from corpus.cards import Printer
from corpus.records import KINDS


def _conditions(
    _context: click.Context, _parameter: click.Parameter, values: Sequence[str]
) -> Mapping[str, str]:
    conditions = {}
    for value in values:
        field, equals, wanted = value.partition("=")
        if not (field.strip() and equals):
            raise click.BadParameter(f"{value!r} is not FIELD=VALUE, like country=FI.")
        conditions[field.strip()] = wanted.strip()
    return conditions


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option(
    "--where",
    "conditions",
    multiple=True,
    callback=_conditions,
    metavar="FIELD=VALUE",
    help="Only records whose field has this value, like country=FI. May be given many times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@pass_launch
def records(launch: Launch, kind: str, conditions: Mapping[str, str], form: str) -> None:
    """Print all records of a KIND, with the source of each value.

    Kinds are region, project, thematic_area, person, organisation, requirement, event and so on; a
    wrong KIND lists them all.
    """
    with launch.assistant() as assistant:
        knowledge, vocabulary = assistant.knowledge, assistant.vocabulary
    found = Listing(
        KINDS[kind],
        [record for record in knowledge.records if record.kind == kind],
        Printer.of(knowledge, vocabulary),
    ).where(conditions)
    if form == "json":
        click.echo(found.json())
    elif form == "csv":
        click.echo(found.csv())
    else:
        click.echo(found.table(get_terminal_size().columns if sys.stdout.isatty() else None))
