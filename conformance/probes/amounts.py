"""Rules of money on the wire: rounding, sums, what belongs into a medical amount, and what the desk collects."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import basket_fen, fen_of, product_fen
from conformance.probes.reading import shop_orders
from conformance.sight import on_the_wire
from schemas.amount import AmountError

Json = Mapping[str, Any]

_ROWS = {"6201": ("feedetailList", "detItemFeeSumamt"), "2101": ("drugdetail", "det_item_fee_sumamt"),
         "2102": ("drugdetail", "det_item_fee_sumamt")}  # fmt: skip
_HEADER = {"6201": "medfeeSumamt", "2101": "medfee_sumamt", "2102": "medfee_sumamt"}
_REFUNDED = {
    "ALL": ("psnAcctRefdAmt", "fundRefdAmt", "cashRefdAmt", "totlRefdAmt"), "HI": ("psnAcctRefdAmt", "fundRefdAmt"),
}  # fmt: skip
"""refdType → the amounts that must be those of the settlement."""
_BUYER = {"6201": "psnNo", "2101": "psn_no", "2102": "psn_no"}


@on_the_wire
def lines_rounded(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Each line is ``round(cnt × pric, 2)``, half up."""
    for line in evidence.calls(*_ROWS):
        node, field = _ROWS[line.code]
        for row in line.rows(node):
            due = product_fen(str(row["cnt"]), str(row["pric"]))
            yield _compared(line, f"{field} ({row['cnt']} × {row['pric']})", due, row.get(field))


@on_the_wire
def header_is_sum(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The total of a bill is the sum of its lines."""
    for line in evidence.calls(*_ROWS):
        node, field = _ROWS[line.code]
        try:
            due = sum(fen_of(row, field) for row in line.rows(node))
        except AmountError:
            continue
        yield _compared(line, _HEADER[line.code], due, line.sent(_HEADER[line.code]))


def bill_is_medicines(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The total of a bill is what the medicines cost: no delivery, no packing, no coupon."""
    owed = {order.psn_no: basket_fen(order.lines) for order in shop_orders(evidence)}
    for line in evidence.calls(*_ROWS):
        buyer = line.sent(_BUYER[line.code])
        if buyer in owed:
            yield _compared(line, _HEADER[line.code], owed[buyer], line.sent(_HEADER[line.code]))


def desk_collects_cash_share(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The cash desk is asked for ``ownPayAmt`` of the last 6202 and, apart, for delivery and packing."""
    freight = {number: order.freight_fen for order in shop_orders(evidence) for number in order.pay_ord_ids}
    shares: dict[str, int] = {}
    for line in evidence.calls():
        number = line.key("payOrdId")
        if line.code in ("6202", "6301") and line.accepted and line.answered("ownPayAmt"):
            shares[number] = fen_of({"v": line.answered("ownPayAmt")}, "v")
        if line.surface != "cash" or line.code != "cash.open" or number not in freight or number not in shares:
            continue
        due = {"cashFen": shares[number], "freightFen": freight[number]}
        told = {name: int(line.sent(name) or 0) for name in due}
        if told == due:
            yield Held((line.seq,))
        else:
            yield Broken(Both(f"{due}", f"{due}"), Both(f"{told}", f"{told}"), (line.seq,))


@on_the_wire
def refund_is_original(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A refund of everything names the parts as they were settled, and a total that is their sum; a refund of what
    insurance paid (HI), where the cash share goes back apart, names those parts."""
    settled: dict[str, Mapping[str, int]] = {}
    for line in evidence.calls("6202", "6203"):
        number = line.key("payOrdId")
        if line.code == "6202" and line.accepted:
            answer = line.raw.get("answer") or {}
            settled[number] = {
                "psnAcctRefdAmt": fen_of(answer, "psnAcctPay"), "fundRefdAmt": fen_of(answer, "fundPay"),
                "cashRefdAmt": fen_of(answer, "ownPayAmt"), "totlRefdAmt": fen_of(answer, "feeSumamt"),
            }  # fmt: skip
        if line.code == "6203" and line.sent("refdType") in _REFUNDED and number in settled:
            told = {name: line.sent(name) for name in _REFUNDED[line.sent("refdType")] if line.sent(name)}
            off = next((name for name, value in told.items() if not _equal(value, settled[number][name])), "")
            if off:
                yield _compared(line, off, settled[number][off], told[off])
            else:
                yield Held((line.seq,))


def _compared(line: Line, what: str, due_fen: int, told: object) -> Finding:
    if _equal(told, due_fen):
        return Held((line.seq,))
    return Broken(
        Both(f"{what} = {due_fen}分", f"{what} = {due_fen} fen"),
        Both(f"报文为{told}元", f"the message says {told} yuan"),
        (line.seq,),
    )


def _equal(told: object, due_fen: int) -> bool:
    try:
        return fen_of({"v": told}, "v") == due_fen and told not in (None, "")
    except AmountError:
        return False
