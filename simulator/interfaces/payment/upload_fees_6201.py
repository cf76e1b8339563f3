"""6201: upload the basket, open a payment order."""

from simulator.domain import baskets
from simulator.domain.baskets import text
from simulator.domain.cashier import open_here, url
from simulator.domain.older_views import line_results
from simulator.domain.orders import Upload, upload
from simulator.domain.ports import Unit
from simulator.exchange import Call, Json

_OLDER = "hos.upload.fee"
"""The name of this operation where one address serves all (1.1 V-C); it is answered with each line's outcome."""


def handle(call: Call, unit: Unit) -> Json:
    """``payOrdId`` and ``payToken`` of the order in state 0, and the visit it was registered under.

    In cashier mode also where to send the person.
    """
    data = call.data
    order = upload(
        unit,
        Upload(
            app_id=call.channel.app_id, bill=baskets.online(data), med_org_ord=text(data, "medOrgOrd"),
            id_no=text(data, "idNo"), user_name=text(data, "userName"), id_type=text(data, "idType"),
            mdtrt_id=text(data, "mdtrtId"), ipt_otp_no=text(data, "iptOtpNo"), fee_type=text(data, "feeType"),
            chrg_bchno=text(data, "chrgBchno"), pay_auth_no=text(data, "payAuthNo"), ec_token=text(data, "ecToken"),
        ),
    )  # fmt: skip
    told: Json = {"payOrdId": order.pay_ord_id, "payToken": order.pay_token, "extData": {"mdtrtId": order.mdtrt_id}}
    if call.envelope.get("transType") == _OLDER:
        told["extData"]["result"] = line_results(unit, order)
    return told | ({"cashierUrl": url(unit, order)} if open_here(unit) else {})
