"""What falls along with a mistake, named once where several mutants share it."""

from typing import Final

NOTHING_ENDS_WELL: Final = frozenset({
    "counter/sale/sale-ends-paid", "order/steps/good-day-ends-paid", "load/rush/every-buyer-is-served",
    "family/aid/resident-is-served",
    "session/renewal/sales-go-on-after-renewal", "wire/dialects/either-case-is-read",
    "keys/rotation/new-platform-key-is-taken", "keys/rotation/orders-go-on-under-the-new-own-key",
    "cashier/page/ends-paid", "reconciliation/others/own-sale-stays-paid",
    "evoucher/code/second-code-sells",
})  # fmt: skip
"""How good days end. A channel none of whose messages is accepted ends none of them as it should."""

REFUNDS_STOP_SHORT: Final = frozenset({
    "refund/consent/goes-on-after-consent", "refund/crash/still-ends-refunded",
    "refund/race/confirmed-meanwhile-comes-back", "cashier/page/refund-comes-back",
    "day/cut/refund-across-the-year",
})  # fmt: skip
"""Refunds after a detour, for channels that do not give everything back even on the straight way."""

REFUNDS_FAIL: Final = REFUNDS_STOP_SHORT | {
    "refund/refund/everything-comes-back", "family/aid/everybody-gets-back-his-own",
    "shop/refusal/everything-comes-back"
}  # fmt: skip
"""How refunds end, for channels whose refunds the platform does not accept."""

TELLS_NO_TRUTH: Final = frozenset({
    "family/aid/empty-giver-is-not-paid", "family/aid/quote-lets-no-goods-out",
    "family/aid/relatives-share-is-account-money", "order/refused/suspended-shop-is-not-paid",
    "order/cap/cut-cap-is-not-paid",
    "amount/legs/half-paid-goods-stay", "amount/legs/open-cash-leg-is-not-paid", "amount/legs/taken-back-is-cancelled",
    "city/edition/account-counted-once", "concurrency/clicks/clicks-end-refunded",
    "cashier/page/order-notice-is-no-payment", "cashier/page/goods-wait-for-the-payment",
    "cashier/page/cash-at-the-centre-counts", "refund/consent/open-until-consented",
    "refund/race/not-cancelled-while-confirming", "refund/way/till-refund-is-learned",
    "refund/way/till-refund-keeps-goods",
})  # fmt: skip
"""What is told of orders whose money did not move as hoped, for a channel that says the same of all."""

LOSS_IS_FINAL: Final = frozenset({"retry/patience/busy-platform-is-outlived", "unknown/order/crash-ends-paid"})
"""Orders that end paid after a loss, for channels that do not get over one."""

SHIPS_UNPAID: Final = frozenset({"prescription/flow/dispensed-only-when-paid"})
"""What is told of goods that leave, for channels that let them leave too early."""

NOT_FOUND_OUT: Final = frozenset({
    "refund/late/late-refund-goes-to-a-person", "storm/storm/order-ends-paid-once", "storm/storm/sale-is-settled-once",
    "storm/storm/unpaid-ends-unpaid",
})  # fmt: skip
"""How hard and stormy days end, for channels that leave an order in doubt."""

TOLD_THE_SAME: Final = frozenset({
    "concurrency/repeats/refused-repeat-proves-nothing", "concurrency/repeats/running-refund-is-not-failed",
    "refund/late/late-refund-goes-to-a-person", "storm/storm/no-word-but-the-platforms",
    "storm/storm/refund-ends-refunded", "storm/storm/sale-is-settled-once", "storm/storm/unpaid-ends-unpaid",
    "unknown/undo/lapsed-order-is-not-open", "unknown/undo/lost-withdrawal-ends-cancelled",
    "counter/overtaken/late-original-is-found", "counter/overtaken/not-found-proves-nothing",
    "counter/overtaken/unknown-sale-keeps-its-goods",
})  # fmt: skip
"""What a hard or stormy day must be told as, for channels that say the same whatever happens."""

CRASH_LOSES_REFUNDS: Final = frozenset({"refund/crash/asked-about-first", "refund/crash/still-ends-refunded"})
"""A refund under way when the process dies, for channels that keep no note of what they began."""

STATEMENT_TELLS_NOTHING: Final = frozenset({"refund/way/till-refund-is-learned", "refund/way/till-refund-keeps-goods"})
"""What only a statement tells, for channels that do not get or do not read it."""
