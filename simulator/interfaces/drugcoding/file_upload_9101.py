"""9101: an institution hands over a file."""

from simulator.domain import files
from simulator.domain.baskets import text
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The number under which 3202 and 9102 find it; a multipart form arrives here with its part in ``in``."""
    sent = call.node("fsUploadIn")
    if text(sent, "fixmedins_code") != call.org_codg:
        raise Refusal("foreign_institution", "fixmedins_code", value=text(sent, "fixmedins_code"))
    content = files.content(sent["in"])
    file = files.keep(unit, filename=text(sent, "filename"), fixmedins_code=call.org_codg, content=content)
    return {
        "file_qury_no": file.file_qury_no, "filename": file.filename, "fixmedins_code": call.org_codg,
        "dld_endtime": datetime19(file.expires_ms),
    }  # fmt: skip
