"""Reading 2206 and 2207: the same node, in which 2207 repeats the totals of 2206."""

from collections.abc import Mapping
from typing import Any

from simulator.domain.baskets import fen, optional_fen, text
from simulator.domain.counter import Claim
from simulator.domain.outpatient import Settling
from simulator.domain.scans import of_sale

PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")


def settling(message: Mapping[str, Any], org: str) -> Settling:
    """The node ``data`` of a 2206 or 2207, and the trace codes one edition of 2207 has beside it."""
    data = message["data"]
    told = {field: optional_fen(data, field) for field in PARTS}
    return Settling(
        claim=Claim(
            fixmedins_code=org, psn_no=text(data, "psn_no"), insutype=text(data, "insutype"),
            mdtrt_cert_type=text(data, "mdtrt_cert_type"), mdtrt_cert_no=text(data, "mdtrt_cert_no"),
            certno=text(data, "certno"), psn_name=text(data, "psn_name"),
        ),
        mdtrt_id=text(data, "mdtrt_id"), chrg_bchno=text(data, "chrg_bchno"), med_type=text(data, "med_type"),
        acct_used_flag=text(data, "acct_used_flag"), total_fen=fen(data, "medfee_sumamt"),
        parts={field: amount for field, amount in told.items() if amount is not None},
        scans=of_sale(message, (), "root"),
    )  # fmt: skip
