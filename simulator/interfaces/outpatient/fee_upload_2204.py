"""2204: the fee lines of a visit, batch by batch."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.domain.baskets import fen, text
from simulator.domain.bill import Line
from simulator.domain.money import positive
from simulator.domain.outpatient import Upload, upload
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import detlcutinfo
from simulator.exchange import Call, Json

Row = Mapping[str, Any]


def handle(call: Call, unit: Unit) -> Json:
    """How insurance sees each line, in the order they came."""
    rows: Sequence[Row] = call.data["feedetail"]
    told: dict[str, Json] = {}
    limited: set[str] = set()
    for split, catalogue in upload(unit, call.org_codg, _batches(rows)):
        told |= {row["feedetl_sn"]: row for row in detlcutinfo(split)}
        limited |= {code for code, drug in catalogue.items() if drug.restrictions}
    return {"result": [_told(row, told, limited) for row in rows]}


def _told(row: Row, told: Mapping[str, Json], limited: set[str]) -> Json:
    return told[text(row, "feedetl_sn")] | {"lmt_used_flag": "1" if text(row, "med_list_codg") in limited else "0"}


def _batches(rows: Sequence[Row]) -> list[Upload]:
    found: dict[tuple[str, str, str], list[Line]] = {}
    for row in rows:
        key = (text(row, "mdtrt_id"), text(row, "psn_no"), text(row, "chrg_bchno"))
        found.setdefault(key, []).append(_line(row))
    return [
        Upload(mdtrt_id=mdtrt_id, psn_no=psn_no, chrg_bchno=chrg_bchno, lines=tuple(lines))
        for (mdtrt_id, psn_no, chrg_bchno), lines in found.items()
    ]


def _line(row: Row) -> Line:
    return Line(
        feedetl_sn=text(row, "feedetl_sn"), med_list_codg=text(row, "med_list_codg"),
        medins_list_codg=text(row, "medins_list_codg"), cnt=positive(row["cnt"], "cnt"),
        pric=positive(row["pric"], "pric"), amount_fen=fen(row, "det_item_fee_sumamt"), rxno=text(row, "rxno"),
        hosp_appr_flag=text(row, "hosp_appr_flag"),
    )  # fmt: skip
