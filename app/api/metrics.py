"""Figures for a monitoring system (Prometheus): how many questions, how long, what is held.

No question, no address, nobody's name is among them. Each application has figures of its own, so
that several can live in one process.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.answering.answer import Answer
from app.api.gate import Gate
from app.service.service import Observe

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class Metrics:
    """Counts what is asked. Safe for threads."""

    def __init__(self, gate: Gate) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "ambp_questions",
            "Questions, by the door they came through and what became of them.",
            ["door", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "ambp_question_seconds",
            "Seconds from a question to its answer.",
            ["door"],
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._calls = Counter(
            "ambp_model_calls", "Requests to the chat model.", registry=self._registry
        )
        self._tokens = Counter(
            "ambp_model_tokens",
            "Tokens that the chat model read and wrote.",
            ["direction"],
            registry=self._registry,
        )
        self._fallbacks = Counter(
            "ambp_model_fallbacks",
            "Answers that a chat model should have worded and did not.",
            registry=self._registry,
        )
        self._registry.register(_Holdings(gate))

    def observe(self, door: str) -> Observe:
        """What is to be told of every question that comes through a door."""

        def observe(answer: Answer | None, seconds: float) -> None:
            self._questions.labels(door, str(answer.status) if answer else "failed").inc()
            self._seconds.labels(door).observe(seconds)
            if answer and answer.fallback:
                self._fallbacks.inc()
            if answer and answer.usage:
                self._calls.inc(answer.usage.calls)
                self._tokens.labels("in").inc(answer.usage.tokens_in)
                self._tokens.labels("out").inc(answer.usage.tokens_out)

        return observe

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self._registry)


class _Holdings(Collector):
    """What is held now, looked at when the figures are asked for."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "ambp_ready", "Whether questions can be asked (1) or not yet (0).", self._gate.ready
        )
        yield GaugeMetricFamily(
            "ambp_requests_inside",
            "Requests of other programs that are being worked on or wait.",
            self._gate.inside,
        )
        if not self._gate.ready:
            return
        held = self._gate.service.holdings()
        counts = {
            "sources": len(held.sources),
            "documents": len(held.documents),
            "passages": sum(document.passages for document in held.documents.values()),
            "records": len(held.records),
        }
        for name, count in counts.items():
            yield GaugeMetricFamily(f"ambp_{name}", f"How many {name} are held.", count)
