"""Rules of whose money it is: the buyer's choice of accounts, who 1101 said he is, and a refusal that stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import ShopOrder, shop_orders
from conformance.sight import on_the_wire

Json = Mapping[str, Any]

_BILLS = ("6201", "2102")


def says_the_choice(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """``acctUsedFlag`` of 6201 (and of 6202, when given) is what the buyer chose in the storefront."""
    chosen = {order.psn_no: str(order.fact["acct_used_flag"]) for order in shop_orders(evidence)}
    owner = {number: order.psn_no for order in shop_orders(evidence) for number in order.pay_ord_ids}
    for line in evidence.calls("6201", "6202"):
        buyer, told = line.sent("psnNo") or owner.get(line.key("payOrdId"), ""), line.sent("acctUsedFlag")
        if buyer not in chosen or not (told or line.code == "6201"):
            continue
        yield _compared(line, "acctUsedFlag", chosen[buyer], told)


def only_chosen_purses(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A payment debits nobody's account the buyer did not choose: 0 none, 1 his own, 2 his relatives' too."""
    for order in shop_orders(evidence):
        paid = [
            move
            for move in evidence.record["transfers"]
            if move["kind"] == "PAY" and str(move["ref"]) in order.pay_ord_ids
        ]
        debited = {
            str(posting["account"])
            for move in paid
            for posting in move["postings"]
            if int(posting["fen"]) < 0 and str(posting["account"]).partition(":")[0] in ("own", "quota")
        }
        strange = sorted(debited - _allowed(order, debited))
        if strange:
            yield Broken(
                Both(f"买方选择{order.fact['acct_used_flag']}", f"the buyer chose {order.fact['acct_used_flag']}"),
                Both(f"从{len(strange)}个未选用的账户扣款", f"{len(strange)} accounts he did not choose were debited"),
                _uploads(evidence, order),
            )
        elif order.pay_ord_ids:
            yield Held(_uploads(evidence, order))


@on_the_wire
def said_as_answered(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What a bill (``codes``) says of the person is what the last 1101 answered; ``fields``: ours=theirs."""
    pairs = [str(field).split("=") for field in params["fields"]]
    known: dict[str, Line] = {}
    for line in evidence.calls("1101", *params["codes"]):
        if line.code == "1101":
            known[line.answered("psn_no")] = line
            continue
        answer = known.get(line.sent("psnNo") or line.sent("psn_no"))
        if answer is None:
            continue
        told = {ours: (answer.answered(theirs), line.sent(ours)) for ours, theirs in pairs}
        off = next((name for name, (due, said) in told.items() if said and said != due), "")
        yield _compared(line, off, *told[off]) if off else Held((answer.seq, line.seq))


@on_the_wire
def frame_names_place(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """``insuplc_admdvs`` of an institution frame about a known person is his place of insurance."""
    place: dict[str, str] = {}
    for line in evidence.calls("1101", "2101", "2102", "2103", "2601"):
        if line.code == "1101":
            place[line.answered("psn_no")] = line.answered("insuplc_admdvs")
        elif due := place.get(line.sent("psn_no")):
            yield _compared(line, "insuplc_admdvs", due, str(line.raw["envelope"].get("insuplc_admdvs", "")))


@on_the_wire
def asked_for_each_order(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Between two uploads of different orders of one buyer 1101 is asked about him."""
    fresh: dict[str, bool] = {}
    serial: dict[str, str] = {}
    for line in evidence.calls("1101", "6201"):
        if line.code == "1101":
            fresh[line.answered("psn_no")] = line.heard
            continue
        buyer = line.sent("psnNo")
        if serial.get(buyer) == line.sent("medOrgOrd"):
            continue
        serial[buyer] = line.sent("medOrgOrd")
        if fresh.pop(buyer, False):
            yield Held((line.seq,))
        else:
            yield Broken(
                Both("上传之前用1101取得该人员的信息", "1101 before the upload"),
                Both("沿用了以前的信息", "what an earlier order was told was used"),
                (line.seq,),
            )


@on_the_wire
def no_bill_without_insurance(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Once 1101 shows a person's insurance as not in force, no bill is sent for him until it shows otherwise."""
    suspended: dict[str, Line] = {}
    billed: dict[int, Line] = {}
    for line in evidence.calls("1101", *_BILLS):
        buyer = line.answered("psn_no") if line.code == "1101" else line.sent("psnNo") or line.sent("psn_no")
        if line.code == "1101" and line.heard:
            suspended.pop(buyer, None)
            if line.answered("psn_insu_stas") not in ("", "1"):
                suspended[buyer] = line
        elif buyer in suspended:
            billed.setdefault(suspended[buyer].seq, line)
    for line in evidence.calls("1101"):
        if line.heard and line.answered("psn_insu_stas") not in ("", "1"):
            later = billed.get(line.seq)
            yield _billed(line, later) if later else Held((line.seq,))


def rests_after_refusal(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An order whose confirmation the core refused is not uploaded or placed again by the channel itself."""
    for order in shop_orders(evidence):
        for act in evidence.lines():
            if act.surface != "person" or act.code != "confirm" or act.key("payOrdId") not in order.pay_ord_ids:
                continue
            if act.answered("ordStas") not in ("15", "16"):
                continue
            again = [
                line
                for line in evidence.calls("6201", "6202")
                if line.seq > act.seq
                and (line.sent("psnNo") == order.psn_no or line.key("payOrdId") in order.pay_ord_ids)
            ]
            if again:
                yield Broken(
                    Both("等买方重新下单", "the buyer orders anew, or nothing happens"),
                    Both(f"自行发送了{again[0].code}", f"{again[0].code} was sent without being asked"),
                    (act.seq, *(line.seq for line in again)),
                )
            else:
                yield Held((act.seq,))


def _allowed(order: ShopOrder, debited: set[str]) -> set[str]:
    flag = str(order.fact["acct_used_flag"])
    return {"0": set(), "1": {f"own:{order.psn_no}"}}.get(flag, debited)


def _uploads(evidence: Evidence, order: ShopOrder) -> tuple[int, ...]:
    return tuple(line.seq for line in evidence.calls("6201") if line.sent("psnNo") == order.psn_no)


def _billed(asked: Line, later: Line) -> Broken:
    return Broken(
        Both("参保状态不正常时不上传、不结算", "no bill while the insurance is not in force"),
        Both(f"仍发送了{later.code}", f"{later.code} was sent all the same"),
        (asked.seq, later.seq),
    )


def _compared(line: Line, field: str, due: str, told: str) -> Finding:
    if due == told:
        return Held((line.seq,))
    return Broken(
        Both(f"{field} = {due}", f"{field} = {due}"), Both(f"{field} = {told}", f"{field} = {told}"), (line.seq,)
    )
