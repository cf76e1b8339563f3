"""Probes of coupons."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import BUYER, Case, evidence, fate, said, shop_order

CUT = "coupons.bill_is_cut"


def billed(yuan: str, *, coupon_fen: int = 160, buyer: str = BUYER) -> Evidence:
    order: dict[str, Any] = shop_order(coupon_fen=coupon_fen)
    sent = {"psnNo": buyer, "medfeeSumamt": yuan}
    return evidence(said(1, "6201", sent=sent), facts={"orders": {"A1": order}})


TABLE: list[Case] = [
    ("cut", CUT, {}, billed("30.00"), "held"),
    ("at list price", CUT, {}, billed("31.60"), "broken"),
    ("cut by a fen more", CUT, {}, billed("29.99"), "broken"),
    ("no coupon", CUT, {}, billed("31.60", coupon_fen=0), "unseen"),
    ("somebody else's", CUT, {}, billed("31.60", buyer="P9"), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
