"""One purchase worked out whole: lines, pooled fund, accounts, cash (institution-interfaces 4.5, order-life 9.17).

Facts come in as plain values, amounts are integer fen; nothing here has seen how the platform works them out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conformance.oracle.amounts import Parts, fen_of, parts, product_fen, yuan_fen

Json = Mapping[str, Any]
RESIDENT = "390"
"""insutype without a personal account."""
ACCOUNT_ROWS = frozenset({"310200", "999996"})
"""fund_pay_type of the rows that are no fund: the account, the hospital (identity 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who buys, and out of what: the own balance, then the purses of relatives who may pay, in filing order."""

    insutype: str
    gend: str
    brdy: str
    acct_used_flag: str
    balance_fen: int
    purses_fen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """A pooled fund's rule, and what the buyer has used of it this year."""

    deductible_fen: int
    ratio_bp: int
    cap_fen: int
    borne_fen: int = 0
    """Of the deductible."""
    paid_fen: int = 0
    """By the fund."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a purchase should come to."""

    lines: tuple[Parts, ...]
    dedc_fen: int
    limit_fen: int
    ratio_bp: int
    fund_fen: int
    own_fen: int
    aid_fen: tuple[int, ...]
    cash_fen: int
    balance_fen: int
    """Of the own account, after it."""

    def total(self, part: str) -> int:
        """Sum of one part (``inscp_fen`` …) over the lines."""
        return sum(int(getattr(line, part)) for line in self.lines)

    @property
    def account_fen(self) -> int:
        """Own account and relatives."""
        return self.own_fen + sum(self.aid_fen)


def due(rows: Sequence[Json], drugs: Json, buyer: Buyer, *, day: str, fund: Fund | None = None) -> Due:
    """What ``rows`` (``med_list_codg``, ``cnt``, ``pric``, perhaps ``hosp_appr_flag``) cost this buyer on that day."""
    lines = tuple(line_parts(drugs[str(row["med_list_codg"])], row, buyer, day) for row in rows)
    scope = sum(line.inscp_fen for line in lines)
    dedc = min(scope, max(fund.deductible_fen - fund.borne_fen, 0)) if fund else 0
    limit = max(fund.cap_fen - fund.paid_fen, 0) if fund else 0
    ratio = fund.ratio_bp if fund else 0
    paid = min(yuan_fen(Decimal((scope - dedc) * ratio) / 1_000_000), limit)
    rest = sum(product_fen(str(row["cnt"]), str(row["pric"])) for row in rows) - paid
    balance = 0 if buyer.insutype == RESIDENT else max(buyer.balance_fen, 0)
    own = min(rest, balance) if buyer.acct_used_flag in ("1", "2") else 0
    aid = tuple(_drawn(rest - own, buyer.purses_fen))
    return Due(
        lines=lines, dedc_fen=dedc, limit_fen=limit, ratio_bp=ratio, fund_fen=paid, own_fen=own, aid_fen=aid,
        cash_fen=rest - own - sum(aid), balance_fen=balance - own,
    )  # fmt: skip


def line_parts(drug: Json, row: Json, buyer: Buyer, day: str) -> Parts:
    """The four parts of one line; what is not covered for this buyer is self-paid."""
    unmet = any(not _met(one, buyer, day) for one in drug.get("restrictions") or ())
    if unmet or row.get("hosp_appr_flag") == "2":
        whole = product_fen(str(row["cnt"]), str(row["pric"]))
        return Parts(fulamt_fen=whole, overlmt_fen=0, preself_fen=0, inscp_fen=0)
    found = parts({**drug, "restrictions": ()}, str(row["cnt"]), str(row["pric"]))
    assert found is not None
    return found


def _met(restriction: Json, buyer: Buyer, day: str) -> bool:
    kind, value = str(restriction["kind"]), str(restriction["value"])
    birthday_past = day[5:] >= buyer.brdy[5:]
    age = int(day[:4]) - int(buyer.brdy[:4]) - (0 if birthday_past else 1)
    facts = {
        "sex": buyer.gend == value, "insutype": buyer.insutype == value, "course_days": True,
        "age_max": value.isdigit() and age <= int(value), "age_min": value.isdigit() and age >= int(value),
    }  # fmt: skip
    return facts.get(kind, False)


def _drawn(rest: int, purses: Sequence[int]) -> Iterator[int]:
    for purse in purses:
        drawn = min(rest, max(purse, 0))
        rest -= drawn
        yield drawn


def contradictions(expected: Due, reply: Json, *, with_account: bool = False) -> list[str]:
    """Where an answer of 2101, 2102, 2206 or 2207 says anything else; empty when it agrees to the fen.

    ``with_account``: the room counts the account into ``fund_pay_sumamt``.
    """
    told, wanted = reply["setlinfo"], _wanted(expected, with_account=with_account)
    wrong = [f"{name}: {told.get(name)} != {fen} fen" for name, fen in wanted.items() if fen_of(told, name) != fen]
    if Decimal(str(told["pool_prop_selfpay"])) * 10_000 != expected.ratio_bp:
        wrong.append(f"pool_prop_selfpay: {told['pool_prop_selfpay']} != {expected.ratio_bp} basis points")
    return [*wrong, *_funds(expected, reply.get("setldetail")), *_cut(expected, reply.get("detlcutinfo"))]


def fund_misses(reply: Json) -> Iterator[str]:
    """Where a reply's fund rows are not ``hifp_pay``, or that is not its share of what it says is covered."""
    told, rows = reply.get("setlinfo") or {}, reply.get("setldetail") or ()
    real = [row for row in rows if row["fund_pay_type"] not in ACCOUNT_ROWS]
    paid = sum(fen_of(row, "fund_payamt") for row in real)
    if rows and paid != fen_of(told, "hifp_pay"):
        yield f"setldetail: the funds add up to {paid} fen, hifp_pay is {told.get('hifp_pay')}"
    for row in real[:1]:
        base = abs(fen_of(told, "inscp_scp_amt")) - abs(fen_of(told, "act_pay_dedc"))
        share = yuan_fen(Decimal(base) * Decimal(str(told["pool_prop_selfpay"])) / 100)
        if abs(paid) != min(share, fen_of(row, "crt_payb_lmt_amt")):
            yield f"hifp_pay {told.get('hifp_pay')} is not the share of {base} fen under the limit"


def _wanted(expected: Due, *, with_account: bool) -> dict[str, int]:
    person = expected.account_fen + expected.cash_fen
    return {
        "medfee_sumamt": expected.fund_fen + person, "fulamt_ownpay_amt": expected.total("fulamt_fen"),
        "overlmt_selfpay": expected.total("overlmt_fen"), "preselfpay_amt": expected.total("preself_fen"),
        "inscp_scp_amt": expected.total("inscp_fen"), "act_pay_dedc": expected.dedc_fen,
        "hifp_pay": expected.fund_fen,
        "fund_pay_sumamt": expected.fund_fen + (expected.account_fen if with_account else 0),
        "psn_part_amt": person, "acct_pay": expected.account_fen, "acct_mulaid_pay": sum(expected.aid_fen),
        "psn_cash_pay": expected.cash_fen, "balc": expected.balance_fen,
    }  # fmt: skip


def _funds(expected: Due, rows: Sequence[Json] | None) -> Iterator[str]:
    if rows is None:
        return
    real = [row for row in rows if row["fund_pay_type"] not in ACCOUNT_ROWS]
    if sum(fen_of(row, "fund_payamt") for row in real) != expected.fund_fen:
        yield f"setldetail: the funds do not add up to {expected.fund_fen} fen"
    if real and fen_of(real[0], "crt_payb_lmt_amt") != expected.limit_fen:
        yield f"crt_payb_lmt_amt: {real[0]['crt_payb_lmt_amt']} != {expected.limit_fen} fen"


def _cut(expected: Due, rows: Sequence[Json] | None) -> Iterator[str]:
    for line, row in zip(expected.lines, rows or (), strict=False):
        names = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
        told = tuple(fen_of(row, name) for name in names)
        if told != (line.fulamt_fen, line.overlmt_fen, line.preself_fen, line.inscp_fen):
            yield f"feedetl_sn {row['feedetl_sn']}: {told} != {line}"
