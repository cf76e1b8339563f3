"""What falls along with a mistake, named once where several mutants share it."""

from typing import Final

NOTHING_ENDS_WELL: Final = frozenset({
    "counter/sale/sale-ends-paid", "order/steps/good-day-ends-paid", "load/rush/every-buyer-is-served",
})  # fmt: skip
"""How good days end. A channel none of whose messages is accepted ends none of them as it should."""

REFUNDS_FAIL: Final = frozenset({"refund/refund/everything-comes-back"})
"""How refunds end, for channels whose refunds the platform does not accept."""

LOSS_IS_FINAL: Final = frozenset({"retry/patience/busy-platform-is-outlived", "unknown/order/crash-ends-paid"})
"""Orders that end paid after a loss, for channels that do not get over one."""
