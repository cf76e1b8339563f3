"""``perform``: business tasks, from the contract's words to the channel's methods and back."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from conformance.channels.reference.books import Tally
from conformance.channels.reference.channel import Basket, Channel
from conformance.channels.reference.orders import Line, Order, Sale
from conformance.channels.reference.outcomes import Refused
from conformance.channels.reference.parts import Json
from conformance.channels.reference.prescription import Rx
from conformance.channels.reference.walking import reason

Task: TypeAlias = Callable[[Channel, Mapping[str, Any]], Json]


class Unable(Exception):
    """A task that could not even be tried. Worded for people."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def place_order(channel: Channel, body: Mapping[str, Any]) -> Json:
    """An online purchase."""
    return _begun(channel, channel.place_order(_basket(channel, body)))


def counter_sale(channel: Channel, body: Mapping[str, Any]) -> Json:
    """A sale at the counter."""
    shown = body["certificate"]
    certificate = Sale(
        mdtrt_cert_type=shown["mdtrt_cert_type"], mdtrt_cert_no=shown["mdtrt_cert_no"],
        card_sn=shown.get("card_sn", ""),
    )  # fmt: skip
    return _begun(channel, channel.counter_sale(_basket(channel, body), certificate))


def refund_delivery(channel: Channel, body: Mapping[str, Any]) -> Json:
    """Delivery money alone."""
    return told_of(channel, channel.refund_delivery(body["order"], body["fen"]))


def sign_in(channel: Channel, body: Mapping[str, Any]) -> Json:
    """Today's sign-in."""
    known_shop(channel, body["org"])
    sign_no = channel.sign_in(body["org"])
    if isinstance(sign_no, str):
        return {"ok": {"org": body["org"], "sign_no": sign_no}}
    why = reason(sign_no)
    if isinstance(sign_no, Refused):
        return {"refused": {"reason_zh": why, "reason_en": f"the platform refused: {why}"}}
    raise Unable(f"签到无应答：{why}", f"no answer to the sign-in: {why}")


def reconcile(channel: Channel, body: Mapping[str, Any]) -> Json:
    """One day at one pharmacy against the platform's books."""
    known_shop(channel, body["org"])
    told = channel.reconcile(body["org"], body["day"])
    if isinstance(told, Tally):
        return {"ok": {
            "org": body["org"], "day": body["day"], "rows": told.rows, "differing": told.differing,
            "foreign": told.foreign, "orders": list(told.orders),
        }}  # fmt: skip
    why = reason(told)
    if isinstance(told, Refused):
        return {"refused": {"reason_zh": why, "reason_en": f"the platform refused: {why}"}}
    raise Unable(f"对账未完成：{why}", f"the day could not be compared: {why}")


def review(channel: Channel, body: Mapping[str, Any]) -> Json:
    """A pharmacist's word on a prescription."""
    who = body["pharmacist"]
    told = channel.review(
        body["order"], passed=body["passed"], opinion=body["opinion"], qr=who["qr"], name=who["name"],
        cert_type=who["cert_type"], certno=who["certno"], code=who["code"],
    )  # fmt: skip
    return told_of(channel, told)


def deliver(channel: Channel, body: Mapping[str, Any]) -> Json:
    """A step of the courier's."""
    return told_of(channel, channel.deliver(body["order"], body["delv_stas_codg"]))


def on_order(method: Callable[[Channel, str], Order]) -> Task:
    """A task that needs nothing but the number of its order."""

    def task(channel: Channel, body: Mapping[str, Any]) -> Json:
        return told_of(channel, method(channel, body["order"]))

    return task


def _basket(channel: Channel, body: Mapping[str, Any]) -> Basket:
    known_shop(channel, body["org"])
    return Basket(
        order=body["order"], org=body["org"], user=body.get("user", ""), acct_used_flag=body.get("acct_used_flag", "1"),
        delivery_fen=body.get("delivery_fen", 0), packing_fen=body.get("packing_fen", 0),
        coupon_fen=body.get("coupon_fen", 0),
        lines=tuple(
            Line(
                med_list_codg=line["med_list_codg"], cnt=line["cnt"], pric=line["pric"], name=line.get("name", ""),
                rx_flag=line.get("rx_flag", "0"), online_barred=line.get("online_barred", False),
                own_code=line.get("own_code", ""), day_limit=line.get("day_limit", 0),
                trace_codes=tuple(line["trace_codes"]) if "trace_codes" in line else None,
            )
            for line in body["lines"]
        ),
        rx=Rx(**body["prescription"]) if "prescription" in body else None,
    )  # fmt: skip


def known_shop(channel: Channel, org: str) -> None:
    """A shop we may act for.

    Raises:
        Unable: it is none.
    """
    if org not in channel.context.settings.shops:
        raise Unable(f"未获授权代表机构 {org}", f"not registered to act for {org}")


def _begun(channel: Channel, order: Order) -> Json:
    """A new order that failed was refused by the platform; anything else got as far as its belief says."""
    if order.end == "failed":
        return {"refused": {"reason_zh": order.why, "reason_en": f"the platform refused: {order.why}"}}
    return told_of(channel, order)


def told_of(channel: Channel, order: Order) -> Json:
    """How far an order got, in the contract's words."""
    told = {
        name: value for name, value in channel.believe(order.order).items() if name in ("order", "state", "setl_id")
    }
    if order.payment.pay_ord_id:
        told["pay_ord_id"] = order.payment.pay_ord_id
    if order.consent and order.consent.auth_url and not order.consent.pay_auth_no:
        told["auth_url"] = order.consent.auth_url
    return {"ok": told}


TASKS: Final[Mapping[str, Task]] = {
    "place_order": place_order, "counter_sale": counter_sale, "refund_delivery": refund_delivery, "sign_in": sign_in,
    "reconcile": reconcile, "review": review, "deliver": deliver, "receive": on_order(Channel.receive_goods),
    "check": on_order(Channel.check), "cancel": on_order(Channel.cancel), "refund": on_order(Channel.refund),
    "ship": on_order(Channel.ship), "counter_cancel": on_order(Channel.counter_cancel),
}  # fmt: skip
"""Task → what it does."""
