"""Keys for programs that come over HTTP: each has a name and what it may do.

A key is shown once, when it is made; kept is its hash. Once one was made, nobody comes in without
one, even when the last is taken away; only without the file is the door open to everyone.
"""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.settings import SCOPES
from corpus.errors import AssistantError, SettingsError

_PATIENCE = 5.0  # seconds to wait for another command that changes the keys
_BYTES = 32  # of chance in a key: too many to be guessed, so that a plain hash keeps it safe


class Token(BaseModel):
    """A key as it is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    hash: str
    scopes: tuple[str, ...]


_TOKENS = TypeAdapter(tuple[Token, ...])


class Tokens:
    """The keys of a data folder; looked at anew each time, so that a change counts at once."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "mcp-tokens.json"

    @property
    def needed(self) -> bool:
        """Whether nobody comes in without a key."""
        return self.path.exists()

    def all(self) -> tuple[Token, ...]:
        """All keys; raises SettingsError when their file is none that this program wrote."""
        try:
            return _TOKENS.validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"the keys for programs in {self.path} cannot be read",
                remedy="Delete the file and make new keys with ambp mcp-token.",
            ) from error

    def make(self, name: str, scopes: Iterable[str]) -> str:
        """A new key of that name, in place of an old one."""
        allowed = tuple(scope for scope in SCOPES if scope in set(scopes))
        key = f"ambp_{secrets.token_urlsafe(_BYTES)}"
        with self._changing():
            others = [token for token in self.all() if token.name != name]
            self._keep([*others, Token(name=name, hash=_hash(key), scopes=allowed)])
        return key

    def remove(self, name: str) -> bool:
        """Take a key away; whether there was one."""
        if not self.needed:
            return False
        with self._changing():
            held = self.all()
            left = [token for token in held if token.name != name]
            if len(left) < len(held):
                self._keep(left)
        return len(left) < len(held)

    def known(self, key: str) -> Token | None:
        """The key as it is kept, if it is one."""
        given = _hash(key)
        return next((t for t in self.all() if hmac.compare_digest(t.hash, given)), None)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """The keys are changed by one at a time, else one change would undo another."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=_PATIENCE):
                yield
        except Timeout as error:
            raise AssistantError(
                "The keys for programs are being changed by another command",
                remedy="Try again when that is done.",
            ) from error
        except OSError as error:
            raise AssistantError(
                f"{self.path} cannot be written ({error.strerror})",
                remedy="Choose another --data-dir, or give yourself the right to write there.",
            ) from error

    def _keep(self, tokens: list[Token]) -> None:
        # Such a file can be read by its owner alone (mode 600) from its first byte on.
        with NamedTemporaryFile("wb", dir=self.path.parent, delete=False) as draft:
            draft.write(_TOKENS.dump_json(tuple(tokens), indent=2))
        Path(draft.name).replace(self.path)


def _hash(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
