"""What is true of a buyer's money, read from the platform's books and nothing a channel said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

DEAD = frozenset({"12", "13", "15"})
"""Order states in which nothing can be taken any more."""
UNKNOWN_TO_PLATFORM = frozenset({"14"})
STUCK = frozenset({"16"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What one buyer is out of pocket, in fen, and how it came about."""

    pays: int
    """PAYs ever made."""
    live: int
    """PAYs without their BACK."""
    account_fen: int
    fund_fen: int
    cash_fen: int
    """Cash share the desk still holds."""
    freight_fen: int
    """Delivery and packing the desk still holds."""
    cash_ever_fen: int
    """Cash share and freight that were collected, whatever went back since."""
    states: tuple[str, ...]
    """ordStas of the buyer's orders at the pay centre, oldest first."""
    pay_ord_ids: tuple[str, ...]

    @property
    def taken_fen(self) -> int:
        """Everything the buyer does not have at this moment because of the purchase."""
        return self.account_fen + self.fund_fen + self.cash_fen + self.freight_fen

    @property
    def ever_paid(self) -> bool:
        """Whether insurance or the desk ever took anything."""
        return self.pays > 0 or self.cash_ever_fen > 0

    @property
    def returned(self) -> bool:
        """Whether anything that was taken went back."""
        return self.pays > self.live or self.cash_ever_fen > self.cash_fen + self.freight_fen

    @property
    def bought(self) -> bool:
        """The purchase stands: insurance paid and nothing of it went back, or it was for cash alone and is done."""
        if self.live:
            return "8" not in self.states and "9" not in self.states and "11" not in self.states
        return any(state in ("3", "5", "6") for state in self.states) and self.cash_fen > 0 and not self.pays

    @property
    def unknown(self) -> bool:
        """Even the platform does not know."""
        return any(state in UNKNOWN_TO_PLATFORM for state in self.states)


def truth_of(psn_no: str, books: Json) -> Truth:
    """What is true of one buyer in ``books`` (orders, settlements, cash, transfers) at that moment."""
    orders = [order for order in books["orders"] if order["psn_no"] == psn_no]
    settlements = [row for row in books["settlements"] if row["psn_no"] == psn_no]
    pay_ord_ids = tuple(str(order["pay_ord_id"]) for order in orders)
    refs = {*pay_ord_ids, *(str(row["setl_id"]) for row in settlements)}
    moves = [move for move in books["transfers"] if _concerns(move, psn_no, refs)]
    pays = sum(move["kind"] == "PAY" for move in moves)
    backs = sum(move["kind"] == "BACK" for move in moves)
    desk = [row for row in books["cash"] if row["pay_ord_id"] in pay_ord_ids]
    return Truth(
        pays=pays,
        live=pays - backs,
        account_fen=-_sum(moves, "own:") - _sum(moves, "quota:"),
        fund_fen=-_sum(moves, "pool:"),
        cash_fen=_held(desk, "cash"),
        freight_fen=_held(desk, "freight"),
        cash_ever_fen=sum(row["cash_fen"] + row["freight_fen"] for row in desk if row["state"] == "paid"),
        states=tuple(str(order["ord_stas"]) for order in orders),
        pay_ord_ids=pay_ord_ids,
    )


def returned_fen(cash_row: Json, part: str) -> int:
    """What the desk gave back of ``cash`` or ``freight``."""
    return sum(int(refund["fen"]) for refund in cash_row["refunds"] if refund["part"] == part)


def imbalances(transfers: Iterable[Json]) -> list[str]:
    """Transfers that do not sum to zero: there must be none."""
    return [str(move["transfer_id"]) for move in transfers if sum(_fens(move))]


def unmirrored(transfers: Sequence[Json], settlements: Sequence[Json]) -> list[str]:
    """BACKs that are not the exact opposite of their PAY, source by source (order-life 8.2)."""
    pays = {str(move["ref"]): move for move in transfers if move["kind"] == "PAY"}
    refers = {str(row["setl_id"]): str(row.get("refers_to") or "") for row in settlements}
    wrong = []
    for back in (move for move in transfers if move["kind"] == "BACK"):
        ref = str(back["ref"])
        paid = pays.get(ref) or pays.get(refers.get(ref, ""))
        if paid is not None and _sides(back) != {account: -fen for account, fen in _sides(paid).items()}:
            wrong.append(str(back["transfer_id"]))
    return wrong


def _concerns(move: Json, psn_no: str, refs: set[str]) -> bool:
    if move["kind"] in ("OPEN", "ADJUST"):
        return False
    return str(move["ref"]) in refs or f"own:{psn_no}" in _sides(move)


def _sides(move: Json) -> dict[str, int]:
    sides: dict[str, int] = {}
    for posting in move["postings"]:
        sides[posting["account"]] = sides.get(posting["account"], 0) + int(posting["fen"])
    return sides


def _fens(move: Json) -> Iterable[int]:
    return (int(posting["fen"]) for posting in move["postings"])


def _sum(moves: Iterable[Json], prefix: str) -> int:
    return sum(fen for move in moves for account, fen in _sides(move).items() if account.startswith(prefix))


def _held(desk: Iterable[Json], part: str) -> int:
    return sum(int(row[f"{part}_fen"]) - returned_fen(row, part) for row in desk if row["state"] == "paid")
