"""Rules of what must not be readable where it has no business."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

_IDENTITY = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_QUERY = "query in the address: "
_PERSONAL = re.compile(r"(?i)(id_?no|cert_?no|name|token|auth_?no|psn_?no|card|tel|phone|mob)")
_SECRET = re.compile(r"TKN[0-9A-F]{16,}|REV[0-9A-F]{16,}|AUTH[0-9]{20,}")


@on_the_wire
def addresses_say_nothing(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """No identity number and no token stands in the address of a request."""
    names = {str(order.get("psn_name", "")) for order in evidence.orders().values()} - {""}
    for line in evidence.calls():
        path = str(line.raw.get("path", ""))
        asked = [str(note).removeprefix(_QUERY) for note in line.raw.get("notes", ()) if str(note).startswith(_QUERY)]
        personal = any(_PERSONAL.search(query) for query in asked)
        if personal or _IDENTITY.search(path) or _SECRET.search(path) or any(name in path for name in names):
            yield Broken(
                Both("地址中没有证件号、姓名或令牌", "an address without identity numbers, names and tokens"),
                Both(f"{line.code}的地址带有这类信息", f"the address of {line.code} carries one"),
                (line.seq,),
            )
        else:
            yield Held((line.seq,))


def shows_no_secrets(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What the user and the manual-review list are shown holds no identity number, consent number or token."""
    shown = [str(row.get("shown_zh", "")) for row in evidence.beliefs()]
    shown += [str(row.get("why", "")) for row in evidence.record["listing"].get("manual_review", ())]
    for text in shown:
        if _IDENTITY.search(text) or _SECRET.search(text):
            yield Broken(
                Both("不出现证件号、授权码或令牌", "no identity number, consent number or token"),
                Both("展示的文字带有这类信息", "the text shown carries one"),
            )
        else:
            yield Held()
