"""What the terse control knows of goods: the shop's own codes, and how many one person may buy in a day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from conformance.channels.controls.driving import Declined, Impossible
from conformance.channels.controls.terse.errand import Errands, Later, Said
from conformance.channels.controls.terse.sheet import Row, Sheet
from conformance.channels.controls.wire import Json, datetime19
from simulator.wire.timestamps import digits14

MEDICINE, FOR_EVER = "101", "2099-12-31"
NOTHING_BOUGHT: Final = ("not_sent", "cancelled", "not_paid", "refunded")


def map_drug(do: Errands, body: Mapping[str, Any]) -> Json:
    """3301; the code counts once the platform has taken it.

    Raises:
        Declined: it was refused.
        Impossible: nobody knows whether it was taken.
    """
    row = Row(ord="", rail="counter", org=body["org"], basket=[], total=0)
    named = {
        "fixmedins_hilist_id": body["own_code"], "fixmedins_hilist_name": body["name"], "list_type": MEDICINE,
        "med_list_codg": body["med_list_codg"], "begndate": datetime19(do.wire.now_ms())[:10], "enddate": FOR_EVER,
    }  # fmt: skip
    try:
        do.answer(row, do.frame(row, "3301", {"data": [named]}))
    except Said as no:
        raise Declined(str(no)) from no
    except Later as silence:
        raise Impossible("目录对照没有应答") from silence
    do.sheet.name(body["org"], body["own_code"], body["med_list_codg"])
    return {"org": body["org"]}


def objection(sheet: Sheet, row: Row) -> str:
    """Why a basket is not sold: a code that names nothing yet, or more than one person may have today."""
    for line in row.basket:
        own = line.get("own_code")
        if own and sheet.named(row.org, own) != line["med_list_codg"]:
            return f"{own}未对照"
    orders = [row, *(one for one in sheet.rows() if _same_buyer_and_day(one, row))]
    today = [line for one in orders for line in one.basket]
    for line in row.basket:
        code, most = line["med_list_codg"], line.get("day_limit")
        if most and sum(Decimal(one["cnt"]) for one in today if one["med_list_codg"] == code) > most:
            return f"{code}每日限购{most}"
    return ""


def _same_buyer_and_day(one: Row, row: Row) -> bool:
    same = (one.user, digits14(one.made)[:8]) == (row.user, digits14(row.made)[:8])
    given_up = one.word in NOTHING_BOUGHT and bool(one.shut)
    return same and bool(row.user) and one.ord != row.ord and not given_up
