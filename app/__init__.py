"""Questions to answers, the web pages, the command line and the settings.

``from app import Assistant`` is all that other Python code needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.assistant import Assistant

__all__ = ["Assistant"]


def __getattr__(name: str) -> Any:
    # Only whoever wants the assistant waits for the library to be imported.
    if name == "Assistant":
        from app.assistant import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
