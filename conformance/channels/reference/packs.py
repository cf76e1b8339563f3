"""Goods as the shop scanned them for an order, and the rows that tell the platform where they went (3505A, 3506A).

A row is tied to the settlement that paid for it: ``setl_id`` and ``mdtrt_sn`` are those of the payment, never our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from conformance.channels.reference.orders import Line, Order
from conformance.channels.reference.settings import Settings

Json = dict[str, Any]

SCANNED, REPORTING, SOLD, BACK, QUARANTINED = "scanned", "reporting", "sold", "back", "quarantined"
INSURED, SELF_PAID = "1", "2"
"""``MDTRT_SETL_TYPE``."""
NO_BARCODE: Final = "NDPB999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Packs of one drug from one batch for one order. ``cnt`` is decimal text, dates are ``yyyy-MM-dd``.

    ``split``: an opened pack of which a part is sold. ``no_code``: old stock that carries no trace code.
    """

    pack_no: str
    order: str
    med_list_codg: str
    cnt: str
    batch: str
    made: str
    expires: str = ""
    trace_codes: tuple[str, ...] = ()
    split: bool = False
    no_code: bool = False
    state: str = SCANNED
    sold_at: str = ""
    """``yyyy-MM-dd HH:mm:ss``, kept before the report leaves: a repeat says the same again."""
    sel_no: str = ""
    """The platform's serial of the sale."""
    back_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the platform made of a delivery: batches it has now, and those it would not have, each with its reason."""

    taken: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def read_pack(document: Mapping[str, Any]) -> Pack:
    """A pack as the notebook kept it."""
    return Pack(**{**document, "trace_codes": tuple(document["trace_codes"])})


def marked(pack: Pack, **changes: Any) -> Pack:
    """The pack, changed."""
    return replace(pack, **changes)


def line_of(order: Order, pack: Pack) -> Line:
    """The line of the order that the pack is for.

    Raises:
        LookupError: the order has no such drug.
    """
    found = next((line for line in order.lines if line.med_list_codg == pack.med_list_codg), None)
    if found is None:
        raise LookupError(pack.med_list_codg)
    return found


def settlement_of(order: Order) -> tuple[str, str]:
    """``setl_id`` and ``mdtrt_id`` of what insurance paid; both empty when it paid nothing."""
    if order.sale:
        return order.sale.setl_id, order.sale.mdtrt_id
    paid = order.payment.setl_id if order.payment.setl_type != "CASH" else ""
    return paid, order.payment.mdtrt_id if paid else ""


def sale_row(settings: Settings, order: Order, pack: Pack) -> Json:
    """A row of 3505A: what left the shop, at the price that was charged, with every code that was scanned."""
    setl_id, mdtrt_id = settlement_of(order)
    tied = {"setl_id": setl_id, "MDTRT_SETL_TYPE": INSURED} if setl_id else {"MDTRT_SETL_TYPE": SELF_PAID}
    return {
        **_goods(order, pack), **tied, "mdtrt_sn": mdtrt_id or order.order, "phar_name": settings.phar_name,
        "phar_prac_cert_no": settings.phar_prac_cert_no, "rtal_docno": order.order, "drug_prod_barc": NO_BARCODE,
        "sel_retn_time": pack.sold_at, "sel_retn_opter_name": settings.opter_name,
    }  # fmt: skip


def return_row(settings: Settings, order: Order, pack: Pack) -> Json:
    """A row of 3506A: the same goods, under the same settlement, with the same codes."""
    setl_id, mdtrt_id = settlement_of(order)
    return {
        **_goods(order, pack), **({"setl_id": setl_id} if setl_id else {}), "mdtrt_sn": mdtrt_id or order.order,
        "medins_prod_sel_no": pack.sel_no, "sel_retn_time": pack.back_at, "sel_retn_opter_name": settings.opter_name,
    }  # fmt: skip


def _goods(order: Order, pack: Pack) -> Json:
    line = line_of(order, pack)
    own_code = line.own_code or line.med_list_codg
    return {
        "med_list_codg": pack.med_list_codg, "fixmedins_hilist_id": own_code,
        "fixmedins_hilist_name": line.name or own_code, "fixmedins_bchno": pack.batch, "manu_lotnum": pack.batch,
        "manu_date": pack.made, **({"expy_end": pack.expires} if pack.expires else {}), "rx_flag": line.rx_flag,
        "trdn_flag": "1" if pack.split else "0", "finl_trns_pric": line.pric, "sel_retn_cnt": pack.cnt,
        "drugtracinfo": [{"drug_trac_codg": code} for code in pack.trace_codes],
    }  # fmt: skip
