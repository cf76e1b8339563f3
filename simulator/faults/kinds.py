"""The table of faults: name, places, what it is for in two languages, its parameters and what it does to an answer.

Places: ``request`` (before anything is kept), ``answer`` (everything is kept, the answer suffers), ``confirm`` (the
person's confirmation), ``refund`` (6203), ``cash`` (the cash desk), ``cash_answer`` (its answer to the channel),
``notice`` (6302 on its way). The last five are read by whoever stands at that place; the first two carry their effect
here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas import jsontext
from simulator.domain.ports import Unit
from simulator.exchange import Exchange, Json
from simulator.faults import bending, leaving
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
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Parameter → the only words it may be."""
    strike: Effect | None = None
    bend: Effect | None = None


_HTTP = {"status": 503, "retry_after": "", "body": '{"code":503,"message":"服务暂不可用"}'}

KINDS: Mapping[str, Kind] = {
    "no_answer_before_commit": Kind(
        places=("request",),
        zh="什么都没发生，也不应答",
        en="nothing happens and nothing is answered",
        strike=leaving.silence,
    ),
    "no_answer_after_commit": Kind(
        places=("answer",), zh="已生效，但不应答", en="takes effect, but is not answered", strike=leaving.silence
    ),
    "late_arrival": Kind(
        places=("request",),
        zh="在途滞留，不应答；点名它的2601办理之后（最迟ms毫秒后）才到达，照常办理",
        en="held up on its way and not answered; arrives after a 2601 that names it, ms at most, and is handled then",
        params={"ms": 600_000},
        strike=leaving.silence,
    ),
    "http_status": Kind(
        places=("request",),
        zh="未处理，返回HTTP状态码",
        en="not handled; an HTTP status instead",
        params=_HTTP,
        strike=leaving.status,
    ),
    "http_status_after_commit": Kind(
        places=("answer",),
        zh="已生效，但返回HTTP状态码",
        en="takes effect; an HTTP status instead",
        params=_HTTP,
        strike=leaving.status,
    ),
    "slow": Kind(
        places=("answer",),
        zh="已生效，迟迟才应答",
        en="takes effect; the answer comes late",
        params={"ms": 15_000},
        strike=leaving.slow,
    ),
    "garbled_body": Kind(
        places=("answer",), zh="已生效，应答被截断", en="takes effect; the answer is cut off", strike=leaving.garble
    ),
    "wrong_signature": Kind(
        places=("answer",), zh="已生效，应答用别的密钥签名", en="takes effect; the answer is signed with a foreign key"
    ),
    "retired_key": Kind(
        places=("answer", "notice"),
        zh="已生效，应答（或通知）用上次换钥前的密钥签名",
        en="takes effect; the answer, or the notice, is signed with the key before the last rotation",
    ),
    "unsealed_answer": Kind(
        places=("answer",), zh="已生效，应答未加密也未签名", en="takes effect; the answer is neither sealed nor signed"
    ),
    "foreign_answer": Kind(
        places=("answer",),
        zh="已生效，应答属于另一张订单",
        en="takes effect; the answer is that of another order",
        params={"ordStas": "6"},
        bend=bending.swap,
    ),
    "altered_amount": Kind(
        places=("answer",),
        zh="已生效，应答金额被改",
        en="takes effect; an amount in the answer is changed",
        params={"field": "", "fen": 100},
        bend=bending.alter,
    ),
    "connection_reset": Kind(
        places=("answer", "request"),
        zh="连接被重置；answer处已生效，request处未处理",
        en="the connection is reset; at answer it took effect, at request nothing happened",
        strike=leaving.reset,
    ),
    "truncated_body": Kind(
        places=("answer",),
        zh="已生效，宣告全长却只发出一半就断开",
        en="takes effect; the full length is announced and half of it sent",
        strike=leaving.cut_off,
    ),
    "trickle": Kind(
        places=("answer",),
        zh="已生效，应答一点一点地发出，ms毫秒后才发完",
        en="takes effect; the answer drips and is whole only after ms",
        params={"ms": 15_000},
        strike=leaving.trickle,
    ),
    "login_page": Kind(
        places=("answer",),
        zh="已生效，网关却以状态200返回网页",
        en="takes effect; the gateway answers with a web page and status 200",
        params={"body": leaving.LOGIN_PAGE},
        strike=leaving.page,
    ),
    "missing_field": Kind(
        places=("answer",),
        zh="已生效，应答缺一个字段",
        en="takes effect; a field of the answer is missing",
        params={"field": ""},
        bend=bending.leave_out,
    ),
    "wrong_type": Kind(
        places=("answer",),
        zh="已生效，应答一个字段变成数组",
        en="takes effect; a field of the answer holds a list",
        params={"field": ""},
        bend=bending.mistype,
    ),
    "unknown_field": Kind(
        places=("answer",),
        zh="已生效，应答多出未公布的字段",
        en="takes effect; the answer has a field nobody published",
        bend=bending.add_field,
    ),
    "wrong_refmsgid": Kind(
        places=("answer",),
        zh="已生效，inf_refmsgid不是平台给出的号",
        en="takes effect; inf_refmsgid is none the platform gave",
        params={"value": "999999" + "0" * 24},
        strike=leaving.refmsgid,
    ),
    "replayed_answer": Kind(
        places=("answer",),
        zh="记下第一次匹配的应答（照常发出），此后的匹配收到这份旧应答",
        en="keeps the answer of the first match, which passes; later matches get that old answer",
        strike=leaving.repeat,
    ),
    "clock_skew": Kind(
        places=("answer",),
        zh="已生效，应答的时间戳偏了ms毫秒",
        en="takes effect; the answer's timestamps are off by ms",
        params={"ms": 3_600_000},
    ),
    "sign_in_expired": Kind(
        places=("request",),
        zh="操作员的签到已失效，本次请求被拒",
        en="the operator's sign-ins end and the message is refused",
    ),
    "statement_row_missing": Kind(
        places=("answer",),
        zh="9102取到的对账结果少第一行",
        en="a reconciliation result fetched by 9102 lacks its first row",
        strike=leaving.rows,
    ),
    "statement_row_extra": Kind(
        places=("answer",),
        zh="9102取到的对账结果多一行",
        en="a reconciliation result fetched by 9102 has one row more",
        strike=leaving.rows,
    ),
    "statement_row_altered": Kind(
        places=("answer",),
        zh="9102取到的对账结果首行金额被改",
        en="a reconciliation result fetched by 9102 has another amount in its first row",
        strike=leaving.rows,
    ),
    "unknown_order_notice": Kind(
        places=("notice",),
        zh="先发一份签名正确、订单不存在的通知",
        en="a well-signed notice about an order that does not exist comes first",
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
    "cash_answer_lost": Kind(
        places=("cash_answer",),
        zh="收银台已办理（cash.open、cash.query、cash.refund），应答丢失",
        en="the cash desk does what it is asked (cash.open, cash.query, cash.refund), and its answer is lost",
    ),
    "duplicate_notice": Kind(
        places=("notice",),
        zh="成功后再次发送同一通知",
        en="the notice is sent again after success",
        params={"times": 1},
    ),
    "late_notice": Kind(places=("notice",), zh="通知晚到", en="the notice comes late", params={"ms": 7_200_000}),
    "forged_notice": Kind(
        places=("notice",),
        zh="先发（when为between时在真通知与重发之间发）一份他人密钥签名的假通知；真通知成功后再重发times次",
        en="a notice signed with a foreign key comes first, or between the true one and its repeats; "
        "the true one comes again that many times after success",
        params={"pay_ord_id": "", "times": 0, "when": "first"},
        choices={"when": ("first", "between")},
    ),
    "reordered_notice": Kind(
        places=("notice",),
        zh="通知压后，另一张订单的通知送达后才发出，最迟ms毫秒",
        en="the notice waits until another order's notice was acknowledged, ms at most",
        params={"ms": 600_000},
    ),
    "notice_after_refund": Kind(
        places=("notice",),
        zh="通知压后，订单退款之后才发出，最迟ms毫秒",
        en="the notice waits until the order was refunded, ms at most",
        params={"ms": 604_800_000},
    ),
    "early_notice": Kind(
        places=("answer",),
        zh="下单即结算的地区：通知先于6202的应答送达",
        en="where 6202 itself settles: the notice comes before its answer",
    ),
    "drug_withdrawn": Kind(
        places=("answer",),
        zh="应答之后药品随即停用（未指定时为订单的第一种）",
        en="right after the answer a drug is withdrawn (the order's first unless one is named)",
        params={"med_list_codg": ""},
    ),
    "price_limit_cut": Kind(
        places=("answer",),
        zh="应答之后药品限价随即下调（未指定时为订单的第一种）",
        en="right after the answer the price limit of a drug falls (the order's first unless one is named)",
        params={"med_list_codg": "", "pric_uplmt": "0.01"},
    ),
    "balance_spent": Kind(
        places=("answer",),
        zh="应答之后买方的个人账户随即只剩left_fen分",
        en="right after the answer the buyer's account is down to left_fen",
        params={"left_fen": 0},
    ),
    "pharmacy_suspended": Kind(
        places=("answer",),
        zh="应答之后药店随即被暂停医保结算",
        en="right after the answer the pharmacy is suspended",
    ),
    "day_cut": Kind(
        places=("answer",),
        zh="应答之后房间的时钟跳到次日零点",
        en="right after the answer the room's clock jumps to the next day",
    ),
    "no_notice": Kind(places=("notice",), zh="通知不发出", en="the notice is not sent"),
}


def arm(unit: Unit, order: Json) -> Armed:
    """Arm a fault as ordered: ``name``, and optionally ``place, match, count, after, seed, params, each_order``.

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
        each_order=_yes(order, "each_order"),
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


def _yes(order: Json, name: str) -> bool:
    value = order.get(name, False)
    if not isinstance(value, bool):
        raise Misuse(name, f"{name}应为true或false", f"{name} is true or false")
    return value


def _params(kind: Kind, given: object) -> dict[str, Any]:
    strange = ", ".join(sorted(set(given) - set(kind.params))) if isinstance(given, dict) else repr(given)
    if strange or not isinstance(given, dict):
        known = ", ".join(kind.params) or "-"
        raise Misuse(
            "params", f"没有参数{strange}，params只能有：{known}", f"no {strange}; params may hold only: {known}"
        )
    for name, value in given.items():
        default = kind.params[name]
        if isinstance(default, int) and (isinstance(value, bool) or not isinstance(value, int)):
            raise Misuse(f"params.{name}", f"{name}应为整数", f"{name} is a whole number")
        if name in kind.choices and value not in kind.choices[name]:
            words = ", ".join(kind.choices[name])
            raise Misuse(f"params.{name}", f"{name}应为：{words}", f"{name} must be one of: {words}")
    merged = {**kind.params, **given}
    if isinstance(merged.get("body"), dict | list):
        merged["body"] = jsontext.compact(merged["body"]).decode()
    return merged
