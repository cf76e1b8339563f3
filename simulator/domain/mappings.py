"""Which catalogue drug an institution's own code stands for (3301, 3302, 1317; institution-interfaces.md 3.5–3.9)."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDrug:
    """A row of 3301: what an institution calls a catalogue drug in its own system."""

    KEY: ClassVar[str] = "mapping_key"
    INDEXES: ClassVar[tuple[str, ...]] = ("fixmedins_code",)

    mapping_key: str
    """``fixmedins_code/fixmedins_hilist_id``."""
    fixmedins_code: str
    fixmedins_hilist_id: str
    fixmedins_hilist_name: str
    list_type: str
    med_list_codg: str
    begndate: str
    enddate: str = ""
    aprvno: str = ""
    dosform: str = ""
    spec: str = ""
    pacspec: str = ""
    prcunt: str = ""
    exct_cont: str = ""
    item_cont: str = ""
    memo: str = ""
    approved: bool = True
    withdrawn: bool = False
    crte_ms: int = 0
    updt_ms: int = 0


def upload(unit: Unit, listed: ListedDrug) -> None:
    """3301: keep a mapping, approved as the switch ``mapping`` says; an equal one again changes nothing.

    Raises:
        Refusal: ``unknown_drug``, ``dates_reversed``, ``mapping_exists``.
    """
    if unit.get(Drug, listed.med_list_codg) is None:
        raise Refusal("unknown_drug", "med_list_codg", code=listed.med_list_codg)
    if listed.enddate and listed.enddate < listed.begndate:
        raise Refusal("dates_reversed", "enddate", begin=listed.begndate, end=listed.enddate)
    standing = unit.get(ListedDrug, listed.mapping_key)
    if standing is None or standing.withdrawn:
        at_once = unit.switches.mapping == "approved"
        unit.put(replace(listed, approved=at_once, crte_ms=unit.now_ms, updt_ms=unit.now_ms))
        return
    if standing.med_list_codg != listed.med_list_codg:
        raise Refusal("mapping_exists", "fixmedins_hilist_id", value=listed.fixmedins_hilist_id)
    unit.put(replace(listed, approved=standing.approved, crte_ms=standing.crte_ms, updt_ms=unit.now_ms))


def withdraw(unit: Unit, *, fixmedins_code: str, fixmedins_hilist_id: str, list_type: str, med_list_codg: str) -> None:
    """3302: a mapping, audited or not, no longer stands; the row stays visible as invalid.

    Raises:
        Refusal: ``mapping_unknown``.
    """
    standing = unit.get(ListedDrug, f"{fixmedins_code}/{fixmedins_hilist_id}")
    named = standing is not None and (standing.list_type, standing.med_list_codg) == (list_type, med_list_codg)
    if standing is None or standing.withdrawn or not named:
        raise Refusal("mapping_unknown", "fixmedins_hilist_id", value=fixmedins_hilist_id)
    unit.put(replace(standing, withdrawn=True, updt_ms=unit.now_ms))


def mapped(unit: Unit, fixmedins_code: str, fixmedins_hilist_id: str, med_list_codg: str) -> bool:
    """Whether an approved mapping of that very pair stands today."""
    listed = unit.get(ListedDrug, f"{fixmedins_code}/{fixmedins_hilist_id}")
    today = date10(unit.now_ms)
    return (
        listed is not None
        and listed.approved
        and not listed.withdrawn
        and listed.med_list_codg == med_list_codg
        and listed.begndate <= today <= (listed.enddate or today)
    )


def view(listed: ListedDrug, admdvs: str) -> dict[str, Any]:
    """A row of 1317. House: a mapping that waits for approval or was withdrawn shows ``vali_flag`` 0."""
    created, updated = date10(listed.crte_ms), date10(listed.updt_ms)
    return {
        "fixmedins_code": listed.fixmedins_code, "medins_list_codg": listed.fixmedins_hilist_id,
        "medins_list_name": listed.fixmedins_hilist_name, "insu_admdvs": admdvs, "list_type": listed.list_type,
        "med_list_codg": listed.med_list_codg, "begndate": listed.begndate, "enddate": listed.enddate,
        "aprvno": listed.aprvno, "dosform": listed.dosform, "exct_cont": listed.exct_cont,
        "item_cont": listed.item_cont, "prcunt": listed.prcunt, "spec": listed.spec, "pacspec": listed.pacspec,
        "memo": listed.memo, "vali_flag": "1" if listed.approved and not listed.withdrawn else "0",
        "rid": listed.mapping_key[:40], "updt_time": updated, "crte_time": created, "opt_time": updated,
    }  # fmt: skip
