"""The eager control and its goods: each pack is a message of its own, noted before it leaves, asked about afterwards.

A pack is a fact of its order, named by drug and batch; a trace code is a fact by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from conformance.channels.controls.driving import Declined, Impossible
from conformance.channels.controls.eager import saying_goods as saying
from conformance.channels.controls.eager.acts import Doing
from conformance.channels.controls.wire import Facts, Json, datetime19
from conformance.channels.reference.outcomes import Answered, Refused

SCAN_FROM: Final = {True: "2025-07-01", False: "2026-01-01"}
"""Whether insurance paid → the first day on which nothing leaves unscanned (order-life 7)."""


def hand_over(do: Doing, name: str, f: Facts, scanned: list[Json]) -> None:
    """3505A for each pack that is not sold yet; the goods leave when all are.

    Raises:
        Declined: something is missing, or the platform would not have it.
        Impossible: nobody knows whether it was taken.
    """
    look_up(do, name, f)
    mine = packs_of(do, name)
    fresh = {_key(pack): {**pack, "state": "new"} for pack in scanned if _key(pack) not in _sold(mine)}
    if why := _amiss(do, name, f, {**_sold(mine), **fresh}, fresh):
        raise Declined(why)
    refused = [why for pack in reversed(fresh.values()) if (why := report(do, name, f, pack))]
    look_up(do, name, f)
    gone = [pack for key, pack in packs_of(do, name).items() if key in fresh and pack["state"] == "gone"]
    refused += [why for pack in gone if (why := report(do, name, f, pack))]
    if refused:
        raise Declined("；".join(refused))
    if any(key not in _sold(packs_of(do, name)) for key in fresh):
        raise Impossible("销售上报没有应答")


def report(do: Doing, name: str, f: Facts, pack: Facts) -> str:
    """One 3505A; why the platform would not have it, else an empty text. Silence leaves the pack ``told``."""
    if pack.get("no_code") and not pack.get("trace_codes"):
        pack = {**pack, "trace_codes": virtual_codes(do, f, pack)}
    pack = _keep(do, name, {**pack, "state": "told", "at": datetime19(do.wire.now_ms())})
    outcome = do.framed(f, "3505A", {"selinfoDetail": [saying.sale_row(do.outside.settings, name, f, pack)]})
    if isinstance(outcome, Answered):
        row = outcome.data["selinfoDetail"][0]
        taken = row.get("retRslt") == "1"
        _keep(
            do, name, {**pack, "state": "sold" if taken else "no", "sel_no": str(row.get("medins_prod_sel_no") or "")}
        )
        return "" if taken else str(row.get("msgRslt") or "平台未受理该行")
    if isinstance(outcome, Refused):
        _keep(do, name, {**pack, "state": "no"})
        return outcome.why
    return ""


def look_up(do: Doing, name: str, f: Facts) -> None:
    """3511 for every pack whose report nobody answered: it is ``sold``, or it is ``gone``."""
    for pack in [one for one in packs_of(do, name).values() if one["state"] == "told"]:
        day = pack["at"][:10]
        asked = {
            "fixmedins_code": f["org"], "medins_list_codg": saying.own_code(f, pack),
            "fixmedins_bchno": pack["batch"], "begndate": day, "enddate": day,
        }  # fmt: skip
        outcome = do.framed(f, "3511", {"data": asked})
        if not isinstance(outcome, Answered):
            raise Impossible("销售查询没有应答")
        named = (pack["med_list_codg"], pack["at"], saying.settled_as(f))
        found = [row for row in outcome.data["output"] if _named(row) == named]
        number = str(found[0].get("medinsProdSelNo") or "") if found else ""
        _keep(do, name, {**pack, "state": "sold" if found else "gone", "sel_no": number})


def virtual_codes(do: Doing, f: Facts, pack: Facts) -> list[str]:
    """3592B for each pack of old stock.

    Raises:
        Declined: no code was given.
    """
    asked = {
        "med_list_codg": pack["med_list_codg"], "fixmedins_hilist_id": saying.own_code(f, pack),
        "fixmedins_hilist_name": saying.line_of(f, pack)["name"], "fixmedins_bchno": pack["batch"],
    }  # fmt: skip
    told = [do.framed(f, "3592B", {"data": asked}) for _ in range(1 if pack.get("split") else int(pack["cnt"]))]
    codes = [str(one.data["result"]["drug_trac_codg"]) for one in told if isinstance(one, Answered)]
    if len(codes) < len(told):
        raise Declined("未取得虚拟追溯码")
    return codes


def take_back(do: Doing, name: str, f: Facts, *, received: bool, delivered: bool) -> None:
    """3506A for each pack that is back.

    Raises:
        Declined: it is not back, or the platform would not have it.
        Impossible: no answer.
    """
    if not received:
        raise Declined("货未到店")
    look_up(do, name, f)
    for pack in _sold(packs_of(do, name)).values():
        pack = _keep(do, name, {**pack, "back_at": pack.get("back_at") or datetime19(do.wire.now_ms())})
        outcome = do.framed(f, "3506A", {"selinfoDetail": [saying.return_row(do.outside.settings, name, f, pack)]})
        if isinstance(outcome, Refused):
            raise Declined(outcome.why)
        if not isinstance(outcome, Answered):
            raise Impossible("退货没有应答")
        if failed := outcome.data.get("selinfoErrDetail"):
            raise Declined(str(failed[0].get("msgRslt") or "平台未受理退货"))
        _keep(do, name, {**pack, "state": "used" if delivered else "back"})


def packs_of(do: Doing, name: str) -> dict[str, Json]:
    """Every pack there ever was for an order."""
    return do.log.facts(f"goods {name}")


def untraced(lines: list[Json], day: str) -> str:
    """The first drug of a counter basket that owes a scan, or an empty text."""
    due = (line for line in lines if "trace_codes" in line and day >= SCAN_FROM[True])
    return next((line["name"] for line in due if len({*line["trace_codes"]}) != Decimal(line["cnt"])), "")


def _amiss(do: Doing, name: str, f: Facts, all_of_it: Mapping[str, Json], fresh: Mapping[str, Json]) -> str:
    if _counted(all_of_it.values()) != _counted(f["lines"]):
        return "与结算数量不符，缺货须整单退款"
    day, paid_by_insurance = datetime19(do.wire.now_ms())[:10], bool(saying.settled_as(f))
    for pack in fresh.values():
        codes = tuple(dict.fromkeys(pack.get("trace_codes", ())))
        enough = bool(codes) if pack.get("split") else len(codes) == Decimal(pack["cnt"])
        if not enough and not pack.get("no_code") and (codes or day >= SCAN_FROM[paid_by_insurance]):
            return f"{pack['med_list_codg']}追溯码不全"
        if taken := next((code for code in codes if not _free(do, name, code, pack)), ""):
            return f"{taken}已售出或不可再售"
    return ""


def _free(do: Doing, name: str, code: str, pack: Facts) -> bool:
    """Whether a code may be sold here: nobody else has it, except one who bought of the same opened pack."""
    fact = do.log.facts(f"code {code}")
    if not fact or fact["order"] == name or fact["state"] in ("no", "gone", "back"):
        return True
    return fact["state"] != "used" and bool(fact["split"] and pack.get("split"))


def _keep(do: Doing, name: str, pack: Json) -> Json:
    do.log.note(f"goods {name}", **{_key(pack): pack})
    for code in pack.get("trace_codes", ()):
        do.log.note(f"code {code}", order=name, state=pack["state"], split=bool(pack.get("split")))
    return pack


def _key(pack: Facts) -> str:
    return f"{pack['med_list_codg']}/{pack['batch']}"


def _sold(packs: Mapping[str, Json]) -> dict[str, Json]:
    return {key: pack for key, pack in packs.items() if pack["state"] == "sold"}


def _named(row: Facts) -> tuple[Any, ...]:
    return row.get("medListCodg"), row.get("selRetnTime"), str(row.get("setlId") or "")


def _counted(rows: Iterable[Facts]) -> dict[str, Decimal]:
    counted: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        counted[row["med_list_codg"]] += Decimal(row["cnt"])
    return counted
