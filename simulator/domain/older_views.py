"""What regional platforms of 2020 and 2021 answered to an upload beside the order: each line's outcome (1.3, V-C)."""

from typing import Any

from schemas.amount import to_text
from simulator.domain import bill as bills
from simulator.domain.benefit import ONLINE
from simulator.domain.consent import person_by
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import ratio


def line_results(unit: Unit, order: Order) -> list[dict[str, Any]]:
    """``extData.result[]``: what insurance would count of each line now; ``rxSn`` is the centre's own (house)."""
    person = person_by(unit, order.psn_no)
    catalogue = bills.drugs(unit, order.bill, online=order.fee_type == "07", field_name="medListCodg")
    split = bills.split(unit, order.bill, person, catalogue, place=ONLINE)
    return [
        {
            "rxSn": f"{order.pay_ord_id}{number:03d}", "hosRxDetlNo": line.feedetl_sn, "amt": to_text(line.amount_fen),
            "pfoAmt": to_text(line.preselfpay_fen), "ownpayAmt": to_text(line.fulamt_ownpay_fen),
            "overlmtSelfpayAmt": to_text(line.overlmt_fen), "chrgItemLv": line.chrgitm_lv,
            "fulamtOwnpayFlag": "1" if line.fulamt_ownpay_fen else "0", "ownpayRea": line.memo,
            "hiLmtpric": line.pric_uplmt, "selfpayProp": ratio(line.selfpay_bp),
        }
        for number, line in enumerate(split.lines, 1)
    ]  # fmt: skip
