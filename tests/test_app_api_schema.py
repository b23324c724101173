"""REST does what its description says, whatever is sent: tried out by schemathesis."""

from dataclasses import replace

import pytest
import schemathesis
from api_client import HERE
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from app.api.build import api_app
from app.api.gate import Gate
from app.api.metrics import Metrics
from app.service import Service
from corpus.knowledge import Partnership

# What JSON Schema cannot say: which fields a kind has, and which values a field takes.
_WITH_SENSE_OR_WITHOUT = ["2xx", "404", "422"]
_CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": 1,
        "cache": {"enabled": False},
        "checks": {"positive_data_acceptance": {"expected-statuses": _WITH_SENSE_OR_WITHOUT}},
        "operations": [
            # What it says depends on who asks.
            {"include-path": "/metrics", "checks": {"positive_data_acceptance": {"enabled": False}}}
        ],
    }
)
GATE = Gate(HERE.api_at_once)
NAMED = replace(HERE, hosts=("testserver",))  # as schemathesis calls what it asks
APP = api_app(GATE, Metrics(GATE), NAMED, Partnership(name="Woven Coasts", abbreviation="WCP"))
schema = schemathesis.openapi.from_asgi("/v1/openapi.json", APP, config=_CONFIG)


@pytest.fixture(scope="module", autouse=True)
def opened(woven_assistant):
    with GATE.opened(Service(woven_assistant)):
        yield


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(case):
    case.call_and_validate()
