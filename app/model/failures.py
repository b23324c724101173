"""What went wrong with a chat model, in plain English, for the answer that was given without it."""

from collections.abc import Iterator


class ModelFailed(Exception):
    """The chat model gave nothing that can be used; the text says why, as the end of a sentence."""


def in_words(error: BaseException) -> str:
    """Why a chat model gave nothing, whichever client library says so: "it did not answer ...".

    The message of the error is not given: it may hold an address, a key or a document's text.
    """
    if isinstance(error, ModelFailed):
        return str(error)
    causes = list(_causes(error))
    # The client calls what broke off a connection error: the first cause says it best.
    said = [_by_status(_status(cause)) for cause in causes]
    said += [_by_name(type(cause).__name__) for cause in reversed(causes)]
    if why := next(filter(None, said), ""):
        return why
    return f"it failed ({type(error).__name__})"


def is_about_tools(error: BaseException) -> bool:
    """Whether a model may have been refused because it cannot use tools."""
    return isinstance(error, NotImplementedError) or any(
        _status(cause) in (400, 422, 500) and "tool" in str(cause).lower()
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(6):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _status(error: BaseException) -> int:
    """The HTTP status that an error carries; 0 for none."""
    response = getattr(error, "response", None)
    for held in (error, response):
        status = getattr(held, "status_code", None)
        if isinstance(status, int):
            return status
    return 0


def _by_status(status: int) -> str:
    if status in (401, 403):
        return "its server did not accept the key"
    if status == 404:
        return "its server does not know it"
    if status == 408:
        return "it did not answer in time"
    if status == 429:
        return "its server takes no more questions for now"
    if status >= 500:
        return "its server had an error of its own"
    return "its server did not accept the request" if status >= 400 else ""


def _by_name(name: str) -> str:
    if "Timeout" in name or "TimedOut" in name:
        return "it did not answer in time"
    if "Connect" in name:
        return "its server could not be reached"
    if "RemoteProtocol" in name or "ReadError" in name or "IncompleteRead" in name:
        return "its reply broke off"
    if "JSON" in name or "Decode" in name or "Validation" in name:
        return "its reply could not be read"
    return ""
