"""6202: pre-settle and place the order; the split is frozen until the person confirms."""

from simulator.domain.baskets import text
from simulator.domain.consent import person_by
from simulator.domain.order_record import Order, order_of
from simulator.domain.order_steps import PRESETTLED
from simulator.domain.order_views import amounts
from simulator.domain.orders import Placing, place
from simulator.domain.ports import Unit
from simulator.domain.settlement_views import setlinfo
from simulator.exchange import Call, Json


def handle(call: Call, unit: Unit) -> Json:
    """The split in yuan and, in ``extData.preSetl``, the same as the core prints it."""
    data = call.data
    asked = Placing(
        pay_ord_id=text(data, "payOrdId"), pay_token=text(data, "payToken"), org_codg=text(data, "orgCodg"),
        org_biz_ser=text(data, "orgBizSer"), pay_auth_no=text(data, "payAuthNo"), chrg_bchno=text(data, "chrgBchno"),
        mdtrt_id=text(data, "mdtrtId"), acct_used_flag=text(data, "acctUsedFlag"),
        ec_auth_code=text(data, "ecAuthCode"), ec_chnl_app_id=text(data, "ecChnlAppId"),
        ec_chnl_user_id=text(data, "ecChnlUserId"),
    )  # fmt: skip
    order = place(unit, order_of(unit, call.channel.app_id, asked.pay_ord_id), asked)
    return _told(unit, order)


def _told(unit: Unit, order: Order) -> Json:
    split = order.split
    assert split is not None
    before = setlinfo(
        person_by(unit, order.psn_no), order.bill, split, unit.switches, mdtrt_id=order.mdtrt_id, at_ms=order.placed_ms,
        balance_fen=split.balance_before_fen - split.own_fen, msgid=order.pay_ord_id,
    ) | {"hosp_part_amt": "0.00"}  # fmt: skip
    shown = unit.switches.answer_6202 if order.ord_stas == PRESETTLED else order.ord_stas
    return {"payOrdId": order.pay_ord_id, "ordStas": shown, **amounts(split), "extData": {"preSetl": before}}
