"""What settlements leave behind, kept by the oracle itself: balances, and what was used of a fund in a year."""

from dataclasses import dataclass, field
from typing import TypeAlias

from conformance.oracle.settlement import Due

Used: TypeAlias = tuple[str, str, str]
"""psn_no, year, fund_pay_type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A settlement that stands: who paid what from where."""

    psn_no: str
    purses: tuple[str, ...]
    """Purses of relatives, in the order of ``due.aid_fen``."""
    year: str
    fund_pay_type: str
    due: Due


@dataclass(slots=True)
class Standing:
    """Balances in fen by purse (a person's own is ``psn_no``), and the year's use of each fund."""

    balances: dict[str, int] = field(default_factory=dict)
    borne: dict[Used, int] = field(default_factory=dict)
    paid: dict[Used, int] = field(default_factory=dict)
    purchases: dict[str, Purchase] = field(default_factory=dict)

    def take(self, setl_id: str, purchase: Purchase) -> None:
        """A settlement was made."""
        self.purchases[setl_id] = purchase
        self._move(purchase, 1)

    def give_back(self, setl_id: str) -> Purchase:
        """It was cancelled or reversed: money and the year's use return to where they came from."""
        purchase = self.purchases.pop(setl_id)
        self._move(purchase, -1)
        return purchase

    def _move(self, purchase: Purchase, sign: int) -> None:
        due = purchase.due
        for purse, fen in ((purchase.psn_no, due.own_fen), *zip(purchase.purses, due.aid_fen, strict=False)):
            self.balances[purse] = self.balances.get(purse, 0) - sign * fen
        used = (purchase.psn_no, purchase.year, purchase.fund_pay_type)
        self.borne[used] = self.borne.get(used, 0) + sign * due.dedc_fen
        self.paid[used] = self.paid.get(used, 0) + sign * due.fund_fen
