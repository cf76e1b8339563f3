"""Rules of giving back when somebody else has a say, of buttons pressed twice, and of orders paid by half."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import QUIESCENT, ShopOrder, about, shop_orders, truth

Json = Mapping[str, Any]

AUTH = "house.auth.query"
WANTS_CONSENT = ("refund_consent_old", "refund_consent_missing")
INSURANCE_PAID = ("4", "5", "6")


def asks_before_refunding_again(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a 6203 refused for want of a consent the buyer is asked."""
    for order in shop_orders(evidence):
        for number in order.pay_ord_ids:
            refunds = [line for line in about(evidence, number) if line.code == "6203"]
            refused = next((line for line in refunds if line.rule in WANTS_CONSENT), None)
            if refused is None:
                continue
            asked = [
                line for line in evidence.calls(AUTH) if line.seq > refused.seq and line.sent("userId") == _user(order)
            ]
            if asked:
                yield Held((refused.seq, asked[0].seq))
            else:
                yield Broken(
                    Both("征求买方重新授权", "the buyer is asked for a consent"),
                    Both("没有征求买方授权", "the buyer was not asked"),
                    (refused.seq,),
                )


def same_way_back(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """An order told to be refunded has its account and fund share back at the insurer; the desk was never asked for
    more than it collected."""
    told = {row["order"]: row["state"] for row in evidence.beliefs(QUIESCENT)}
    for order in shop_orders(evidence):
        now = truth(evidence, QUIESCENT, order.name)
        if not now.pays or not evidence.asked("perform") or told.get(order.name) == "paid":
            continue
        greedy = [
            line
            for line in evidence.calls("cash.refund")
            if line.rule in ("cash_too_much", "cash_not_paid") and _of(evidence, order, line.sent("outTradeNo"))
        ]
        kept = now.account_fen + now.fund_fen
        if greedy:
            yield Broken(
                Both("收银台只退它收过的款", "the desk gives back what it collected"),
                Both("要求收银台退更多", "it was asked for more"),
                tuple(line.seq for line in greedy),
            )
        elif kept and told.get(order.name) == "refunded":
            yield Broken(
                Both("账户与基金支付的部分用6203退回", "what account and fund paid goes back with 6203"),
                Both(f"已告知退款，仍有{kept}分未退回账户", f"told as refunded; {kept} fen are not back"),
            )
        else:
            yield Held()


def half_paid_goods_stay(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Asked to let goods go while insurance is paid and the cash share is not, the channel does not."""
    for asked in evidence.asked("perform", "ship"):
        books = next(
            books
            for books in evidence.record["moments"].values()
            if books.get("ship_of") == asked.order and books["after_seq"] == asked.after_seq
        )
        buyer = evidence.orders()[asked.order]["psn_no"]
        half = [
            row
            for row in books["orders"]
            if row["psn_no"] == buyer
            and row["ord_stas"] in INSURANCE_PAID
            and int((row.get("split") or {}).get("cash_fen", 0)) > int(row.get("cash_taken_fen", 0))
        ]
        if half and asked.kind == "ok":
            yield Broken(
                Both("自费款收齐之前不发货", "no goods before the cash share is in"),
                Both(f"订单{asked.order}已放行发货", f"order {asked.order} was let go"),
            )
        elif half:
            yield Held()


def one_serial(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """From the first accepted on, all messages of ``code`` that agree in the fields ``alike`` carry one value of
    ``field``; one that was refused from the start leaves nothing behind."""
    grouped: dict[tuple[str, ...], dict[str, int]] = {}
    for line in evidence.calls(params["code"]):
        owner = tuple(line.sent(name) for name in params["alike"])
        if line.accepted or owner in grouped:
            grouped.setdefault(owner, {}).setdefault(line.sent(params["field"]), line.seq)
    for serials in grouped.values():
        if len(serials) == 1:
            yield Held(tuple(serials.values()))
        else:
            yield Broken(
                Both(f"{params['code']}只有一个{params['field']}", f"one {params['field']} in {params['code']}"),
                Both(f"有{len(serials)}个", f"there are {len(serials)}"),
                tuple(serials.values()),
            )


def _user(order: ShopOrder) -> str:
    return str(order.fact.get("ec_user_id", ""))


def _of(evidence: Evidence, order: ShopOrder, out_trade_no: str) -> bool:
    desk = {row["out_trade_no"]: row["pay_ord_id"] for row in evidence.record["cash"] if "out_trade_no" in row}
    return desk.get(out_trade_no, "") in order.pay_ord_ids
