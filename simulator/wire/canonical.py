"""The text a sealed message is signed over.

The first form is the construction of the pay-centre specification; the others are what live clients really
sign: a verifier may accept them, nobody should emit more than the first two.

================  ============================================================================
``numbers``       the specification: empties dropped at every depth, keys in ASCII order
``strings``       the same with every number and boolean of ``data`` turned into a string
``sign_util``     Java and C# tool classes: strings, nested ``{}`` kept, keys in ASCII order
``sign_util_ci``  the same with keys ordered without regard to case
``portal``        the web portal's script: strings and cleaning on the first level only
================  ============================================================================

A container that becomes empty by cleaning is dropped too (``house``; no source shows the case).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from schemas import jsontext

TextForm: TypeAlias = Literal["numbers", "strings", "sign_util", "sign_util_ci", "portal"]

_UNSIGNED: Final = frozenset({"signData", "encData", "extra", "data"})
_SCALARS: Final = frozenset({int, bool, type(None), Decimal})


def clean(value: object, *, keep_objects: bool = False) -> object:
    """Drop null, "", {} and [] at every depth; array order is kept. Floats raise ``TypeError``.

    ``keep_objects`` keeps an empty object where it stands (the ``sign_util`` forms).
    """
    kind = type(value)
    if kind is str:
        return value
    if kind is dict or (kind not in _SCALARS and isinstance(value, Mapping)):
        return _cleaned(value, keep_objects)  # type: ignore[arg-type]  # just found out
    if isinstance(value, (list, tuple)):
        items = [clean(item, keep_objects=keep_objects) for item in value]
        return [item for item in items if item or not _is_empty(item, keep_objects)]
    if isinstance(value, float):
        raise TypeError("浮点数不得进入报文 / a float must not enter a message: its digits are not defined")
    return value


def _cleaned(value: Mapping[str, object], keep_objects: bool) -> dict[str, object]:
    cleaned: dict[str, object] = {}
    for key, item in value.items():
        kept = item if type(item) is str else clean(item, keep_objects=keep_objects)
        if kept or not _is_empty(kept, keep_objects):
            cleaned[key] = kept
    return cleaned


def stringified(value: object) -> object:
    """Every number and boolean as the string of its printed digits."""
    if isinstance(value, Mapping):
        return {key: stringified(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stringified(item) for item in value]
    return jsontext.compact(value).decode() if isinstance(value, int | Decimal) else value


def sign_text(
    envelope: Mapping[str, object],
    data: object,
    app_secret: str,
    *,
    stringify: bool = False,
    form: TextForm | None = None,
) -> bytes:
    """The source string of a signature: ``k=v&...&key=<appSecret>`` in UTF-8.

    ``envelope`` is the outer frame as sent or to be sent; ``data`` is the clear content that takes the place
    of ``encData``. ``stringify`` chooses between ``numbers`` and ``strings``; ``form`` names any form.
    """
    form = form or ("strings" if stringify else "numbers")
    content = data_text(data, form) if data else b""
    return sign_text_around(envelope, content, app_secret, form=form)


def sign_text_around(envelope: Mapping[str, object], content: bytes, app_secret: str, *, form: TextForm) -> bytes:
    """Like ``sign_text`` where the text of the data is known already."""
    texts = _outer_texts(envelope)
    if content and content != b"{}":
        texts["data"] = content.decode()
    order = _ignoring_case if form == "sign_util_ci" else None
    pairs = [f"{key}={texts[key]}" for key in sorted(texts, key=order)]
    return "&".join([*pairs, f"key={app_secret}"]).encode()


def data_text(data: object, form: TextForm = "numbers") -> bytes:
    """What stands for the data in the signed text; in the form ``numbers`` it is also what is encrypted."""
    return _DATA_TEXT[form](data)


def _outer_texts(envelope: Mapping[str, object]) -> dict[str, str]:
    """The signed fields of the outer frame as text, empty ones left out."""
    texts: dict[str, str] = {}
    for key, value in envelope.items():
        if key in _UNSIGNED:
            continue
        if type(value) is str:
            if value:
                texts[key] = value
        elif not _is_empty(kept := clean(value)):
            texts[key] = _text(kept)
    return texts


def _is_empty(value: object, keep_objects: bool = False) -> bool:
    if isinstance(value, dict):
        return not value and not keep_objects
    return value is None or (isinstance(value, (str, list)) and not value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else jsontext.canonical(value).decode()


def _ignoring_case(key: str) -> tuple[str, str]:
    return key.lower(), key


def _sorted_ignoring_case(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted_ignoring_case(value[key]) for key in sorted(value, key=_ignoring_case)}
    return [_sorted_ignoring_case(item) for item in value] if isinstance(value, list) else value


def _sign_util(data: object) -> object:
    return stringified(clean(data, keep_objects=True))


def _first_level(data: object) -> object:
    """As the portal's script does it: first-level scalars become strings, rows of lists get sorted keys."""
    if not isinstance(data, Mapping):
        return data
    shallow: dict[str, object] = {}
    for key in sorted(data):
        value = data[key]
        if isinstance(value, list):
            value = [{k: item[k] for k in sorted(item)} if isinstance(item, dict) else item for item in value]
        elif not isinstance(value, Mapping):
            value = stringified(value)
        if not _is_empty(value, keep_objects=True):
            shallow[key] = value
    return shallow


_DATA_TEXT: Final[dict[TextForm, Callable[[object], bytes]]] = {
    "numbers": lambda data: jsontext.canonical(clean(data)),
    "strings": lambda data: jsontext.canonical(stringified(clean(data))),
    "sign_util": lambda data: jsontext.canonical(_sign_util(data)),
    "sign_util_ci": lambda data: jsontext.compact(_sorted_ignoring_case(_sign_util(data))),
    "portal": lambda data: jsontext.compact(_first_level(data)),
}
