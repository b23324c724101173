"""``ambp mcp`` and ``ambp mcp-token``: for programs that speak the Model Context Protocol."""

import os
import signal
import sys

import anyio
import click

from app.assistant import Assistant
from app.commands import Launch, pass_launch
from app.log import one_line_each
from app.progress import OnProgress
from app.settings import SCOPES
from corpus.errors import SettingsError
from corpus.knowledge import load_partnership


@click.command()
@pass_launch
def mcp(launch: Launch) -> None:
    """Serve a desktop assistant over standard input and output (MCP).

    An assistant starts this command itself: put it into the assistant's list of MCP servers. What
    it may do is set with AMBP_MCP_SCOPES. Over HTTP, ambp serve has the same at /mcp.
    """
    # The protocol's library takes a while to import, and no other command needs it.
    from app.mcp_server.stdio import serve_stdio

    settings = launch.settings
    if not settings.mcp_scopes:
        raise SettingsError(
            "AMBP_MCP_SCOPES allows nothing", remedy=f"Name some of {', '.join(SCOPES)}."
        )
    partnership = load_partnership(settings.knowledge_dir)

    def opened(on_progress: OnProgress) -> Assistant:
        return launch.open_assistant(settings, on_progress)

    def tell(line: str) -> None:
        click.echo(f"ambp: {line}", err=True)

    if sys.stdin.isatty():
        tell("This is spoken to by a desktop assistant, which starts it itself. Ctrl-C ends it.")
    # Python's own way waits for the next line of input. The library is whole at any instant.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with one_line_each(settings.data_dir):
        anyio.run(serve_stdio, opened, partnership, settings, tell)
    # All is closed. Taking the interpreter apart would take a second or more, and as long as a
    # library is still being opened; whoever hung up waits for the end, and kills what is slow.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@click.command("mcp-token")
@click.argument("name", required=False)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the program may do. May be given many times. Default: all that is allowed.",
)
@click.option("--remove", is_flag=True, help="Take the key of that name away.")
@pass_launch
def mcp_token(launch: Launch, name: str | None, scopes: tuple[str, ...], remove: bool) -> None:
    """Make a key for a program that comes to /mcp over HTTP; without NAME, list the keys.

    Once there is a key, no program comes in without one. A key is shown only when it is made.
    """
    from app.mcp_server.tokens import Tokens

    tokens = Tokens(launch.settings.data_dir)
    if name is None:
        if scopes or remove:
            raise click.UsageError("Give the NAME of a key.")
        for token in tokens.all():
            click.echo(f"{token.name}: {', '.join(token.scopes)}")
        if not tokens.needed:
            click.echo("There are no keys: programs come in without.")
    elif remove:
        if not tokens.remove(name):
            raise SettingsError(f"there is no key {name!r}", remedy="ambp mcp-token lists them.")
        click.echo(f"The key {name} opens nothing any more.")
        if not tokens.all():
            click.echo(f"No program can come in now. To let all in, delete {tokens.path}.")
    else:
        click.echo(tokens.make(name, scopes or SCOPES))
        click.echo("Keep it safe, it is not shown again.", err=True)
