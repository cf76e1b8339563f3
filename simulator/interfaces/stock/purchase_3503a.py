"""3503A: several purchases."""

from simulator.domain.ports import Unit
from simulator.domain.stock import Outcome, take
from simulator.exchange import Call, Json
from simulator.refusal import wording

CHILD = "purc_invo_file_List"
"""Sent with a row, not echoed."""


def handle(call: Call, unit: Unit) -> Json:
    """Every row comes back with its result; a taken one with its serial and what supervision was told."""
    outcomes = take(unit, call.code, call.org_codg, call.data["purcinfoDetail"], envelope=call.envelope)
    return {"purcinfoDetail": [_row(one) for one in outcomes]}


def _row(one: Outcome) -> Json:
    echo = {name: value for name, value in one.row.items() if name != CHILD}
    if one.refusal:
        return echo | {"retRslt": "0", "msgRslt": wording(one.refusal).zh}
    return echo | {"medins_prod_purc_no": one.goods_no, "retRslt": "1", "msgRslt": "；".join(one.notes)}
