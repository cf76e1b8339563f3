"""2001: which funds a person may use at this institution for this kind of treatment."""

from simulator.domain.aid import has_account
from simulator.domain.benefit import anywhere, used
from simulator.domain.moment import date10
from simulator.domain.ports import Unit
from simulator.domain.records import Person
from simulator.domain.refused import Refusal
from simulator.exchange import Call, Json

POOL, ACCOUNT = "310100", "310200"


def handle(call: Call, unit: Unit) -> Json:
    """One row per fund: the pooled fund where the city lets it pay such a purchase, the account while insured here."""
    asked = call.node("data")
    psn_no, insutype = str(asked["psn_no"]), str(asked["insutype"])
    if str(asked["fixmedins_code"]) != call.org_codg:
        raise Refusal("foreign_institution", "fixmedins_code", value=asked["fixmedins_code"])
    person = unit.get(Person, psn_no)
    if person is None:
        raise Refusal("unknown_person", "psn_no", value=psn_no)
    reason = _reason(unit, person, insutype)
    fund, pool_reason = _pool(unit, psn_no, insutype, str(asked["med_type"]))
    account_reason = reason or ("" if has_account(person) else "城乡居民无个人账户")
    return {"trtinfo": [_row(unit, psn_no, fund, pool_reason or reason), _row(unit, psn_no, ACCOUNT, account_reason)]}


def _pool(unit: Unit, psn_no: str, insutype: str, med_type: str) -> tuple[str, str]:
    """The pooled fund of such a purchase, and why it pays nothing, or an empty text."""
    benefit = anywhere(unit, insutype=insutype, med_type=med_type)
    if benefit is None:
        return POOL, "本次购药不使用统筹基金"
    spent = used(unit, psn_no, benefit.fund_pay_type).fund_fen >= benefit.cap_fen
    return benefit.fund_pay_type, "本年度统筹基金支付限额已用完" if spent else ""


def _reason(unit: Unit, person: Person, insutype: str) -> str:
    """Why no fund may be used, or an empty text."""
    if insutype != person.insutype:
        return f"参保人没有险种 {insutype}"
    if person.psn_insu_stas != "1":
        return "参保人待遇已暂停或终止"
    outsider = person.insuplc_admdvs[:2] != unit.city.admdvs[:2] and not unit.city.settle_for_outsiders
    return f"非{unit.city.name_zh}参保人" if outsider else ""


def _row(unit: Unit, psn_no: str, fund: str, reason: str) -> Json:
    return {
        "psn_no": psn_no, "trt_chk_type": "01", "fund_pay_type": fund, "trt_enjymnt_flag": "0" if reason else "1",
        "begndate": date10(unit.now_ms), "trt_chk_rslt": reason,
    }  # fmt: skip
