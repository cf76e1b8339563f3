"""The pay centre behind the institution's frame (online-payment 1.1 V-B, switch ``pay_frame`` = infno).

Plain JSON on the addresses of the sealed frame: ``{infno, msgid, insuplc_admdvs, mdtrtarea_admvs, medins_code,
insur_code, input: {data: {…}}}``, answered under ``output.data``. A relay inside the network seals and opens; here its
place is taken by the gateway signature, or by none where plain frames are accepted. The address tells the operation,
not infno: one live client sends infno 6301 on 6401 and 6203.
"""

from collections.abc import Mapping
from typing import Final

from schemas import jsontext
from simulator.domain.rules import Switches
from simulator.exchange import Json
from simulator.wire import institution
from simulator.wire.errors import WireError
from simulator.wire.institution import ParsedFrame

SURFACE: Final = "pay_centre"
_RELAYS: Final = ("data", "output", "body")


def comes_so(surface: str, path: str, single_path: str, switches: Switches) -> bool:
    """Whether messages at this address are framed so in this room."""
    return switches.pay_frame == "infno" and surface == SURFACE and path != single_path


def read(raw: bytes) -> tuple[ParsedFrame, str, Json]:
    """The frame, the institution it names (``medins_code``, as the other surface ``fixmedins_code``) and its data.

    Raises:
        WireError: not_json, not_object, missing_field (infno, msgid, input, input.data, medins_code), bad_encoding
            (msgid).
    """
    frame = institution.parse_frame(raw)
    if not 0 < len(frame.msgid) <= institution.MSGID_CHARS:
        raise WireError("bad_encoding", field="msgid", wanted=f"1-{institution.MSGID_CHARS} characters")
    named = frame.envelope.get("medins_code") or frame.fixmedins_code
    if not isinstance(named, str) or not named:
        raise WireError("missing_field", field="medins_code")
    data = frame.input.get("data")
    if data in (None, ""):
        raise WireError("missing_field", field="input.data")
    if not isinstance(data, dict):
        raise WireError("not_object", field="input.data")
    return frame, named, data


def output(data: Mapping[str, object] | None) -> Json | None:
    """``output`` of the answer."""
    return None if data is None else {"data": data}


def relayed(answer: bytes, switches: Switches) -> bytes:
    """The answer with as many wrappers as the room's relay puts around it."""
    levels = _RELAYS[: switches.relay_levels]
    if not levels:
        return answer
    told: object = jsontext.parse(answer)
    for name in reversed(levels):
        told = {name: told}
    return jsontext.compact(told)
