"""What falls along with a mistake, named once where several mutants share it."""

from typing import Final

NOTHING_ENDS_WELL: Final = frozenset(
    {
        "belief/ledger/refused-is-not-paid",
        "belief/ledger/tells-twins-apart",
        "consent/consent/order-goes-on-after-renewal",
        "counter/sale/sale-ends-paid",
        "notice/inbox/acknowledged-means-stored",
        "notice/inbox/asks-without-notice",
        "notice/inbox/old-notice-overwrites-nothing",
        "order/steps/good-day-ends-paid",
        "refund/refund/abnormal-end-is-reviewed",
        "refund/refund/delivery-goes-back-at-the-desk",
        "refund/refund/refund-ends-refunded",
        "retry/patience/busy-platform-is-outlived",
        "unknown/order/crash-ends-paid",
        "unknown/order/platform-in-doubt-is-in-doubt",
        "wire/answers/changed-amounts-are-frozen",
    }
)
"""How orders end. A channel none of whose messages is accepted ends none of them as it should."""

REFUNDS_FAIL: Final = frozenset(
    {
        "notice/inbox/old-notice-overwrites-nothing",
        "refund/refund/declared-cash-is-returned",
        "refund/refund/everything-comes-back",
        "refund/refund/refund-ends-refunded",
    }
)
"""How refunds end, for channels whose refunds the platform does not accept."""

LOSS_IS_FINAL: Final = frozenset(
    {
        "consent/consent/order-goes-on-after-renewal",
        "retry/patience/busy-platform-is-outlived",
        "unknown/order/crash-ends-paid",
    }
)
"""Orders that end paid after a loss, for channels that do not get over one."""
