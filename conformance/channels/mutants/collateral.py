"""What falls along with a mistake, named once where several mutants share it."""

from typing import Final

NOTHING_ENDS_WELL: Final = frozenset({
    "counter/sale/sale-ends-paid", "order/steps/good-day-ends-paid", "load/rush/every-buyer-is-served",
    "family/aid/resident-is-served",
    "session/renewal/sales-go-on-after-renewal", "wire/dialects/either-case-is-read",
    "keys/rotation/new-platform-key-is-taken", "keys/rotation/orders-go-on-under-the-new-own-key",
})  # fmt: skip
"""How good days end. A channel none of whose messages is accepted ends none of them as it should."""

REFUNDS_FAIL: Final = frozenset(
    {
        "family/aid/everybody-gets-back-his-own",
        "refund/refund/everything-comes-back",
        "shop/refusal/everything-comes-back",
    }
)
"""How refunds end, for channels whose refunds the platform does not accept."""

TELLS_NO_TRUTH: Final = frozenset({
    "family/aid/empty-giver-is-not-paid", "family/aid/quote-lets-no-goods-out",
    "family/aid/relatives-share-is-account-money", "order/refused/suspended-shop-is-not-paid",
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
})  # fmt: skip
"""What a hard or stormy day must be told as, for channels that say the same whatever happens."""
