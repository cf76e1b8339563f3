"""Sales and returns as a pharmacy reports them after the money moved (3505, 3506; order-life 7 and 8.8)."""

from collections.abc import Iterable
from decimal import Decimal

from simulator.domain import trace_rules, trace_uses
from simulator.domain.goods import Goods, Report, of_visit
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.refused import Refusal
from simulator.domain.settlement_record import Settlement

INSURED = "1"
"""``mdtrt_setl_type``; 2 is self-paid."""
_NODE = "drugtracinfo"


def insured(told: Report) -> bool:
    """Whether a row claims to be paid by insurance; the base edition says so by ``hi_feesetl_type`` or a settlement."""
    kind = told.text("MDTRT_SETL_TYPE") or told.text("mdtrt_setl_type")
    return kind == INSURED if kind else told.text("hi_feesetl_type") in ("1", "2") or bool(told.text("setl_id"))


def sale_objection(unit: Unit, told: Report) -> Refusal | None:
    """Why a sale cannot be taken: no live settlement behind an insured one, another person, too many, its codes."""
    no = _settlement_objection(unit, told) if insured(told) else _buyer_objection(unit, told)
    return no or trace_rules.objection(unit, [parting(told)])


def parting(told: Report) -> trace_rules.Parting:
    """The packs of a reported sale."""
    return trace_rules.Parting(
        fixmedins_code=told.fixmedins_code, med_list_codg=told.text("med_list_codg"), cnt=told.cnt, scans=told.scans,
        field=_NODE, setl_id=told.text("setl_id"), mdtrt_sn=told.text("mdtrt_sn"), insured=insured(told), reported=True,
    )  # fmt: skip


def _settlement_objection(unit: Unit, told: Report) -> Refusal | None:
    setl_id, code = told.text("setl_id"), told.text("med_list_codg")
    if not setl_id:
        return Refusal("setl_id_missing", "setl_id")
    paid = unit.get(Settlement, setl_id)
    if paid is None or paid.bill.fixmedins_code != told.fixmedins_code or paid.sign < 0 or paid.stas != "live":
        return Refusal("sale_unsettled", "setl_id", value=setl_id)
    if told.text("mdtrt_sn") != paid.mdtrt_id:
        return Refusal("sale_visit", "mdtrt_sn", value=told.text("mdtrt_sn"))
    person = unit.get(Person, paid.psn_no)
    if (told.text("psn_no") or paid.psn_no) != paid.psn_no or (person and _differs(told, person)):
        return Refusal("sale_person", "psn_no", value=told.text("psn_no") or paid.psn_no)
    if all(line.med_list_codg != code for line in paid.bill.lines):
        return Refusal("sale_drug", "med_list_codg", code=code, value=setl_id)
    if told.text("rx_flag") == "1" and not told.text("rxno"):
        return Refusal("rxno_missing", "rxno")
    left = _unreported(unit, told, paid)
    if told.text("trdn_flag") != "1" and Decimal(told.cnt) > left:
        return Refusal("sale_exceeds", "sel_retn_cnt", code=code, cnt=told.cnt, left=left)
    return None


def _unreported(unit: Unit, told: Report, paid: Settlement) -> Decimal:
    """Packs of a drug that are settled and not yet reported as sold; split packs count in other units, so not here."""
    code = told.text("med_list_codg")
    bought = sum((Decimal(line.cnt) for line in paid.bill.lines if line.med_list_codg == code), Decimal(0))
    return bought - _whole(of_visit(unit, told.visit, "3505"), code) + _whole(of_visit(unit, told.visit, "3506"), code)


def _whole(rows: Iterable[Goods], code: str) -> Decimal:
    packs = (one.row for one in rows if one.row.get("med_list_codg") == code and one.row.get("trdn_flag") != "1")
    return sum((Decimal(row["sel_retn_cnt"]) for row in packs), Decimal(0))


def _buyer_objection(unit: Unit, told: Report) -> Refusal | None:
    """A self-paid sale may name its buyer; who is named must exist and be that person."""
    psn_no = told.text("psn_no")
    if not psn_no:
        return None
    person = unit.get(Person, psn_no)
    if person is None:
        return Refusal("unknown_person", "psn_no", value=psn_no)
    return Refusal("identity_mismatch", "certno") if _differs(told, person) else None


def _differs(told: Report, person: Person) -> bool:
    return (told.text("certno") or person.certno, told.text("psn_name") or person.psn_name) != (
        person.certno,
        person.psn_name,
    )


def return_objection(unit: Unit, told: Report) -> Refusal | None:
    """Why a return cannot be taken: no such sale, another person's, more than was sold, codes not sold here.

    House: insurance may go back before it or after it; 6203 and 2103 never withdraw a 3505 by themselves.
    """
    sales = [one for one in of_visit(unit, told.visit, "3505") if _same_goods(one, told)]
    number = told.text("medins_prod_sel_no")
    if number and all(one.goods_no != number for one in sales):
        return Refusal("sale_unknown", "medins_prod_sel_no", value=number)
    if not sales:
        return Refusal("sale_unknown", "mdtrt_sn", value=told.text("mdtrt_sn"))
    if told.text("setl_id") and all(one.row.get("setl_id") != told.text("setl_id") for one in sales):
        return Refusal("sale_unknown", "setl_id", value=told.text("setl_id"))
    no = _returner_objection(unit, told, sales)
    if no:
        return no
    returned = [one for one in of_visit(unit, told.visit, "3506") if _same_goods(one, told)]
    left = _counted(sales) - _counted(returned)
    if Decimal(told.cnt) > left:
        return Refusal("return_exceeds", "sel_retn_cnt", cnt=told.cnt, left=left)
    return trace_uses.return_objection(
        unit, told.scans, fixmedins_code=told.fixmedins_code, mdtrt_sn=told.text("mdtrt_sn")
    )


def _returner_objection(unit: Unit, told: Report, sales: list[Goods]) -> Refusal | None:
    """A return may name who brings the goods back: whoever bought them, where that is known."""
    psn_no = told.text("psn_no")
    paid = [unit.get(Settlement, one.row["setl_id"]) for one in sales if one.row.get("setl_id")]
    buyers = {one.psn_no for one in paid if one} | {one.row["psn_no"] for one in sales if one.row.get("psn_no")}
    if psn_no and buyers and psn_no not in buyers:
        return Refusal("sale_person", "psn_no", value=psn_no)
    return _buyer_objection(unit, told)


def _same_goods(sale: Goods, told: Report) -> bool:
    fields = ("med_list_codg", "fixmedins_hilist_id")
    return all(sale.row.get(field) == told.row.get(field) for field in fields)


def _counted(rows: Iterable[Goods]) -> Decimal:
    return sum((Decimal(one.row["sel_retn_cnt"]) for one in rows), Decimal(0))
