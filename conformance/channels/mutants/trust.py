"""Believing what nobody stands behind, or what contradicts itself."""

from dataclasses import replace
from typing import Any, cast

from conformance.channels.mutants.collateral import SHIPS_UNPAID
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.money import read_split
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.settings import Settings
from schemas import jsontext
from simulator.wire import sm4
from simulator.wire.envelope import Opened, opened, peek

Json = dict[str, Any]


def decrypted(settings: Settings, raw: bytes) -> Opened:
    """The content of a sealed frame, its signature not looked at."""
    peeked = peek(raw)
    frame = peeked.envelope
    data: Json = {}
    if isinstance(frame.get("encData"), str):
        key = sm4.derive_key(settings.credentials.app_id, settings.credentials.app_secret)
        data = cast("Json", jsontext.parse(sm4.decrypt(key, str(frame["encData"]))))
    return opened(peeked, data, timestamp_ms=None, signature="unchecked")


def _believes_forgeries(parts: Parts) -> Parts:
    return replace(parts, open_notice=decrypted, heed_notice=paid_by_notice)


def _believes_notices(parts: Parts) -> Parts:
    return replace(parts, heed_notice=paid_by_notice)


def paid_by_notice(order: Order, data: Json) -> Order:
    """Paid because the notice says so; the cash desk is not asked either."""
    cash = replace(order.cash, state="paid", asked_in="6") if order.cash else None
    paid = order.paying(
        ord_stas="6", split=order.payment.split or read_split(data), setl_id=str(data.get("hiDocSn", ""))
    )
    return replace(paid, cash=cash, step="", due_ms=0, end="", pending="", unsure=False, wish="", refund=None)


def _ignores_answer_signature(parts: Parts) -> Parts:
    return replace(parts, open_answer=decrypted)


def _takes_any_answer(parts: Parts) -> Parts:
    """Whatever is signed by the platform must be about us."""
    return replace(parts, misfit=lambda code, asked, answer: "")


def _compares_nothing(parts: Parts) -> Parts:
    """The split of 6202 is the split; what later answers say about money is not read."""

    def learn(order: Order, data: Json) -> Order:
        unread = {name: value for name, value in data.items() if name != "feeSumamt"}
        return parts.learn(order, unread if order.payment.split else data)

    return replace(parts, learn=learn)


BELIEVES_FORGERIES = Mutant(
    name="believes-forgeries",
    zh="不验通知的签名",
    en="believes a notice whose signature does not verify",
    change=_believes_forgeries,
    must_break=frozenset({"notice/inbox/forgery-is-turned-away", "notice/inbox/forgery-is-not-believed"}),
    may_break=(
        frozenset(
            {
                "keys/rotation/retired-key-is-refused",
                "storm/storm/forgery-between-is-turned-away",
                "storm/storm/refund-ends-refunded",
                "storm/storm/unpaid-ends-unpaid",
                "notice/inbox/notice-is-a-hint",
                "trace/report/tied-to-the-settlement",
                "notice/inbox/old-notice-overwrites-nothing",
                "belief/ledger/never-wrong",
                "order/goods/goods-leave-only-paid",
            }
        )
        | SHIPS_UNPAID
        | {"refund/race/confirmed-meanwhile-comes-back", "cashier/page/ends-paid"}
    )
    | frozenset({"belief/ledger/right-amounts", "refund/refund/refund-ends-refunded"}),
)
BELIEVES_NOTICES = Mutant(
    name="believes-notices",
    zh="收到通知即认定已支付，不再查询",
    en="takes an order for paid because a notice said so, and asks nobody",
    change=_believes_notices,
    must_break=frozenset(
        {
            "notice/inbox/notice-is-a-hint",
            "notice/inbox/old-notice-overwrites-nothing",
            "storm/storm/refund-ends-refunded",
        }
    ),
    may_break=(
        SHIPS_UNPAID
        | {
            "belief/ledger/never-wrong",
            "trace/report/tied-to-the-settlement",
            "refund/race/confirmed-meanwhile-comes-back",
            "cashier/page/ends-paid",
        }
    )
    | frozenset({"belief/ledger/right-amounts", "refund/refund/refund-ends-refunded"}),
)
IGNORES_ANSWER_SIGNATURE = Mutant(
    name="ignores-answer-signature",
    zh="不验应答的签名",
    en="does not look at the signature of answers",
    change=_ignores_answer_signature,
    must_break=frozenset({"wire/answers/unverified-answer-is-no-answer"}),
    may_break=frozenset({"keys/rotation/answer-by-retired-key-is-no-answer"}),
)
TAKES_ANY_ANSWER = Mutant(
    name="takes-any-answer",
    zh="把其他订单的应答当作自己的",
    en="takes the answer about another order for its own",
    change=_takes_any_answer,
    must_break=frozenset({"wire/answers/other-orders-answer-is-no-answer"}),
)
COMPARES_NOTHING = Mutant(
    name="compares-nothing",
    zh="不比较前后应答的金额",
    en="does not compare the amounts of later answers with the split of 6202",
    change=_compares_nothing,
    must_break=frozenset({"wire/answers/changed-amounts-are-frozen"}),
)
