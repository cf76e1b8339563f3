"""What the platform's books say of each shop order, gathered once for all rules of the auditor."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loadtests.books import Books

Json = Mapping[str, Any]
CASH_ONLY = "CASH"
CLOSED = frozenset({"12", "13", "15"})
"""ordStas in which nothing was bought, whatever was tried."""
BOUGHT = frozenset({"3", "4", "5", "6"})
"""ordStas in which a purchase without insurance money stands."""


@dataclass(slots=True, kw_only=True)
class Truth:
    """One shop order in the platform's books. ``*_fen``: held of the buyer at the end, freight apart from cash."""

    row: Json
    """Its row of the plan."""
    belief: Json | None
    payments: list[Json] = field(default_factory=list)
    pays: int = 0
    backs: int = 0
    account_fen: int = 0
    fund_fen: int = 0
    cash_fen: int = 0
    freight_fen: int = 0

    @property
    def last(self) -> Json | None:
        """The payment order that counts: the last one."""
        return self.payments[-1] if self.payments else None

    @property
    def split(self) -> Json | None:
        """The split of the payment order that counts."""
        return self.last.get("split") if self.last else None

    @property
    def cash_only(self) -> bool:
        """Nothing was insured: the purchase never shows in the ledger."""
        return self.last is not None and self.last["setl_type"] == CASH_ONLY

    @property
    def stands(self) -> bool:
        """Paid and not taken back."""
        if self.last is not None and self.cash_only:
            return self.last["ord_stas"] in BOUGHT
        return self.pays > self.backs

    @property
    def was_bought(self) -> bool:
        """Paid at some time."""
        return self.pays > 0 or (self.last is not None and self.cash_only and self.last["ord_stas"] not in CLOSED)

    @property
    def held_fen(self) -> int:
        """Everything the buyer and his insurance have given up and not got back."""
        return self.account_fen + self.fund_fen + self.cash_fen + self.freight_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The books, indexed: orders that were begun by their number, transfers by what they refer to."""

    books: Books
    truths: Mapping[str, Truth]
    owner: Mapping[str, str]
    """payOrdId → order number, as the channels know it."""
    moves: Mapping[str, Sequence[Json]]

    def truth_of(self, pay_ord_id: str) -> Truth | None:
        """The shop order a payment order belongs to, if a channel knows it."""
        return self.truths.get(self.owner.get(pay_ord_id, ""))


def view(books: Books) -> View:
    """Gather the truth of every order that was begun."""
    beliefs = {str(one["order"]): one for one in books.beliefs}
    moves: dict[str, list[Json]] = defaultdict(list)
    for move in books.transfers:
        moves[str(move["ref"])].append(move)
    seen = View(
        books=books,
        truths={
            str(row["number"]): Truth(row=row, belief=beliefs.get(str(row["number"])))
            for row in books.asked
            if row["number"] in books.begun
        },
        owner={str(number): order for order, one in beliefs.items() for number in one["pay_ord_ids"]},
        moves=moves,
    )
    for payment in books.orders:
        if truth := seen.truth_of(str(payment["pay_ord_id"])):
            _add_payment(truth, payment, moves[str(payment["pay_ord_id"])])
    for desk in books.cash:
        truth = seen.truth_of(str(desk["pay_ord_id"]))
        if truth and desk["state"] == "paid":
            truth.cash_fen += int(desk["cash_fen"]) - _returned(desk, "cash")
            truth.freight_fen += int(desk["freight_fen"]) - _returned(desk, "freight")
    return seen


def sides(move: Json) -> dict[str, int]:
    """What each account gains by a transfer."""
    gained: dict[str, int] = {}
    for posting in move["postings"]:
        gained[posting["account"]] = gained.get(posting["account"], 0) + int(posting["fen"])
    return gained


def _add_payment(truth: Truth, payment: Json, moves: Sequence[Json]) -> None:
    truth.payments.append(payment)
    for move in moves:
        truth.pays += move["kind"] == "PAY"
        truth.backs += move["kind"] == "BACK"
        for account, fen in sides(move).items():
            if account.startswith("own:"):
                truth.account_fen -= fen
            elif account.startswith("pool:"):
                truth.fund_fen -= fen


def _returned(desk: Json, part: str) -> int:
    return sum(int(refund["fen"]) for refund in desk["refunds"] if refund["part"] == part)
