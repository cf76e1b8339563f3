"""What the two gateway signatures in front of the institution interfaces have in common.

A gateway refuses before any institution frame is looked at, and in a shape of its own:
``{"code": 401, "message": ...}``. Clients must cope with an answer that has no ``infcode``.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from schemas import jsontext
from simulator.wire.errors import WireError
from simulator.wire.timestamps import is_fresh

Lookup: TypeAlias = Callable[[str], str | None]
"""From the application's name in the header to its secret; None when it is not registered."""

REFUSED: Final = 401


def refusal(error: WireError) -> bytes:
    """The body of a gateway's refusal, to be sent with HTTP status 401."""
    return jsontext.compact({"code": REFUSED, "message": error.message})


def require_headers(headers: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    """The values of ``names`` in their order, whatever the case of the headers.

    Raises ``WireError`` gateway_header_missing naming the first that is absent or blank.
    """
    folded = {name.lower(): value.strip() for name, value in headers.items()}
    for name in names:
        if not folded.get(name):
            raise WireError("gateway_header_missing", field=name)
    return [folded[name] for name in names]


def require_fresh(text: str, *, field: str, digits: int, now_ms: int, window_ms: int) -> None:
    """Raise ``WireError`` gateway_stale unless ``text`` has ``digits`` (10: s, 13: ms) inside the window."""
    if len(text) == digits and text.isascii() and text.isdigit():
        moment_ms = int(text) * (1000 if digits == 10 else 1)
        if is_fresh(moment_ms, now_ms, window_ms):
            return
    raise WireError("gateway_stale", field=field)


def secret_of(name: str, lookup: Lookup, *, field: str) -> str:
    """The registered secret. Raises ``WireError`` gateway_unknown_key."""
    secret = lookup(name)
    if secret is None:
        raise WireError("gateway_unknown_key", field=field)
    return secret
