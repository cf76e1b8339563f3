"""The table of faults: name, places, what it is for in two languages, its parameters and what it does to an answer.

Places: ``request`` (before anything is kept), ``answer`` (everything is kept, the answer suffers), ``confirm`` (the
person's confirmation), ``refund`` (6203), ``cash`` (the cash desk), ``notice`` (6302 on its way). The last four are
read by whoever stands at that place; the first two carry their effect here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from schemas import jsontext
from schemas.amount import AmountError, to_fen, to_text
from simulator.domain.moment import stamp14
from simulator.domain.ports import Unit
from simulator.exchange import Exchange, Json
from simulator.faults.armed import Armed, plain_name
from simulator.misuse import Misuse

Effect = Callable[[Exchange, Armed], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One fault: ``strike`` works on the exchange before handling (``request``) or on its sealed answer (``answer``),
    ``bend`` on the clear answer before it is sealed."""

    places: tuple[str, ...]
    zh: str
    en: str
    params: Mapping[str, object] = field(default_factory=dict)
    strike: Effect | None = None
    bend: Effect | None = None


def _silence(exchange: Exchange, armed: Armed) -> None:
    exchange.silent = True


def _status(exchange: Exchange, armed: Armed) -> None:
    exchange.status = int(armed.params["status"])
    exchange.answer = str(armed.params["body"]).encode()
    if armed.params["retry_after"] != "":
        exchange.answer_headers["retry-after"] = str(armed.params["retry_after"])


def _slow(exchange: Exchange, armed: Armed) -> None:
    exchange.delay_ms = int(armed.params["ms"])


def _garble(exchange: Exchange, armed: Armed) -> None:
    cut = Random(armed.seed).randrange(1, max(2, len(exchange.answer) - 1))
    exchange.answer = exchange.answer[:cut]


_AMOUNTS = ("psnAcctPay", "feeSumamt", "fundPay", "acct_pay", "medfee_sumamt", "psn_cash_pay")


def _alter(exchange: Exchange, armed: Armed) -> None:
    if exchange.output is not None:
        exchange.output = _shifted(exchange.output, str(armed.params["field"]), int(armed.params["fen"]))


def _shifted(node: Json, wanted: str, fen: int) -> Json:
    """The same answer with its first matching amount moved by ``fen``."""
    for name in (wanted,) if wanted else _AMOUNTS:
        try:
            if name in node:
                return {**node, name: to_text(to_fen(node[name]) + fen)}
        except AmountError:
            continue
    for name, child in node.items():
        if isinstance(child, dict) and (moved := _shifted(child, wanted, fen)) != child:
            return {**node, name: moved}
    return node


def _swap(exchange: Exchange, armed: Armed) -> None:
    """The answer becomes that of an order which is paid, and not the one asked about."""
    if exchange.output is not None and "payOrdId" in exchange.output:
        number = str(exchange.output["payOrdId"])
        other = f"{number[:-7]}{(int(number[-7:]) + 5_000_000) % 10_000_000:07d}"
        told: Json = {}
        if "ordStas" in exchange.output:
            told = {
                "ordStas": armed.params["ordStas"],
                "traceTime": stamp14(exchange.at_ms),
                "setlType": "HI",
                "callType": "02",
            }
        exchange.output = {**exchange.output, "payOrdId": other, **told}


_HTTP = {"status": 503, "retry_after": "", "body": '{"code":503,"message":"服务暂不可用"}'}

KINDS: Mapping[str, Kind] = {
    "no_answer_before_commit": Kind(
        places=("request",), zh="什么都没发生，也不应答", en="nothing happens and nothing is answered", strike=_silence
    ),
    "no_answer_after_commit": Kind(
        places=("answer",), zh="已生效，但不应答", en="takes effect, but is not answered", strike=_silence
    ),
    "http_status": Kind(
        places=("request",),
        zh="未处理，返回HTTP状态码",
        en="not handled; an HTTP status instead",
        params=_HTTP,
        strike=_status,
    ),
    "http_status_after_commit": Kind(
        places=("answer",),
        zh="已生效，但返回HTTP状态码",
        en="takes effect; an HTTP status instead",
        params=_HTTP,
        strike=_status,
    ),
    "slow": Kind(
        places=("answer",),
        zh="已生效，迟迟才应答",
        en="takes effect; the answer comes late",
        params={"ms": 15_000},
        strike=_slow,
    ),
    "garbled_body": Kind(
        places=("answer",), zh="已生效，应答被截断", en="takes effect; the answer is cut off", strike=_garble
    ),
    "wrong_signature": Kind(
        places=("answer",), zh="已生效，应答用别的密钥签名", en="takes effect; the answer is signed with a foreign key"
    ),
    "unsealed_answer": Kind(
        places=("answer",), zh="已生效，应答未加密也未签名", en="takes effect; the answer is neither sealed nor signed"
    ),
    "foreign_answer": Kind(
        places=("answer",),
        zh="已生效，应答属于另一张订单",
        en="takes effect; the answer is that of another order",
        params={"ordStas": "6"},
        bend=_swap,
    ),
    "altered_amount": Kind(
        places=("answer",),
        zh="已生效，应答金额被改",
        en="takes effect; an amount in the answer is changed",
        params={"field": "", "fen": 100},
        bend=_alter,
    ),
    "core_refuses": Kind(places=("confirm",), zh="确认时核心拒绝结算", en="the core refuses at confirmation"),
    "core_silent": Kind(places=("confirm",), zh="确认时核心无应答", en="the core is silent at confirmation"),
    "cash_return_fails": Kind(
        places=("confirm",), zh="核心拒绝后自费款退不回", en="the core refuses and the cash cannot be returned"
    ),
    "refund_cash_fails": Kind(places=("refund",), zh="退费时自费部分失败", en="the cash part of a refund fails"),
    "refund_insurance_fails": Kind(
        places=("refund",), zh="退费时医保部分失败", en="the insurance part of a refund fails"
    ),
    "cash_desk_down": Kind(places=("cash",), zh="收银台退款失败", en="the cash desk fails to refund"),
    "duplicate_notice": Kind(
        places=("notice",),
        zh="成功后再次发送同一通知",
        en="the notice is sent again after success",
        params={"times": 1},
    ),
    "late_notice": Kind(places=("notice",), zh="通知晚到", en="the notice comes late", params={"ms": 7_200_000}),
    "forged_notice": Kind(
        places=("notice",),
        zh="先发一份他人密钥签名的假通知",
        en="a notice signed with a foreign key comes first",
        params={"pay_ord_id": ""},
    ),
    "no_notice": Kind(places=("notice",), zh="通知不发出", en="the notice is not sent"),
}


def arm(unit: Unit, order: Json) -> Armed:
    """Arm a fault as ordered: ``name``, and optionally ``place, match, count, after, seed, params``.

    Raises:
        Misuse: an unknown name, place or parameter; the message lists the known ones.
    """
    name = str(order.get("name", ""))
    kind = KINDS.get(name)
    if kind is None:
        names = ", ".join(KINDS)
        raise Misuse("name", f"没有名为“{name}”的故障，可用：{names}", f"no fault is named {name!r}; known: {names}")
    place = str(order.get("place") or kind.places[0])
    if place not in kind.places:
        places = ", ".join(kind.places)
        raise Misuse("place", f"故障{name}只能用于：{places}", f"{name} strikes only at: {places}")
    armed = Armed(
        fault_id=f"F{unit.next_number('fault'):04d}",
        name=name,
        place=place,
        waits_at=place,
        match=_match(order.get("match", {})),
        count=_whole(order, "count", 1),
        after=_whole(order, "after", 0),
        seed=_whole(order, "seed", 0),
        params=_params(kind, order.get("params", {})),
    )
    unit.put(armed)
    return armed


def _match(wanted: object) -> dict[str, str]:
    if not isinstance(wanted, dict):
        raise Misuse("match", 'match应为对象，如{"code":"6202"}', 'match is an object such as {"code": "6202"}')
    return {plain_name(str(name)): str(value) for name, value in wanted.items()}


def _whole(order: Json, name: str, default: int) -> int:
    value = order.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Misuse(name, f"{name}应为不小于0的整数", f"{name} is a whole number, zero or more")
    return value


def _params(kind: Kind, given: object) -> dict[str, Any]:
    if not isinstance(given, dict) or not set(given) <= set(kind.params):
        known = ", ".join(kind.params) or "-"
        raise Misuse("params", f"params只能有：{known}", f"params may hold only: {known}")
    for name, value in given.items():
        default = kind.params[name]
        if isinstance(default, int) and (isinstance(value, bool) or not isinstance(value, int)):
            raise Misuse(f"params.{name}", f"{name}应为整数", f"{name} is a whole number")
    merged = {**kind.params, **given}
    if isinstance(merged.get("body"), dict | list):
        merged["body"] = jsontext.compact(merged["body"]).decode()
    return merged
