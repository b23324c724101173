"""The staff password: a salted slow hash in a file of the data folder that only its owner reads.

There is no default. As long as none is set there is nothing to sign in to.
"""

import secrets
import unicodedata
from hashlib import scrypt
from hmac import compare_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import AssistantError, SettingsError

FEWEST_CHARACTERS, MOST_CHARACTERS = 12, 1000
FILE_NAME = "staff-password.json"

# scrypt (RFC 7914) with the cost that OWASP's Password Storage Cheat Sheet names first: 128 MiB of
# memory and, measured here, 0.4 s for one password.
_COST, _BLOCK, _LANES = 2**17, 8, 1
_SALT_BYTES, _HASH_BYTES = 16, 32
_MOST_MEMORY = 512 * 1024 * 1024


class _Kept(BaseModel):
    """The file: how the hash was made stands beside it, so that the cost can be raised one day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["scrypt"]
    n: int = Field(ge=2**14, le=2**20)
    r: int = Field(ge=1, le=32)
    p: int = Field(ge=1, le=16)
    salt: str = Field(pattern="^[0-9a-f]{32,}$")
    hash: str = Field(pattern="^[0-9a-f]{64}$")

    @classmethod
    def of(cls, password: str) -> Self:
        """The file for a new password, with a salt of its own."""
        salt = secrets.token_hex(_SALT_BYTES)
        made = cls(method="scrypt", n=_COST, r=_BLOCK, p=_LANES, salt=salt, hash="0" * 64)
        return made.model_copy(update={"hash": made.hash_of(password)})

    def hash_of(self, password: str) -> str:
        """The hash of a password made in this way (hex)."""
        # However a keyboard composes an accented letter, it is the same password.
        text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
        salt = bytes.fromhex(self.salt)
        made = scrypt(
            text, salt=salt, n=self.n, r=self.r, p=self.p, maxmem=_MOST_MEMORY, dklen=_HASH_BYTES
        )
        return made.hex()


class StaffPassword:
    """The password of one data folder. Another process may set it: nothing is remembered here."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        # One check at a time, however many people try: each takes much memory, as is meant.
        self._checking = Lock()

    def generation(self) -> str | None:
        """What is another one with every new password; None while none is set.

        Raises SettingsError when the file is not one that this program wrote.
        """
        kept = self._kept()
        return kept.salt if kept else None

    def fits(self, password: str) -> bool:
        """Whether this is the password; takes about half a second. False while none is set."""
        kept = self._kept()
        if kept is None or len(password) > MOST_CHARACTERS:
            return False
        with self._checking:
            return compare_digest(kept.hash_of(password), kept.hash)

    def set(self, password: str) -> None:
        """Set a new password, which ends all sessions.

        Raises SettingsError when it is too short, too long or hardly varied, AssistantError when
        the file cannot be written.
        """
        _check_strength(password)
        kept = _Kept.of(password)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Such a file can be read by its owner alone (mode 600) from its first byte on.
            with NamedTemporaryFile("w", dir=self.path.parent, delete=False) as draft:
                draft.write(kept.model_dump_json())
            Path(draft.name).replace(self.path)
        except OSError as error:
            raise AssistantError(
                f"{self.path} cannot be written ({error.strerror})",
                remedy="Choose another --data-dir, or give yourself the right to write there.",
            ) from error

    def remove(self) -> bool:
        """Take the password away, and the sign-in with it; False when none was set."""
        there = self.path.exists()
        self.path.unlink(missing_ok=True)
        return there

    def _kept(self) -> _Kept | None:
        try:
            return _Kept.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"{self.path} cannot be used", remedy="Set the password anew: ambp staff-password."
            ) from error


def _check_strength(password: str) -> None:
    remedy = "Several words that do not belong together are easy to remember and hard to guess."
    if len(password) < FEWEST_CHARACTERS:
        raise SettingsError(
            f"The password has {len(password)} characters; {FEWEST_CHARACTERS} are the fewest",
            remedy=remedy,
        )
    if len(password) > MOST_CHARACTERS:
        raise SettingsError(f"The password has more than {MOST_CHARACTERS} characters")
    if len(set(password.casefold())) < FEWEST_CHARACTERS // 2:
        raise SettingsError("The password is made of too few different characters", remedy=remedy)
