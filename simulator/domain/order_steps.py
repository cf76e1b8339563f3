"""The life of a payment order as two tables: the steps there are, and what is refused where (order-life.md 4, 5)."""

from simulator.domain.refused import Refusal

SAVED, PRESETTLED, SETTLING, CASH_TAKEN, INSURANCE_PAID, SETTLED_INSIDE, DONE = (
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
)
REFUNDED, INSURANCE_BACK, CASH_BACK, CASH_PART_BACK, INSURANCE_BACK_CASH_PART = "7", "8", "9", "10", "11"
WITHDRAWN, REVERSED, ABNORMAL, FAILED, CASH_STUCK = "12", "13", "14", "15", "16"

PAID = (INSURANCE_PAID, SETTLED_INSIDE, DONE)
DEAD = (WITHDRAWN, REVERSED, FAILED)

_REFUNDS = {"all": REFUNDED, "hi": INSURANCE_BACK, "hi_last": REFUNDED, "cash_part": CASH_PART_BACK,
            "cash_rest": CASH_BACK, "cash_last": REFUNDED}  # fmt: skip

STEPS: dict[str, dict[str, str]] = {
    "": {"upload": SAVED},
    SAVED: {"presettle": PRESETTLED, "withdraw": WITHDRAWN, "expire": WITHDRAWN, "settle_at_order": INSURANCE_PAID},
    PRESETTLED: {"presettle": PRESETTLED, "withdraw": WITHDRAWN, "expire": WITHDRAWN, "open": SETTLING},
    SETTLING: {"leave": PRESETTLED, "cash": CASH_TAKEN, "settle": INSURANCE_PAID, "refuse": FAILED,
               "silent": ABNORMAL},
    CASH_TAKEN: {"settle": INSURANCE_PAID, "nothing_insured": CASH_TAKEN, "refuse": FAILED,
                 "refuse_cash_stuck": CASH_STUCK, "silent": ABNORMAL, "acknowledge": SETTLED_INSIDE,
                 "cash_part": CASH_PART_BACK, "cash_last": REFUNDED},
    INSURANCE_PAID: {"acknowledge": SETTLED_INSIDE, "cash_overdue": REVERSED, "reverse": REVERSED, **_REFUNDS},
    SETTLED_INSIDE: {"close": DONE, **_REFUNDS},
    DONE: _REFUNDS,
    INSURANCE_BACK: {"cash_part": INSURANCE_BACK_CASH_PART, "cash_last": REFUNDED},
    CASH_BACK: {"hi_last": REFUNDED},
    CASH_PART_BACK: {"cash_part": CASH_PART_BACK, "cash_rest": CASH_BACK, "cash_last": REFUNDED,
                     "hi": INSURANCE_BACK_CASH_PART},
    INSURANCE_BACK_CASH_PART: {"cash_part": INSURANCE_BACK_CASH_PART, "cash_last": REFUNDED},
    REVERSED: {"cash_part": REVERSED, "cash_last": REVERSED},
    ABNORMAL: {"core_confirms": INSURANCE_PAID, "core_denies": FAILED, "core_denies_cash_stuck": CASH_STUCK},
    CASH_STUCK: {"cash_part": CASH_STUCK, "cash_last": FAILED},
}  # fmt: skip
"""STEPS[ordStas][event] → next ordStas. L-numbers: 01 upload · 02/03 presettle · 04 withdraw · 05/06 expire · 07 open ·
08 leave · 09 cash · 10/19 settle · 11 nothing_insured · 12/13 refuse · 14 refuse_cash_stuck · 15 cash_last from 16 ·
16 silent · 17/18 core_confirms, core_denies · 20 cash_overdue · 21 acknowledge · 22 close · 24 reverse · 25 cash_last
from 13 · 30–42 the refund events, ``_last`` when nothing of the buyer's stays taken, ``_rest`` when insurance stays."""

_STATES = tuple(str(number) for number in range(17))
_WORDS = {
    "6202": "ok ok busy busy paid paid paid closed closed closed closed closed closed closed query closed query",
    "6401": "ok ok busy paid paid paid paid closed closed closed closed closed ok closed query closed closed",
    "ALL": "unpaid unpaid busy cash ok ok ok done no no no no unpaid no query no no",
    "HI": "unpaid unpaid busy busy ok ok ok done done ok ok done unpaid no query no no",
    "CASH": "unpaid unpaid busy cash ok ok ok done ok done ok ok unpaid stuck query no ok",
}
"""One word per state 0–16. ``cash``: ok if setlType is CASH; ``stuck``: ok if cash is still out."""

ALLOWED: dict[str, dict[str, str]] = {
    call: dict(zip(_STATES, words.split(), strict=True)) for call, words in _WORDS.items()
}


def next_state(ord_stas: str, event: str) -> str:
    """The state an event leads to; an event the table does not know is our own fault."""
    return STEPS[ord_stas][event]


def allow(call: str, ord_stas: str, *, setl_type: str = "", cash_open: bool = False) -> None:
    """Let a call through, or refuse it by the order's state (section 5).

    Raises:
        Refusal: ``order_busy``, ``order_paid``, ``order_closed``, ``order_unpaid``, ``order_refunded``,
            ``order_abnormal``, ``refund_impossible``.
    """
    word = ALLOWED[call][ord_stas]
    if word == "ok" or (word == "cash" and setl_type == "CASH") or (word == "stuck" and cash_open):
        return
    rules = {
        "busy": "order_busy", "cash": "order_busy", "paid": "order_paid", "closed": "order_closed",
        "unpaid": "order_unpaid", "done": "order_refunded", "query": "order_abnormal", "no": "refund_impossible",
        "stuck": "refund_impossible",
    }  # fmt: skip
    raise Refusal(rules[word], "payOrdId", ord_stas=ord_stas)
