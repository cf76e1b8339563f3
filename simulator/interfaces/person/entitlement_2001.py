"""2001: which funds a person may use at this institution for this kind of treatment."""

from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json

POOL, ACCOUNT = "310100", "310200"


def handle(call: Call, unit: Unit) -> Json:
    """One row per fund: the pooled fund never pays a plain pharmacy purchase, the account does while insured here."""
    asked = call.node("data")
    psn_no = str(asked["psn_no"])
    if str(asked["fixmedins_code"]) != call.org_codg:
        raise Refusal("foreign_institution", "fixmedins_code", value=asked["fixmedins_code"])
    person = unit.get(Person, psn_no)
    if person is None:
        raise Refusal("unknown_person", "psn_no", value=psn_no)
    reason = _reason(unit, person, str(asked["insutype"]))
    return {"trtinfo": [_row(unit, psn_no, POOL, "药店购药不使用统筹基金"), _row(unit, psn_no, ACCOUNT, reason)]}


def _reason(unit: Unit, person: Person, insutype: str) -> str:
    """Why the account may not be used, or an empty text."""
    if insutype != person.insutype:
        return f"参保人没有险种 {insutype}"
    if person.psn_insu_stas != "1":
        return "参保人待遇已暂停或终止"
    if person.insutype == "390":
        return "城乡居民无个人账户"
    outsider = person.insuplc_admdvs[:2] != unit.city.admdvs[:2] and not unit.city.settle_for_outsiders
    return f"非{unit.city.name_zh}参保人" if outsider else ""


def _row(unit: Unit, psn_no: str, fund: str, reason: str) -> Json:
    return {
        "psn_no": psn_no, "trt_chk_type": "01", "fund_pay_type": fund, "trt_enjymnt_flag": "0" if reason else "1",
        "begndate": date10(unit.now_ms), "trt_chk_rslt": reason,
    }  # fmt: skip
