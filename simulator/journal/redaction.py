"""What must not be readable in a journal, made unreadable so that equal values stay equal within a room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

SECRETS = frozenset(
    "qr qrCode ecQrCode payToken ecToken payAuthNo revsToken card_sn authCode ecAuthCode epcToken appSecret".split()
)
IDENTITIES = frozenset("certno certNo idNo id_no mdtrt_cert_no tel mob phone certnoList".split())
NAMES = frozenset("psn_name psnName userName user_name pat_name patnName".split())
"""Well-known fields, hidden even where no schema says so (a frame that could not be attributed)."""
QR_PARENT = "extra"
"""The QR text of ec.query rides in this field of the outer frame."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Names of the fields that hide a secret, show only the ends of an identity, or only a surname."""

    secrets: frozenset[str] = SECRETS
    identities: frozenset[str] = IDENTITIES
    names: frozenset[str] = NAMES

    def hidden(self, name: str) -> bool:
        """Whether a field of that name is touched at all."""
        return name in self.secrets or name in self.identities or name in self.names


KNOWN = Marks()


def keyed_hash(key: str) -> Callable[[str], str]:
    """Ten hex digits that only this room's key yields: equal values look equal, and nothing more."""
    start = blake2b(key=key.encode()[:64], digest_size=5)

    def hashed(text: str) -> str:
        state = start.copy()
        state.update(text.encode("utf-8", "replace"))
        return state.hexdigest()

    return hashed


def redact(value: object, hashed: Callable[[str], str], marks: Marks = KNOWN) -> object:
    """A copy with every marked scalar hidden, at any depth."""
    if isinstance(value, Mapping):
        return {name: _field(name, child, hashed, marks) for name, child in value.items()}
    if isinstance(value, list):
        return [redact(child, hashed, marks) for child in value]
    return value


def _field(name: str, value: object, hashed: Callable[[str], str], marks: Marks) -> object:
    if isinstance(value, Mapping):
        return redact(value, hashed, marks)
    if isinstance(value, list):
        return [_field(name, child, hashed, marks) for child in value]
    if value in (None, "") or not marks.hidden(name):
        return value
    text = str(value)
    if name in marks.secrets:
        return f"#{hashed(text)}"
    if name in marks.names:
        return f"{text[0]}**"
    return f"{text[:3]}***{text[-2:]}#{hashed(text)}" if len(text) > 6 else f"***#{hashed(text)}"
