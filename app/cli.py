"""The command ``ambp``.

Exit codes: 0 done, 1 the job failed, 2 wrong usage. An error is one line on stderr that says what
went wrong and what to do; ``--debug`` shows where in the program it happened.
"""

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click

from app.assistant import Assistant
from app.commands import Launch, OpenAssistant
from app.commands.answers import ask, evaluate
from app.commands.doctor import doctor
from app.commands.documents import ingest, remove, status
from app.commands.programs import mcp, mcp_token
from app.commands.records import records
from app.commands.serving import serve
from app.commands.staff import staff_password
from app.log import keep_traceback, where_details_are
from app.quiet import stay_quiet
from corpus.errors import AssistantError, SettingsError

DONE, FAILED, USAGE = 0, 1, 2
_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the library lives. Default: this user's data folder.",
)
@click.option(
    "--no-bundled",
    is_flag=True,
    help="Start without the bundled knowledge: only what was ingested answers.",
)
@click.option("--debug", is_flag=True, hidden=True)
@click.version_option(package_name="ambp", message="%(prog)s %(version)s")
@click.pass_obj
def cli(launch: Launch, data_dir: Path | None, no_bundled: bool, debug: bool) -> None:
    """Ask about the partnership, and keep the documents that the answers rest on."""
    launch.debug = debug
    launch.give(data_dir=data_dir, bundled=False if no_bundled else None)


for command in (
    serve,
    ask,
    ingest,
    remove,
    status,
    records,
    evaluate,
    doctor,
    staff_password,
    mcp,
    mcp_token,
):
    cli.add_command(command)


def main(
    arguments: Sequence[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    open_assistant: OpenAssistant = Assistant.open,
) -> int:
    """Run one command and return the exit code."""
    stay_quiet()
    launch = Launch(os.environ if environ is None else environ, open_assistant)
    try:
        code = cli.main(arguments, prog_name="ambp", standalone_mode=False, obj=launch)
    except click.UsageError as error:
        return _fail(_usage_line(error), USAGE)
    except click.ClickException as error:
        return _fail(error.format_message(), FAILED)
    except click.Abort:
        return _fail("Interrupted.", _INTERRUPTED)
    except AssistantError as error:
        if launch.debug:
            traceback.print_exc()
        return _fail(error.line(), USAGE if isinstance(error, SettingsError) else FAILED)
    except BrokenPipeError:
        # Whoever read the output has gone; without this, Python complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # nobody should have to read a traceback
        if launch.debug:
            traceback.print_exc()
        return _fail(_unexpected(error, launch), FAILED)
    return code if isinstance(code, int) else DONE


def _fail(line: str, code: int) -> int:
    click.echo(f"ambp: {' '.join(line.split())}", err=True)
    return code


def _usage_line(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "ambp"
    return f"{error.format_message().rstrip('.')}. See {path} --help."


def _unexpected(error: Exception, launch: Launch) -> str:
    """One line about an error that nobody foresaw; the traceback goes into a log."""
    name = f"{type(error).__name__}: {error}".rstrip(".")
    folder = None
    with suppress(AssistantError):  # where the library lives may be what is wrong
        folder = launch.settings.data_dir
    details = where_details_are(keep_traceback(error, folder))
    return f"Something went wrong ({name}). Please report it{details}."


if __name__ == "__main__":
    sys.exit(main())
