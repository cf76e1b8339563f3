"""What a pharmacy's own till does beside the channel (house): it sells, and it takes back what the channel sold.

Nobody tells the channel. Its till signs with keys of its own, so these are no messages of the channel's and stand in
the books under no appId, or under that of another channel of the shop.
"""

from collections.abc import Mapping
from typing import Any

from simulator.domain import counter
from simulator.domain.bill import Bill, Line
from simulator.domain.consent import person_by
from simulator.domain.moment import stamp14
from simulator.domain.money import positive, product_fen
from simulator.domain.order_record import Order
from simulator.domain.ports import Unit
from simulator.domain.refused import Refusal
from simulator.domain.scans import Scan
from simulator.domain.settlement_record import Settlement

Body = Mapping[str, Any]
Answer = dict[str, Any]

IDENTITY_CARD = "02"
PHARMACY_PURCHASE = "41"


def sell(unit: Unit, body: Body) -> Answer:
    """A sale of ``cnt`` × ``pric`` of one drug to a person: ``fixmedins_code, psn_no, med_list_codg, cnt, pric``.

    With ``app_id`` it is another channel of the shop's that sells; ``trace_codes`` are those of the packs that left.

    Raises:
        Refusal: of the institution, the person, the basket.
    """
    person, org = person_by(unit, str(body.get("psn_no", ""))), str(body.get("fixmedins_code", ""))
    code, cnt, pric = (str(body.get(name, "")) for name in ("med_list_codg", "cnt", "pric"))
    fen = product_fen(positive(cnt, "cnt"), positive(pric, "pric"))
    line = Line(
        feedetl_sn="1", med_list_codg=code, medins_list_codg=code, cnt=cnt, pric=pric, amount_fen=fen,
        scans=tuple(Scan(str(one)) for one in body.get("trace_codes") or ()),
    )  # fmt: skip
    bill = Bill(
        fixmedins_code=org, psn_no=person.psn_no, insutype=person.insutype, med_type=PHARMACY_PURCHASE,
        acct_used_flag="1", total_fen=fen, lines=(line,),
    )  # fmt: skip
    sale = counter.Sale(
        bill=bill, mdtrt_cert_type=IDENTITY_CARD, mdtrt_cert_no=person.certno, certno=person.certno,
        psn_name=person.psn_name,
    )  # fmt: skip
    _, settlement = counter.settle(unit, sale, app_id=str(body.get("app_id", "")), msgid=_msgid(unit, org))
    return {"setl_id": settlement.setl_id, "msgid": settlement.medins_setl_id}


def cancel(unit: Unit, body: Body) -> Answer:
    """L50: what a pay order (``pay_ord_id``) settled is taken back at the till; no notice exists for it.

    Raises:
        Refusal: ``unknown_order``, ``unknown_settlement``, ``centre_settlement`` (switch ``counter_refund``),
            ``settlement_over``.
    """
    order = unit.get(Order, str(body.get("pay_ord_id", "")))
    if order is None:
        raise Refusal("unknown_order", "pay_ord_id")
    paid = unit.get(Settlement, order.setl_id)
    if paid is None:
        raise Refusal("unknown_settlement", "pay_ord_id", value=order.setl_id)
    negative = counter.cancel(
        unit, org=order.org_codg, setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=paid.psn_no,
        msgid=_msgid(unit, order.org_codg), app_id="",
    )  # fmt: skip
    return {"setl_id": negative.setl_id}


def _msgid(unit: Unit, org: str) -> str:
    """A message id of the till's own: 12 of the institution, 14 of the time, 4 in sequence."""
    return f"{org}{stamp14(unit.now_ms)}{9000 + unit.next_number('till'):04d}"
