"""6203: money goes back to where it came from."""

from simulator.domain.baskets import fen, optional_fen, text
from simulator.domain.moment import stamp14
from simulator.domain.order_record import order_of
from simulator.domain.ports import Unit
from simulator.domain.refunds import SLOW_MS, Asked, answered_late, refund
from simulator.exchange import Call, Json, Reply


def handle(call: Call, unit: Unit) -> Reply:
    """``refStatus`` SUCC, FAIL or EXP; the insurance serial and time are absent for a cash-only refund."""
    data = call.data
    asked = Asked(
        app_refd_sn=text(data, "appRefdSn"), refd_type=text(data, "refdType"), totl_fen=fen(data, "totlRefdAmt"),
        acct_fen=optional_fen(data, "psnAcctRefdAmt"), fund_fen=optional_fen(data, "fundRefdAmt"),
        cash_fen=optional_fen(data, "cashRefdAmt"), ec_token=text(data, "ecToken"), pay_auth_no=text(data, "payAuthNo"),
        revs_token=text(call.node("extData"), "revsToken"),
    )  # fmt: skip
    _, done = refund(unit, order_of(unit, call.channel.app_id, text(data, "payOrdId")), asked)
    told: Json = {"refdSn": done.refd_sn, "refStatus": done.ref_status}
    if done.hi_fefd_sn:
        at = stamp14(done.at_ms)
        told |= {"hiFefdSn": done.hi_fefd_sn, "hiTrnsDate": at[:8], "hiTrnsTime": at[8:]}
    return Reply(data=told, delay_ms=SLOW_MS if answered_late(unit, done) else 0)
