"""Slows down whoever keeps being wrong, so that a password cannot be found by trying."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from threading import Lock

Clock = Callable[[], float]  # seconds; only differences count


@dataclass(frozen=True, slots=True)
class _Failures:
    """How often somebody was wrong, and when the next try is heard."""

    count: int
    again_at: float


class Slowdown:
    """Waiting times that double with every failure after the first few.

    ``free`` failures cost nothing; then 1, 2, 4... seconds, at most ``longest``. Whoever does
    nothing wrong for ``forgiven_after`` seconds starts anew. Kept in memory alone.
    """

    def __init__(
        self,
        free: int,
        longest: float,
        *,
        forgiven_after: float = 3600.0,
        most_keys: int = 10_000,
        clock: Clock = time.monotonic,
    ) -> None:
        self._free, self._longest, self._forgiven_after = free, longest, forgiven_after
        self._most_keys, self._clock = most_keys, clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str) -> float:
        """For how many seconds this one is not heard; 0 when it is."""
        with self._lock:
            return max(0.0, self._of(key).again_at - self._clock())

    def begin(self, key: str) -> bool:
        """Begin a try: False, and nothing counted, where this one is not heard yet.

        A try counts as a failure until `succeeded` says otherwise, so that many tries at the same
        time count as what they are.
        """
        with self._lock:
            if self._of(key).again_at > self._clock():
                return False
            count = self._of(key).count + 1
            # 2 ** 30 seconds are more than anybody waits, and no number grows without end.
            extra = min(count - self._free - 1, 30)
            pause = min(2.0**extra, self._longest) if extra >= 0 else 0.0
            self._failures[key] = _Failures(count, self._clock() + pause)
            self._failures.move_to_end(key)
            while len(self._failures) > self._most_keys:
                self._failures.popitem(last=False)
            return True

    def succeeded(self, key: str) -> None:
        """Forget what this one did wrong."""
        with self._lock:
            self._failures.pop(key, None)

    def _of(self, key: str) -> _Failures:
        now = self._clock()
        found = self._failures.get(key)
        if found is None or now - found.again_at > self._forgiven_after:
            return _Failures(0, now)
        return found


def neighbourhood(address: str) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 that an IPv6 customer is given."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(ip_network((found.packed, 64), strict=False))
