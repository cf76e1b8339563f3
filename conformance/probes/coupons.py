"""Rules of coupons: they make the medicines cheaper, for the account as well."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.oracle.amounts import basket_fen, fen_of
from conformance.probes.reading import shop_orders

Json = Mapping[str, Any]


def bill_is_cut(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """The total of 6201 is the list price of the basket less the coupon."""
    for order in shop_orders(evidence):
        coupon_fen = int(order.fact.get("coupon_fen", 0))
        if not coupon_fen:
            continue
        due = basket_fen(order.lines) - coupon_fen
        for line in evidence.calls("6201"):
            if line.sent("psnNo") != order.psn_no or not line.sent("medfeeSumamt"):
                continue
            told = fen_of({"v": line.sent("medfeeSumamt")}, "v")
            if told == due:
                yield Held((line.seq,))
            else:
                yield Broken(
                    Both(f"原价减优惠券{coupon_fen}分，为{due}分", f"list price less {coupon_fen} fen: {due} fen"),
                    Both(f"上传{told}分", f"{told} fen were billed"),
                    (line.seq,),
                )
