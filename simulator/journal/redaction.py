"""What must not be readable in a journal, made unreadable so that equal values stay equal within a room."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b

SECRETS = frozenset(
    "in qr qrCode ecQrCode payToken ecToken payAuthNo revsToken card_sn authCode ecAuthCode epcToken appSecret".split()
)
IDENTITIES = frozenset("certno certNo idNo id_no mdtrt_cert_no tel mob phone certnoList".split())
NAMES = frozenset("psn_name psnName userName user_name pat_name patnName".split())
"""Well-known fields, hidden even where no schema says so (a frame that could not be attributed)."""
QR_PARENT = "extra"
"""The QR text of ec.query rides in this field of the outer frame."""


Marks = Mapping[str, str]
"""Field name → ``secret`` (hidden), ``identity`` (its ends shown) or ``name`` (the surname shown)."""


def marks(secrets: Iterable[str] = (), identities: Iterable[str] = (), names: Iterable[str] = ()) -> Marks:
    """The well-known fields and these; where a field stands in two lists, the stricter one counts."""
    return {
        **dict.fromkeys((*NAMES, *names), "name"),
        **dict.fromkeys((*IDENTITIES, *identities), "identity"),
        **dict.fromkeys((*SECRETS, *secrets), "secret"),
    }


KNOWN = marks()


def keyed_hash(key: str) -> Callable[[str], str]:
    """Ten hex digits that only this room's key yields: equal values look equal, and nothing more."""
    start = blake2b(key=key.encode()[:64], digest_size=5)

    def hashed(text: str) -> str:
        state = start.copy()
        state.update(text.encode("utf-8", "replace"))
        return state.hexdigest()

    return hashed


def redact(value: object, hashed: Callable[[str], str], marked: Marks = KNOWN) -> object:
    """A copy of a JSON value with every marked scalar hidden, at any depth."""
    if isinstance(value, dict):
        return {
            name: _field(name, child, hashed, marked) if name in marked or isinstance(child, (dict, list)) else child
            for name, child in value.items()
        }
    if isinstance(value, list):
        return [redact(child, hashed, marked) for child in value]
    return value


def _field(name: str, value: object, hashed: Callable[[str], str], marked: Marks) -> object:
    if isinstance(value, dict):
        return redact(value, hashed, marked)
    kind = marked.get(name)
    if isinstance(value, list) and (kind != "secret" or any(isinstance(child, dict) for child in value)):
        return [_field(name, child, hashed, marked) for child in value]
    if kind is None or value in (None, ""):
        return value
    text = str(value)
    if kind == "secret":
        return f"#{hashed(text)}"
    if kind == "name":
        return f"{text[0]}**"
    return f"{text[:3]}***{text[-2:]}#{hashed(text)}" if len(text) > 6 else f"***#{hashed(text)}"
