"""9102: a file as bytes; only a refusal comes in the institution frame (1.5)."""

from simulator.domain import files
from simulator.domain.baskets import text
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Reply


def handle(call: Call, unit: Unit) -> Reply:
    """The file as it was kept; ``plc`` names the downloads of 13xx, the institution's code its own files (3.2)."""
    asked = call.node("fsDownloadIn")
    owner, number = text(asked, "fixmedins_code"), text(asked, "file_qury_no")
    if owner not in (call.org_codg, files.PUBLIC):
        raise Refusal("foreign_institution", "fixmedins_code", value=owner)
    file = files.fetch(unit, number, fixmedins_code=owner)
    told = {"file_qury_no": number, "filename": file.filename, "size": len(file.content)}
    return Reply(data=told, content=file.content)
