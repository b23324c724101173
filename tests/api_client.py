"""REST over the made-up partnership, without a server: what the tests of the doors share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from app.api.build import api_app
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.assistant import Assistant
from app.service import Service
from app.settings import Settings

HERE = Settings(data_dir=Path("nowhere"))


@contextmanager
def rest_of(
    assistant: Assistant,
    settings: Settings = HERE,
    *,
    ready: bool = True,
    client: str = "127.0.0.1",
    name: str = "127.0.0.1",
) -> Iterator[TestClient]:
    """A client of REST as ``client`` (an address) sees it, under the server's ``name``."""
    gate = Gate(settings.api_at_once)
    app = api_app(gate, Metrics(gate), settings, assistant.knowledge.partnership)
    caller = TestClient(app, base_url=f"http://{name}", client=(client, 5000))
    if not ready:
        yield caller
        return
    with gate.opened(Service(assistant)):
        yield caller
