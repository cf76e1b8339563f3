"""Rules of handing over: paid, complete, scanned, reported and accepted, and only then gone."""

from collections.abc import Iterator
from decimal import Decimal

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import truth
from conformance.probes.reading_goods import (
    HandOver,
    Json,
    Reported,
    counted,
    hand_overs,
    reported,
    settlements_of,
)


def only_paid(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Goods leave while the purchase stands in the books, and only then."""
    for one in hand_overs(evidence):
        if one.left and not _bought(evidence, one):
            yield _broken("付款成立之前不出库", "no goods leave unless the payment stands", one, "已出库", "they left")
        else:
            yield Held()


def _bought(evidence: Evidence, one: HandOver) -> bool:
    """Whether the purchase stood when the shop wanted to hand over."""
    moment = next(
        name
        for name, books in evidence.record["moments"].items()
        if books.get("dispense_of") == one.order and books["after_seq"] >= one.asked.after_seq
    )
    return truth(evidence, moment, one.order).bought


def reported_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Before goods leave, the platform has taken a row for each of them, and the channel has heard so."""
    for one in hand_overs(evidence):
        if not one.left:
            continue
        missing = [pack for pack in one.packs if not _known_sold(evidence, one, pack)]
        if missing:
            codes = ", ".join(str(pack["med_list_codg"]) for pack in missing)
            yield _broken(
                "先由3505/3505A受理，再出库", "taken by 3505 or 3505A before it leaves", one,
                f"{codes}出库时平台未受理或渠道不知道", f"{codes} left without a row known to be taken",
            )  # fmt: skip
        else:
            yield Held(tuple({row.line.seq for row in one.rows(evidence)}))


def _known_sold(evidence: Evidence, one: HandOver, pack: Json) -> bool:
    """A taken row that was heard of: in its own answer, or found by 3511."""
    same = [row for row in reported(evidence) if row.line.seq <= one.asked.after_seq and _is(row, pack)]
    if any(row.taken and row.line.heard for row in same):
        return True
    asked = [line for line in evidence.calls("3511") if line.heard and line.seq <= one.asked.after_seq]
    found = any(
        row.get("medListCodg") == pack["med_list_codg"] and row.get("fixmedinsBchno") == pack["batch"]
        for line in asked
        for row in (line.raw.get("answer") or {}).get("output") or ()
    )
    return found and any(row.taken for row in same)


def _is(row: Reported, pack: Json) -> bool:
    return (row.drug, row.batch) == (pack["med_list_codg"], pack["batch"])


def refused_row_keeps_goods(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A row refused inside a well answered 3505A keeps its goods in the shop."""
    for one in hand_overs(evidence):
        refused = [row for row in one.rows(evidence) if row.line.heard and row.line.accepted and not row.taken]
        if not refused:
            continue
        mended = all(any(again.taken and again.drug == row.drug for again in one.rows(evidence)) for row in refused)
        if one.left and not mended:
            yield _broken(
                "该行retRslt为0的货品留在门店", "what has retRslt 0 stays in the shop", one, "已出库", "it left",
                *(row.line.seq for row in refused),
            )  # fmt: skip
        else:
            yield Held(tuple(row.line.seq for row in refused))


def tied_to_settlement(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A row of an insured purchase names its settlement and visit; that of a purchase for cash alone names none."""
    for one in hand_overs(evidence):
        paid = {str(row["setl_id"]): str(row["mdtrt_id"]) for row in settlements_of(evidence, one.order)}
        for row in one.rows(evidence):
            kind = str(row.row.get("MDTRT_SETL_TYPE") or row.row.get("mdtrt_setl_type") or "")
            told = f"setl_id={row.setl_id} mdtrt_sn={row.row.get('mdtrt_sn')} MDTRT_SETL_TYPE={kind}"
            sound = paid.get(row.setl_id) == row.row.get("mdtrt_sn") if paid else not row.setl_id and kind != "1"
            if sound:
                yield Held((row.line.seq,))
            else:
                due = ", ".join(f"{setl_id}/{visit}" for setl_id, visit in paid.items())
                yield Broken(
                    Both(
                        f"setl_id与mdtrt_sn为{due or '空（自费）'}", f"setl_id and mdtrt_sn: {due or 'none, self-paid'}"
                    ),
                    Both(told, told),
                    (row.line.seq,),
                )


def codes_as_scanned(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A row carries exactly the codes the shop scanned for it, one for each pack unless the pack was opened."""
    for one in hand_overs(evidence):
        for row in one.rows(evidence):
            pack = next((pack for pack in one.packs if _is(row, pack)), None)
            if pack is None or pack.get("no_code") or not pack.get("trace_codes"):
                continue
            wanted = sorted(str(code) for code in pack["trace_codes"])
            if sorted(row.codes) == wanted:
                yield Held((row.line.seq,))
            else:
                yield Broken(
                    Both(f"追溯码{'、'.join(wanted)}", f"codes {', '.join(wanted)}"),
                    Both(f"上报{'、'.join(row.codes) or '无'}", f"{', '.join(row.codes) or 'none'} reported"),
                    (row.line.seq,),
                )


def split_is_flagged(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """``trdn_flag`` is 1 for goods out of an opened pack and 0 for whole packs."""
    for one in hand_overs(evidence):
        for row in one.rows(evidence):
            pack = next((pack for pack in one.packs if _is(row, pack)), None)
            if pack is None:
                continue
            opened = bool(pack.get("split"))
            if row.split == opened:
                yield Held((row.line.seq,))
            else:
                flag = row.row.get("trdn_flag")
                yield Broken(
                    Both(f"trdn_flag={int(opened)}", f"trdn_flag {int(opened)}"),
                    Both(f"trdn_flag={flag}", f"trdn_flag {flag}"),
                    (row.line.seq,),
                )


def complete(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What leaves is what was settled, drug by drug: never less, never more."""
    for one in hand_overs(evidence):
        wanted, given = counted(evidence.orders()[one.order]["lines"]), counted(one.packs)
        if one.left and given != wanted:
            short = ", ".join(f"{code} {given.get(code, Decimal(0))}/{cnt}" for code, cnt in wanted.items())
            yield _broken("按结算数量全数出库，否则整单退款", "all that was settled, or the whole order goes back", one,
                          f"出库{short}", f"{short} left")  # fmt: skip
        else:
            yield Held()


def as_due(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Goods without a scan leave before the duty began (``due`` false), and stay once it has (``due`` true)."""
    due = bool(evidence.facts["scan_due"])
    if due != bool(params["due"]):
        return
    for one in hand_overs(evidence):
        if any(pack.get("trace_codes") or pack.get("no_code") for pack in one.packs) or not _bought(evidence, one):
            continue
        if one.left != due:
            yield Held()
        elif due:
            yield _broken("未扫追溯码不出库", "no scan, no sale", one, "已出库", "they left")
        else:
            yield _broken(
                "追溯码要求生效之前可以出库", "they may leave before the duty began", one, "被拦下", "held back"
            )


def _broken(zh: str, en: str, one: HandOver, told_zh: str, told_en: str, *seqs: int) -> Broken:
    return Broken(Both(zh, en), Both(f"订单{one.order}：{told_zh}", f"order {one.order}: {told_en}"), seqs)
