"""A basket as the institution bills it, and how insurance splits it (institution-interfaces.md 4.5)."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from simulator.domain import ledger
from simulator.domain.aid import givers, has_account, purse
from simulator.domain.benefit import Pooled, pooled
from simulator.domain.mappings import mapped
from simulator.domain.moment import date10
from simulator.domain.money import product_fen, share_fen, whole_fen
from simulator.domain.ports import Unit
from simulator.domain.records import Drug, Person, Restriction
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan

NO_LIMIT = "999999"
"""How a split prints "no price limit"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One drug of a bill. ``cnt`` and ``pric`` keep the digits they were printed with."""

    feedetl_sn: str
    med_list_codg: str
    medins_list_codg: str
    cnt: str
    pric: str
    amount_fen: int
    rxno: str = ""
    hosp_appr_flag: str = ""
    """2204: ``2`` makes the line self-paid."""
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one person buys at one institution at one time."""

    fixmedins_code: str
    psn_no: str
    insutype: str
    med_type: str
    acct_used_flag: str
    total_fen: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSplit:
    """One line's four parts; they add up to the line (4.5 identity 5)."""

    feedetl_sn: str
    cnt: str
    pric: str
    amount_fen: int
    fulamt_ownpay_fen: int
    overlmt_fen: int
    preselfpay_fen: int
    inscp_scp_fen: int
    pric_uplmt: str
    selfpay_bp: int
    chrgitm_lv: str
    med_chrgitm_type: str
    bas_medn_flag: str
    memo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one account pays."""

    psn_no: str
    fen: int
    account: str = ""
    """The ledger account it is taken from; empty: the payer's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Who pays a bill: pooled fund F, own account S, givers M, the person's cash C. F + S + M + C = total."""

    lines: tuple[LineSplit, ...]
    medfee_fen: int
    fund_fen: int
    own_fen: int
    aid: tuple[Share, ...] = field(default=())
    cash_fen: int
    balance_before_fen: int
    pooled: Pooled | None = None

    @property
    def aid_fen(self) -> int:
        """M: what relatives' accounts pay."""
        return sum(share.fen for share in self.aid)

    @property
    def acct_fen(self) -> int:
        """S + M: ``acct_pay``, ``psnAcctPay``."""
        return self.own_fen + self.aid_fen

    @property
    def insured_fen(self) -> int:
        """S + M + F: what insurance owes the institution."""
        return self.acct_fen + self.fund_fen

    def total(self, part: str) -> int:
        """Sum of one part (``inscp_scp_fen`` …) over the lines."""
        return sum(getattr(line, part) for line in self.lines)

    def sources(self, psn_no: str, pool_admdvs: str) -> list[tuple[str, int]]:
        """The ledger accounts that pay, in order: own account, givers, pool."""
        givers = [(share.account or ledger.own(share.psn_no), share.fen) for share in self.aid]
        return [(ledger.own(psn_no), self.own_fen), *givers, (ledger.pool(pool_admdvs), self.fund_fen)]


def check_amounts(bill: Bill, *, total_field: str, line_field: str, serial_field: str) -> None:
    """Every line is ``round(cnt × pric, 2)``, serials differ, and the lines add up to the header.

    Raises:
        Refusal: ``duplicate_line``, ``line_amount``, ``total_mismatch``.
    """
    for serial, times in Counter(line.feedetl_sn for line in bill.lines).items():
        if times > 1:
            raise Refusal("duplicate_line", serial_field, serial=serial)
    for line in bill.lines:
        expected = product_fen(line.cnt, line.pric)
        if expected != line.amount_fen:
            raise Refusal("line_amount", line_field, serial=line.feedetl_sn, fen=line.amount_fen, expected_fen=expected)
    total = sum(line.amount_fen for line in bill.lines)
    if total != bill.total_fen:
        raise Refusal("total_mismatch", total_field, fen=bill.total_fen, expected_fen=total)


def drugs(unit: Unit, bill: Bill, *, online: bool, field_name: str) -> dict[str, Drug]:
    """The catalogue entries of a bill, after the rules of the place of sale.

    Raises:
        Refusal: ``unknown_drug``, ``withdrawn_drug``; online also ``otc_only``, ``barred_online``.
    """
    found: dict[str, Drug] = {}
    for line in bill.lines:
        drug = unit.get(Drug, line.med_list_codg)
        if drug is None:
            raise Refusal("unknown_drug", field_name, code=line.med_list_codg)
        if drug.vali_flag != "1":
            raise Refusal("withdrawn_drug", field_name, code=line.med_list_codg, name=drug.reg_name)
        if online and unit.city.otc_only and drug.rx_flag != "0":
            raise Refusal("otc_only", field_name, code=line.med_list_codg, name=drug.reg_name, city=unit.city.name_zh)
        if online and drug.online_barred:
            raise Refusal("barred_online", field_name, code=line.med_list_codg, name=drug.reg_name)
        found[line.med_list_codg] = drug
    return found


def split(unit: Unit, bill: Bill, person: Person, catalogue: dict[str, Drug], *, place: str = "") -> Split:
    """Divide a bill as of now: the pooled fund where it pays at that place, then accounts, then cash (4.5)."""
    lines = tuple(
        _split_line(line, catalogue[line.med_list_codg], _self_paid_because(unit, bill, line, catalogue, person))
        for line in bill.lines
    )
    part = pooled(
        unit, psn_no=person.psn_no, insutype=bill.insutype, med_type=bill.med_type, place=place,
        scope_fen=sum(line.inscp_scp_fen for line in lines),
    )  # fmt: skip
    fund_fen = part.fund_fen if part else 0
    rest = bill.total_fen - fund_fen
    balance = unit.balance(ledger.own(person.psn_no)) if has_account(person) else 0
    own_fen = min(rest, max(balance, 0)) if bill.acct_used_flag in ("1", "2") else 0
    aid = _aid(unit, bill, person, rest - own_fen)
    return Split(
        lines=lines, medfee_fen=bill.total_fen, fund_fen=fund_fen, own_fen=own_fen, aid=aid,
        cash_fen=rest - own_fen - sum(share.fen for share in aid), balance_before_fen=balance, pooled=part,
    )  # fmt: skip


def _aid(unit: Unit, bill: Bill, person: Person, rest_fen: int) -> tuple[Share, ...]:
    """What relatives pay of the rest, each as far as the purse goes, in filing order (order-life 9.17)."""
    shares: list[Share] = []
    for giver in givers(unit, person, bill.acct_used_flag):
        account = purse(unit, giver.psn_no, person.psn_no)
        fen = min(rest_fen, max(unit.balance(account), 0))
        if fen:
            shares.append(Share(psn_no=giver.psn_no, fen=fen, account=account))
            rest_fen -= fen
    return tuple(shares)


def _split_line(line: Line, drug: Drug, memo: str) -> LineSplit:
    whole = drug.chrgitm_lv == "03" or bool(memo)
    over = 0 if whole else _over_limit_fen(line, drug)
    before = 0 if whole else share_fen(line.amount_fen - over, drug.selfpay_bp)
    return LineSplit(
        feedetl_sn=line.feedetl_sn, cnt=line.cnt, pric=line.pric, amount_fen=line.amount_fen,
        fulamt_ownpay_fen=line.amount_fen if whole else 0,
        overlmt_fen=over,
        preselfpay_fen=before,
        inscp_scp_fen=0 if whole else line.amount_fen - over - before,
        pric_uplmt=drug.pric_uplmt or NO_LIMIT,
        selfpay_bp=10_000 if whole else drug.selfpay_bp,
        chrgitm_lv="03" if whole else drug.chrgitm_lv,
        med_chrgitm_type=drug.med_chrgitm_type,
        bas_medn_flag=drug.bas_medn_flag,
        memo=memo,
    )  # fmt: skip


def _self_paid_because(unit: Unit, bill: Bill, line: Line, catalogue: dict[str, Drug], person: Person) -> str:
    """Why a line is self-paid although its drug is listed, in the words of ``memo``; empty when it is not."""
    restrictions = catalogue[line.med_list_codg].restrictions
    unmet = next((r for r in restrictions if not restriction_met(r, person, unit.now_ms)), None)
    if unmet:
        return f"限制使用：{unmet.text}，本次不符合，按全自费"
    if unit.switches.mapping == "required" and not mapped(
        unit, bill.fixmedins_code, line.medins_list_codg, line.med_list_codg
    ):
        return "目录对照未审核通过，按全自费"
    return "医院审批不通过，按全自费" if line.hosp_appr_flag == "2" else ""


def _over_limit_fen(line: Line, drug: Drug) -> int:
    if not drug.pric_uplmt:
        return 0
    above = Decimal(line.pric) - Decimal(drug.pric_uplmt)
    return min(line.amount_fen, whole_fen(above * Decimal(line.cnt))) if above > 0 else 0


def restriction_met(restriction: Restriction, person: Person, now_ms: int) -> bool:
    """Whether a person buying at a pharmacy meets a payment restriction; an unmet one makes the line self-paid.

    House: the published rule library says who is covered, not what a split does with the others.
    """
    kind, value = restriction.kind, restriction.value
    if kind == "sex":
        return person.gend == value
    if kind in ("age_max", "age_min"):
        years = age_years(person, now_ms)
        return years <= int(value) if kind == "age_max" else years >= int(value)
    if kind == "insutype":
        return person.insutype == value
    return kind == "course_days"


def age_years(person: Person, now_ms: int) -> int:
    """Completed years of life at that moment."""
    today = date10(now_ms)
    return int(today[:4]) - int(person.brdy[:4]) - (today[5:] < person.brdy[5:])
