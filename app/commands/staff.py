"""``ambp staff-password``."""

import sys

import click

from app.commands import Launch, pass_launch
from app.staff.password import StaffPassword
from corpus.errors import AssistantError


@click.command("staff-password")
@click.option("--remove", is_flag=True, help="Take the password away: then nobody can sign in.")
@pass_launch
def staff_password(launch: Launch, remove: bool) -> None:
    """Set the password with which the staff signs in to the library page.

    Asked for twice on a terminal, else read from the first line of standard input. Without one
    there is no sign-in. Whoever was signed in has to sign in anew.
    """
    password = StaffPassword(launch.settings.data_dir)
    if remove:
        gone = password.remove()
        click.echo("Nobody can sign in any more." if gone else "No password was set.")
        return
    password.set(_typed() if sys.stdin.isatty() else _first_line())
    click.echo(
        f"The staff password is set ({password.path}). Sign in on the page /library of the server; "
        "whoever was signed in has to sign in anew."
    )


def _typed() -> str:
    # On stderr, as it is no result.
    typed: str = click.prompt(
        "New staff password", hide_input=True, confirmation_prompt="The same again", err=True
    )
    return typed


def _first_line() -> str:
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise AssistantError(
            "The password is not UTF-8 text", remedy="Save it as UTF-8."
        ) from error
