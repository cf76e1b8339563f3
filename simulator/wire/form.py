"""The second form of 9101: multipart/form-data with the envelope as text and the file beside it (1.5).

The part ``jsonStr`` holds the whole envelope; the file is the part ``file`` or ``in``. What comes out is the ordinary
envelope with the file as Base64 in ``fsUploadIn.in``, so that nothing behind the wire knows of two forms.
"""

import re
from base64 import b64encode
from typing import Final

from simulator.wire.errors import WireError

FORM_TYPE: Final = "multipart/form-data"
ENVELOPE: Final = "jsonStr"
FILE_PARTS: Final = ("file", "in")
NODE: Final = "fsUploadIn"
FIELD: Final = "in"
MAX_PARTS: Final = 16

_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))', re.IGNORECASE)
_NAME = re.compile(rb'^content-disposition:\s*form-data\b[^\r\n]*?;\s*name="?([A-Za-z0-9_.-]{1,40})"?', re.I | re.M)


def is_form(content_type: str) -> bool:
    """Whether a request's content type is a multipart form."""
    return content_type.lower().startswith(FORM_TYPE)


def open_form(raw: bytes, content_type: str) -> tuple[bytes, str]:
    """The envelope of a form, and its file as Base64 text.

    Raises ``WireError`` bad_form, missing_field (jsonStr, file).
    """
    named = _parts(raw, content_type)
    file = next((named[name] for name in FILE_PARTS if named.get(name)), b"")
    for field, held in ((ENVELOPE, named.get(ENVELOPE)), (FILE_PARTS[0], file)):
        if not held:
            raise WireError("missing_field", field=field)
    return named[ENVELOPE], b64encode(file).decode()


def _parts(raw: bytes, content_type: str) -> dict[str, bytes]:
    """The named parts, byte for byte; the first of a name counts."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise WireError("bad_form", field="boundary")
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + raw).split(b"\r\n" + mark)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--") or len(pieces) > MAX_PARTS + 2:
        raise WireError("bad_form", field="boundary")
    named: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, gap, body = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            raise WireError("bad_form", field="Content-Disposition")
        named.setdefault(name[1].decode(), body)
    return named
