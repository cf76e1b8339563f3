"""3201 and 3202: the platform's own records of a whole pharmacy against what the institution says (5.1–5.4).

Counter sales and the orders of all channels count together (order-life 8.9). Each record counts on the day of its own
platform time: a refund is a negative record of its own day, and what 2601 reversed is not there at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.amount import to_text
from simulator.domain.date_range import days
from simulator.domain.moment import datetime19
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement
from simulator.domain.settlement_views import fund_sum_fen
from simulator.domain.statement_file import Row, Verdict

EQUAL, CENTRE_MORE, INSTITUTION_MORE, DIFFERENT = "000000", "000101", "000102", "000103"
"""Verdicts of 5.4; with the switch ``stmt_rslt`` = flags the first prints as 0 and the others as 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which records are meant. ``insutype`` and ``clr_type`` empty: of any."""

    org: str
    setl_optins: str
    first_ms: int
    last_ms: int
    clr_type: str = ""
    insutype: str = ""
    refunds: bool = True
    """Whether refunds are among the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over records, refunds negative. ``count``: how ``fixmedins_setl_cnt`` counts them."""

    medfee_fen: int
    fund_fen: int
    acct_fen: int
    count: int


def records(unit: Unit, scope: Scope) -> list[Settlement]:
    """The platform's records in a scope, in the order they were made."""
    return [
        settlement
        for day in days(scope.first_ms, scope.last_ms)
        for settlement in unit.find(Settlement, "org_day", f"{scope.org}/{day}")
        if _meant(scope, settlement)
    ]


def _meant(scope: Scope, settlement: Settlement) -> bool:
    return (
        settlement.stas != "reversed"
        and (scope.refunds or settlement.sign > 0)
        and scope.clr_type in ("", settlement.clr_type)
        and scope.insutype in ("", settlement.bill.insutype)
        and covers(scope.setl_optins, settlement.clr_optins)
    )  # fmt: skip


def covers(setl_optins: str, clr_optins: str) -> bool:
    """Whether a settling agency answers for an area: the very one, or the city (``…00``) it lies in (house)."""
    return setl_optins == clr_optins or (setl_optins.endswith("00") and setl_optins[:4] == clr_optins[:4])


def totals(unit: Unit, found: Iterable[Settlement]) -> Totals:
    """The sums of 3201, of exactly the fields the settlements printed (4.5 identity 9)."""
    rows = [_own_row(unit, settlement) for settlement in found]
    return _sums(rows, net=unit.switches.stmt_count == "net")


def compare_totals(ours: Totals, theirs: Totals) -> str:
    """The verdict of 3201."""
    if ours == theirs:
        return EQUAL
    if ours.count == theirs.count:
        return DIFFERENT
    return CENTRE_MORE if ours.count > theirs.count else INSTITUTION_MORE


def check_header(unit: Unit, theirs: Totals, cash_fen: int, rows: Sequence[Row]) -> None:
    """The totals of 3202 are those of its file; its count may be of records or of purchases less refunds (house).

    Where fund_pay_sumamt contains the account, records of the pay centre may be stated with ``fundPay``, which never
    does: the cash then lies between the two readings (house).

    Raises:
        Refusal: ``stmt_header`` names the field.
    """
    if unit.switches.stmt_header != "checked":
        return
    sums, records_count = _sums(rows, net=True), len(rows)
    cash_sum_fen = sums.medfee_fen - sums.fund_fen - sums.acct_fen
    if unit.switches.fund_pay_sum == "with_account":
        least, most = sorted((cash_sum_fen, cash_sum_fen + sums.acct_fen))
        cash_sum_fen = min(max(cash_fen, least), most)
    expected = (
        ("medfee_sumamt", "医疗费总额", theirs.medfee_fen, sums.medfee_fen),
        ("fund_pay_sumamt", "基金支付总额", theirs.fund_fen, sums.fund_fen),
        ("cash_payamt", "现金支付金额", cash_fen, cash_sum_fen),
    )
    for field, zh, said_fen, file_fen in expected:
        if said_fen != file_fen:
            raise Refusal("stmt_header", field, what=zh, name=field, found=to_text(file_fen))
    if theirs.count not in (sums.count, records_count):
        field = "fixmedins_setl_cnt"
        raise Refusal("stmt_header", field, what="定点医药机构结算笔数", name=field, found=sums.count)


def compare(unit: Unit, scope: Scope, rows: Iterable[Row]) -> list[Verdict]:
    """A verdict on every record of either side: the institution's in its order, then what only the centre has.

    A refund is found by its own setl_id or, flagged as a refund, by that of the purchase it takes back (house: what
    identifies the negative row is not published).
    """
    ours = records(unit, scope)
    known = {(paid.refers_to, True): paid for paid in ours if paid.sign < 0}
    known |= {(paid.setl_id, paid.sign < 0): paid for paid in ours}
    seen: set[str] = set()
    verdicts = []
    for row in rows:
        paid = known.get((row.setl_id, row.refund))
        verdicts.append(_judged(unit, scope, row, paid, seen))
        if paid:
            seen.add(paid.setl_id)
    return verdicts + [_missing(unit, paid) for paid in ours if paid.setl_id not in seen]


def _judged(unit: Unit, scope: Scope, row: Row, paid: Settlement | None, seen: set[str]) -> Verdict:
    if paid is None:
        return _verdict(row, INSTITUTION_MORE, "", _whereabouts(unit, scope, row))
    if paid.setl_id in seen:
        return _verdict(row, INSTITUTION_MORE, paid.medins_setl_id, "文件中重复的记录")
    own = _own_row(unit, paid)
    if (row.psn_no, row.mdtrt_id) != (own.psn_no, own.mdtrt_id):
        return _verdict(row, DIFFERENT, paid.medins_setl_id, "人员编号或就诊ID与中心不一致")
    funds = (own.fund_fen, paid.sign * fund_sum_fen(paid.split, unit.switches))
    if (row.medfee_fen, row.acct_fen) != (own.medfee_fen, own.acct_fen) or row.fund_fen not in funds:
        told = f"中心：医疗费 {to_text(own.medfee_fen)}，基金 {to_text(own.fund_fen)}，账户 {to_text(own.acct_fen)}"
        return _verdict(row, DIFFERENT, paid.medins_setl_id, told)
    return _verdict(row, EQUAL, paid.medins_setl_id, "")


def _whereabouts(unit: Unit, scope: Scope, row: Row) -> str:
    """Why the centre does not find a record: it has none, or it has one outside the scope."""
    paid = unit.get(Settlement, row.setl_id)
    if paid is None or paid.bill.fixmedins_code != scope.org or paid.stas == "reversed":
        return "中心无此记录"
    if (paid.sign < 0) != row.refund:
        return "中心无此退费记录" if row.refund else "该结算ID在中心为退费记录"
    return f"该结算不在本次对账范围，结算时间 {datetime19(paid.at_ms)}"


def _missing(unit: Unit, paid: Settlement) -> Verdict:
    own = _own_row(unit, paid)
    return Verdict(
        psn_no=own.psn_no, mdtrt_id="", setl_id="", msgid=paid.medins_setl_id, stmt_rslt=CENTRE_MORE, refund=own.refund,
        memo=f"机构未上报，中心 {datetime19(paid.at_ms)} 交易{paid.infno}", medfee_fen=own.medfee_fen,
        fund_fen=own.fund_fen, acct_fen=own.acct_fen,
    )  # fmt: skip


def _verdict(row: Row, stmt_rslt: str, msgid: str, memo: str) -> Verdict:
    return Verdict(
        psn_no=row.psn_no, mdtrt_id=row.mdtrt_id, setl_id=row.setl_id, msgid=msgid, stmt_rslt=stmt_rslt,
        refund=row.refund, memo=memo, medfee_fen=row.medfee_fen, fund_fen=row.fund_fen, acct_fen=row.acct_fen,
    )  # fmt: skip


def _own_row(unit: Unit, paid: Settlement) -> Row:
    """A record as a correct upload would print it: the fund as 2102 printed it, or as ``fundPay``, which never contains
    the account, told it of an order of the pay centre."""
    fund_fen = paid.split.fund_fen if paid.origin == "centre" else fund_sum_fen(paid.split, unit.switches)
    return Row(
        setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=paid.psn_no, medfee_fen=paid.sign * paid.split.medfee_fen,
        fund_fen=paid.sign * fund_fen, acct_fen=paid.sign * paid.split.acct_fen, refund=paid.sign < 0,
    )  # fmt: skip


def _sums(rows: Sequence[Row], *, net: bool) -> Totals:
    refunds = sum(row.refund for row in rows)
    return Totals(
        medfee_fen=sum(row.medfee_fen for row in rows),
        fund_fen=sum(row.fund_fen for row in rows),
        acct_fen=sum(row.acct_fen for row in rows),
        count=max(len(rows) - 2 * refunds, 0) if net else len(rows),
    )
