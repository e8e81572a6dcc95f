"""Ed25519, by the library `cryptography`: key pairs, signatures, and a public key as a short text.

The library is imported when a key is used, for nobody outside a class needs it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from checks.message import msg
from runner.errors import LearnError

PURPOSE = b"learn-docker-net submission 1\0"
"""Stands before what is signed, so that a signature means this and nothing else."""
TEXT = re.compile(
    r"ldn-key:(?P<class>[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}):(?P<learner>[A-Za-z0-9][A-Za-z0-9._@+-]{0,79})"
    r":(?P<key>[A-Za-z2-7\s>=-]{52,160}?):(?P<sum>[A-Za-z2-7]{6})(?![A-Za-z2-7])"
)
"""A public key as text, wherever a mail program has broken or quoted its line."""
_BEGUN = re.compile(r"ldn-key:[A-Za-z0-9]\S*")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whose key it is, by the learner's own word, and the key in 64 hexadecimal digits."""

    class_id: str
    learner: str
    key: str

    def __str__(self) -> str:
        """Give the short text with its checksum that a learner sends to their instructor."""
        words = base64.b32encode(bytes.fromhex(self.key)).decode().rstrip("=")
        return f"ldn-key:{self.class_id}:{self.learner}:{words}:{_checksum(self)}"


def make_private() -> bytes:
    """Make a private key: 32 bytes from the system's source of randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> str:
    """Give the public half, 64 hexadecimal digits."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def sign(private: bytes, data: bytes) -> str:
    """Sign; gives 128 hexadecimal digits."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private).sign(PURPOSE + data).hex()


def signed_by(key: str, data: bytes, signature: str) -> bool:
    """Tell whether the holder of a public key signed the data; whatever is malformed is a no."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), PURPOSE + data)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_keys(text: str) -> list[PublicKey | LearnError]:
    """Find all public keys in a text, such as a mail, in order; in place of one whose checksum does
    not fit stands the error that says so.

    Raises LearnError where there is none at all.
    """
    begun = [(one[0], TEXT.match(text, one.start())) for one in _BEGUN.finditer(text)]
    if not any(match for _, match in begun):
        raise LearnError(
            msg("There is no public key here."),
            remedy=msg(
                "It begins with `ldn-key:` and ends with a checksum; `learn-docker-net join` shows"
                " it to the learner."
            ),
        )
    return [_changed(words[:80]) if match is None else _read(match) for words, match in begun]


def _read(match: re.Match[str]) -> PublicKey | LearnError:
    words = re.sub(r"[^A-Za-z2-7]", "", match["key"]).upper()
    found = None
    if len(words) == 52:
        key = base64.b32decode(words + "====").hex()
        found = PublicKey(match["class"], match["learner"], key)
    if found is None or _checksum(found) != match["sum"].upper():
        return _changed(match["learner"])
    return found


def _changed(whose: str) -> LearnError:
    return LearnError(
        msg(
            "The key of {learner} was changed on its way: its checksum does not fit.",
            learner=whose,
        ),
        remedy=msg("Copy it again, from `ldn-key:` to the last letter."),
    )


def _checksum(key: PublicKey) -> str:
    data = f"{key.class_id}\0{key.learner}\0{key.key}".encode()
    return base64.b32encode(hashlib.sha256(data).digest())[:6].decode()
