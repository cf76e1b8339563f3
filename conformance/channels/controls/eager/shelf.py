"""What the eager control's shops take in and what they call it; what one person may buy in a day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from conformance.channels.controls.driving import Declined, Impossible
from conformance.channels.controls.eager import deciding
from conformance.channels.controls.eager import saying_goods as saying
from conformance.channels.controls.eager.acts import Doing
from conformance.channels.controls.wire import Json, datetime19
from conformance.channels.reference.outcomes import Answered, Refused

PURCHASE, CATALOGUE_MEDICINE, NEVER = "3", "101", "2099-12-31"


def take_in(do: Doing, body: Mapping[str, Any]) -> Json:
    """3507A for each batch that is corrected, 3503A for each that came, 3510 for each that nobody answered for.

    Raises:
        Declined: a wrong batch could not be removed.
        Impossible: no answer.
    """
    org, at = body["org"], datetime19(do.wire.now_ms())
    for batch in body.get("corrects", ()):
        gone = {"fixmedins_bchno": batch, "inv_data_type": PURCHASE}
        _sure(do.framed({"org": org}, "3507A", {"goodDetail": [gone]}))
    came = [saying.purchase_row(do.outside.settings, batch, at) for batch in body["goods"]]
    told = {row["fixmedins_bchno"]: _report(do, org, row) for row in came}
    for row in came:
        batch = row["fixmedins_bchno"]
        if told[batch] is None:
            told[batch] = "" if _is_there(do, org, row) else _report(do, org, row)
    if None in told.values():
        raise Impossible("入库上报没有应答")
    return {
        "org": org, "taken": [batch for batch, why in told.items() if not why],
        "failed": [{"batch": batch, "why": why} for batch, why in told.items() if why],
    }  # fmt: skip


def _report(do: Doing, org: str, row: Json) -> str | None:
    """Why the batch was not taken, an empty text when it was, None when nobody knows."""
    outcome = do.framed({"org": org}, "3503A", {"purcinfoDetail": [row]})
    if isinstance(outcome, Refused):
        return outcome.why
    if not isinstance(outcome, Answered):
        return None
    result = outcome.data["purcinfoDetail"][0]
    return "" if result.get("retRslt") == "1" else str(result.get("msgRslt") or "平台未受理该批")


def _is_there(do: Doing, org: str, row: Json) -> bool:
    day = row["purc_retn_stoin_time"][:10]
    asked = {
        "fixmedins_code": org, "medins_list_codg": row["fixmedins_hilist_id"],
        "fixmedins_bchno": row["fixmedins_bchno"], "begndate": day, "enddate": day,
    }  # fmt: skip
    found = _sure(do.framed({"org": org}, "3510", {"data": asked}))
    return any(one.get("fixmedinsBchno") == row["fixmedins_bchno"] for one in found["output"])


def name_drug(do: Doing, body: Mapping[str, Any]) -> Json:
    """3301; noted once it is taken.

    Raises:
        Declined, Impossible: as ``take_in``.
    """
    row = {
        "fixmedins_hilist_id": body["own_code"], "fixmedins_hilist_name": body["name"],
        "list_type": CATALOGUE_MEDICINE, "med_list_codg": body["med_list_codg"],
        "begndate": datetime19(do.wire.now_ms())[:10], "enddate": NEVER, "memo": "",
    }  # fmt: skip
    _sure(do.framed({"org": body["org"]}, "3301", {"data": [row]}))
    do.log.note(f"listed {body['org']} {body['own_code']}", drug=body["med_list_codg"])
    return {"org": body["org"]}


def objection(do: Doing, name: str) -> str:
    """Why a basket is not sold, or an empty text: an own code that names nothing, too much for one person and day."""
    f = do.log.facts(name)
    for line in f["lines"]:
        known = do.log.facts(f"listed {f['org']} {line.get('own_code')}").get("drug")
        if line.get("own_code") and known != line["med_list_codg"]:
            return f"{line['own_code']}没有对照到{line['med_list_codg']}"
    for line in f["lines"]:
        if line.get("day_limit") and _bought(do, name, line["med_list_codg"]) > line["day_limit"]:
            return f"{line['name']}超出每人每日{line['day_limit']}"
    return ""


def _bought(do: Doing, name: str, drug: str) -> Decimal:
    """How much of a drug the buyer of this order has bought or wants on this day, this order among it."""
    mine = do.log.facts(name)
    day = datetime19(mine["created"])[:10]
    of_the_day = [
        f for one in do.log.orders()
        if (f := do.log.facts(one)) and f["user"] == mine["user"] and datetime19(f["created"])[:10] == day
        and (one == name or f["over"] not in deciding.NOTHING_BOUGHT)
    ]  # fmt: skip
    return sum((Decimal(x["cnt"]) for f in of_the_day for x in f["lines"] if x["med_list_codg"] == drug), Decimal(0))


def _sure(outcome: object) -> Json:
    if isinstance(outcome, Answered):
        return outcome.data
    raise Declined(outcome.why) if isinstance(outcome, Refused) else Impossible("没有应答")
