"""Keeps the libraries underneath from calling home and from writing to the terminal.

Several of them report usage or look for updates unless they are told not to, and they read that
from the environment when they are imported. So it is set once, before they are: by the command
line, by `app.assistant` and by the tests, whatever the shell says.
"""

import os
from collections.abc import MutableMapping

_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    # LangSmith looks at all four, in this order: the first that is set decides.
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGSMITH_OTEL_ENABLED": "false",
    "OTEL_SDK_DISABLED": "true",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
}


def stay_quiet(environ: MutableMapping[str, str] = os.environ) -> None:
    """Switch off everything that would leave this machine or litter the terminal."""
    environ.update(_QUIET)
