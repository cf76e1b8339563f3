"""Who paid what: the money of a run by its source, from the books alone. Amounts are integer fen."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from loadtests.books import Books
from loadtests.truths import Truth, view

WAYS = {
    "account": ("个人账户（及共济）全额", "accounts alone"),
    "mixed": ("账户与现金", "accounts and cash"),
    "cash": ("现金全额（不用账户，或余额为零）", "cash alone: no account used, or an empty one"),
    "given_back": ("已退回", "given back"),
    "unpaid": ("未成交", "not bought"),
}
"""How an order came to be paid, in the order of the report."""


def flows(books: Books) -> dict[str, Any]:
    """Orders by how they were paid, and fen by where they came from and what went back."""
    orders: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for truth in view(books).truths.values():
        orders[way(truth)] += 1
        for name in ("account_fen", "fund_fen", "cash_fen", "freight_fen"):
            held[name] += int(getattr(truth, name))
    back = sum(-int(posting["fen"]) for posting in _back(books.transfers) if int(posting["fen"]) < 0)
    return {"orders": {name: orders[name] for name in WAYS}, "held": dict(held), "back_fen": back}


def way(truth: Truth) -> str:
    """How one order was paid, a key of ``WAYS``."""
    if not truth.stands:
        return "given_back" if truth.was_bought else "unpaid"
    if truth.account_fen + truth.fund_fen == 0:
        return "cash"
    return "mixed" if truth.cash_fen else "account"


def _back(transfers: Any) -> list[Mapping[str, Any]]:
    return [posting for move in transfers if move["kind"] == "BACK" for posting in move["postings"]]
