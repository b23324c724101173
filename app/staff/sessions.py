"""Who is signed in: kept on the server, in memory; the browser has a random token and no more."""

import secrets
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from math import ceil
from threading import Lock

from app.staff.password import StaffPassword
from app.staff.slowing import Clock, Slowdown, neighbourhood
from corpus.errors import AssistantError

LONGEST_SECONDS = 12 * 3600  # of a session, however busy
IDLE_SECONDS = 3600  # without a request, after which it ends
_MOST_SESSIONS = 200
_EVERYBODY = ""


class SignInRefused(AssistantError):
    """A wrong password, or too many of them: ``wait`` is then the seconds until the next try."""

    def __init__(self, wait: int = 0) -> None:
        message = "Too many wrong passwords" if wait else "That is not the password"
        super().__init__(message, remedy=f"Try again in {wait} s." if wait else "Try again.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in. ``form_token`` has to come with everything that it changes."""

    form_token: str
    generation: str  # of the password that it was signed in with
    began: float
    seen: float

    def allows(self, form_token: str) -> bool:
        """Whether a change comes from a page of this session, and not from somebody else's."""
        return compare_digest(form_token.encode(), self.form_token.encode())


class Sessions:
    """The sessions of one data folder.

    A session ends when it is signed out of, after `IDLE_SECONDS` without a request, after
    `LONGEST_SECONDS`, with a change of the password, and with the server.
    """

    def __init__(self, password: StaffPassword, *, clock: Clock = time.monotonic) -> None:
        self._password, self._clock = password, clock
        self._held: dict[str, Session] = {}
        self._lock = Lock()
        self._visitor = Slowdown(free=4, longest=900.0, clock=clock)
        # Somebody with many addresses is slowed down too, though never so much as to keep the
        # staff out.
        self._everybody = Slowdown(free=60, longest=4.0, clock=clock)

    @property
    def open_to_staff(self) -> bool:
        """Whether there is anything to sign in to: a password is set."""
        return self._password.generation() is not None

    def sign_in(self, password: str, address: str) -> str:
        """The token of a new session; ``address`` is where the visitor comes from.

        Blocks for about half a second. Raises SignInRefused.
        """
        visitor = neighbourhood(address)
        self._begin(visitor)
        # Read before the check: a password that changes meanwhile makes no session.
        generation = self._password.generation()
        if generation is None or not self._password.fits(password):
            raise SignInRefused(ceil(self._visitor.wait(visitor)))
        self._visitor.succeeded(visitor)
        self._everybody.succeeded(_EVERYBODY)
        token, now = secrets.token_urlsafe(32), self._clock()
        session = Session(secrets.token_urlsafe(32), generation, now, now)
        with self._lock:
            self._drop_ended(generation)
            self._held[_name(token)] = session
        return token

    def find(self, token: str, *, used: bool = True) -> Session | None:
        """The session of a token, None when there is none (any more).

        It counts as seen now, unless nobody ``used`` it: a page asks by itself from time to time.
        """
        generation = self._password.generation()
        with self._lock:
            self._drop_ended(generation)
            session = self._held.get(_name(token))
            if session is None:
                return None
            if used:
                self._held[_name(token)] = replace(session, seen=self._clock())
            return session

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._held.pop(_name(token), None)

    def _begin(self, visitor: str) -> None:
        """Count a try, unless it is not heard yet. Raises SignInRefused."""
        tries = ((self._visitor, visitor), (self._everybody, _EVERYBODY))
        with self._lock:
            # Both are asked first: who is refused because of others has done nothing wrong.
            if wait := max(slowdown.wait(key) for slowdown, key in tries):
                raise SignInRefused(ceil(wait))
            for slowdown, key in tries:
                slowdown.begin(key)

    def _drop_ended(self, generation: str | None) -> None:
        now = self._clock()
        kept = {
            name: session
            for name, session in self._held.items()
            if session.generation == generation
            and now - session.began < LONGEST_SECONDS
            and now - session.seen < IDLE_SECONDS
        }
        latest = sorted(kept, key=lambda name: kept[name].seen)[-_MOST_SESSIONS:]
        self._held = {name: kept[name] for name in latest}


def _name(token: str) -> str:
    """A token is kept as its hash: what leaks from memory opens nothing."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
