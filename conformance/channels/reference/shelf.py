"""What the shop takes in and what it calls its goods: purchases (3503A), corrections (3507A), mappings (3301).

Every row of a purchase has a result of its own; a mapping is taken with all its rows or with none.
"""

from typing import Any

from conformance.channels.reference.calling import for_shop
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.outcomes import Answered, Outcome, Silent
from conformance.channels.reference.packs import Taken
from conformance.channels.reference.parts import Context, Json

PURCHASES = "3"
"""``inv_data_type`` of 3503 and 3504."""
FOR_EVER = "2099-12-31"
MEDICINE = "101"


def receive(ctx: Context, org: str, goods: list[Json], corrects: tuple[str, ...]) -> Taken | Outcome:
    """Report a delivery. ``corrects``: batches reported wrongly before, removed first (3507A)."""
    if corrects:
        removed = ctx.parts.goods.remove_first(ctx, org, corrects)
        if not isinstance(removed, Answered):
            return removed
    at = datetime19(ctx.now_ms())
    rows = [ctx.parts.goods.purchase_row(ctx.settings.opter_name, one, at) for one in goods]
    outcome = send(ctx, org, rows)
    if isinstance(outcome, Silent):
        return ctx.parts.goods.after_lost_purchase(ctx, org, rows)
    return outcome


def send(ctx: Context, org: str, rows: list[Json]) -> Taken | Outcome:
    """3503A, and what came of each row."""
    outcome = for_shop(ctx, "3503A", org, {"purcinfoDetail": rows})
    if not isinstance(outcome, Answered):
        return outcome
    told = {str(row.get("fixmedins_bchno")): row for row in outcome.data["purcinfoDetail"]}
    batches = [str(row["fixmedins_bchno"]) for row in rows]
    results = {batch: told.get(batch, {}) for batch in batches}
    return Taken(
        taken=tuple(batch for batch in batches if ctx.parts.goods.row_taken(results[batch])),
        failed=tuple(
            (batch, str(results[batch].get("msgRslt") or "平台未返回该行结果"))
            for batch in batches
            if not ctx.parts.goods.row_taken(results[batch])
        ),
    )


def remove_first(ctx: Context, org: str, batches: tuple[str, ...]) -> Outcome:
    """3507A: what was reported wrongly no longer stands; only then it is reported anew."""
    rows = [{"fixmedins_bchno": batch, "inv_data_type": PURCHASES} for batch in batches]
    return for_shop(ctx, "3507A", org, {"goodDetail": rows})


def purchase_row(opter_name: str, goods: Json, at: str) -> Json:
    """A row of 3503A, as the goods came in."""
    return {
        "med_list_codg": goods["med_list_codg"], "fixmedins_hilist_id": goods["own_code"],
        "fixmedins_hilist_name": goods["name"], "fixmedins_bchno": goods["batch"], "spler_name": goods["supplier"],
        "manu_lotnum": goods["lot"], "prodentp_name": goods["maker"], "aprvno": goods["aprvno"],
        "manu_date": goods["made"], "expy_end": goods["expires"], "finl_trns_pric": goods["price"],
        "purc_retn_cnt": goods["cnt"], "rx_flag": goods.get("rx_flag", "0"), "purc_retn_stoin_time": at,
        "purc_retn_opter_name": opter_name, "purc_invo_file_List": [],
    }  # fmt: skip


def after_lost_purchase(ctx: Context, org: str, rows: list[Json]) -> Taken | Outcome:
    """3510 for each row whose report was not answered; what is not there is sent once more, as it was."""
    there: list[Json] = []
    missing: list[Json] = []
    for row in rows:
        found = _ask(ctx, org, row)
        if not isinstance(found, bool):
            return found
        (there if found else missing).append(row)
    known = tuple(str(row["fixmedins_bchno"]) for row in there)
    if not missing:
        return Taken(taken=known, failed=())
    again = send(ctx, org, missing)
    return Taken(taken=(*known, *again.taken), failed=again.failed) if isinstance(again, Taken) else again


def _ask(ctx: Context, org: str, row: Json) -> bool | Outcome:
    day = row["purc_retn_stoin_time"][:10]
    asked = {
        "fixmedins_code": org, "medins_list_codg": row["fixmedins_hilist_id"],
        "fixmedins_bchno": row["fixmedins_bchno"], "begndate": day, "enddate": day,
    }  # fmt: skip
    outcome = for_shop(ctx, "3510", org, {"data": asked})
    if not isinstance(outcome, Answered):
        return outcome
    return any(one.get("fixmedinsBchno") == row["fixmedins_bchno"] for one in outcome.data["output"])


def map_drug(ctx: Context, org: str, wanted: dict[str, Any]) -> Outcome:
    """3301: what we call a catalogue drug. Noted only when the platform took it."""
    row = {
        "fixmedins_hilist_id": wanted["own_code"], "fixmedins_hilist_name": wanted["name"], "list_type": MEDICINE,
        "med_list_codg": wanted["med_list_codg"], "begndate": datetime19(ctx.now_ms())[:10], "enddate": FOR_EVER,
    }  # fmt: skip
    outcome = for_shop(ctx, "3301", org, {"data": [row]})
    if ctx.parts.goods.mapping_stands(outcome):
        ctx.notebook.keep_listed(org, wanted["own_code"], wanted["med_list_codg"])
        return Answered({})
    return outcome


def mapping_stands(outcome: Outcome) -> bool:
    """A refused mapping maps nothing, and an unanswered one nothing we may rely on."""
    return isinstance(outcome, Answered)
