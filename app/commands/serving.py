"""``ambp serve``."""

import click

from app.assistant import Assistant
from app.commands import Launch, pass_launch
from app.log import one_line_each
from app.progress import OnProgress
from corpus.knowledge import load_partnership


@click.command()
@click.option("--host", help="Address to serve at. Default: 127.0.0.1, this machine alone.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve at. Default: 7860.")
@pass_launch
def serve(launch: Launch, host: str | None, port: int | None) -> None:
    """Serve the chat at http://HOST:PORT until it is stopped with Ctrl-C."""
    # The web server takes a while to import, and no other command needs it.
    from app.web import load_examples
    from app.web import serve as serve_pages

    launch.give(host=host, port=port)
    settings = launch.settings

    def open_warm(on_progress: OnProgress) -> Assistant:
        assistant = launch.open_assistant(settings, on_progress)
        on_progress("Loading the embedding model", 0, 0, "")
        assistant.warm_up()
        return assistant

    with one_line_each(settings.data_dir):
        serve_pages(
            open_warm,
            settings.host,
            settings.port,
            partnership=load_partnership(settings.knowledge_dir),
            settings=settings,
            # They are about the bundled knowledge.
            examples=load_examples(settings.knowledge_dir) if settings.bundled else (),
            on_listening=lambda address: click.echo(f"The chat is at {address} (Ctrl-C stops it)."),
        )
