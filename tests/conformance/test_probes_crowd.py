"""Probes of many orders open at once."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import (
    BUYER,
    NUMBER,
    OTHER,
    SECOND,
    Case,
    about,
    acted,
    belief,
    evidence,
    fate,
    moved,
    order_row,
    said,
    shop_order,
)

TWO = {"orders": {"A1": shop_order(), "A2": shop_order(OTHER)}}
ROWS = {"orders": [order_row(), order_row(SECOND, buyer=OTHER)], "transfers": [moved("PAY", 3160)]}


def told(first: tuple[str, list[str]], second: tuple[str, list[str]], *lines: dict[str, Any]) -> Evidence:
    rows = [belief(state, order=order, pay_ord_ids=held) for order, (state, held) in (("A1", first), ("A2", second))]
    return evidence(*lines, facts=TWO, rows=ROWS, beliefs=rows)


def uploaded(seq: int, serial: str, buyer: str) -> dict[str, Any]:
    return said(seq, "6201", sent={"psnNo": buyer, "medOrgOrd": serial})


def presettled(seq: int, serial: str, number: str) -> dict[str, Any]:
    return about(seq, "6202", number, sent={"orgBizSer": serial})


def confirmed(number: str) -> dict[str, Any]:
    return acted(9, "confirm", [moved("PAY", 3160)]) | {"keys": {"payOrdId": number}}


TABLE: list[Case] = [
    ("each its own", "crowd.own_payments", {}, told(("paid", [NUMBER]), ("not_paid", [SECOND])), "held"),
    ("the neighbour's", "crowd.own_payments", {}, told(("paid", [NUMBER]), ("paid", [NUMBER])), "broken"),
    ("one forgotten", "crowd.own_payments", {}, told(("paid", [NUMBER]), ("not_sent", [])), "broken"),
    (
        "a serial each",
        "crowd.serials_differ",
        {},
        told(("paid", [NUMBER]), ("paid", [SECOND]), uploaded(1, "M1", BUYER), uploaded(2, "M2", OTHER)),
        "held",
    ),
    (
        "one serial of 6201 for two",
        "crowd.serials_differ",
        {},
        told(("paid", [NUMBER]), ("paid", [SECOND]), uploaded(1, "M1", BUYER), uploaded(2, "M1", OTHER)),
        "broken",
    ),
    (
        "one serial of 6202 for two",
        "crowd.serials_differ",
        {},
        told(("paid", [NUMBER]), ("paid", [SECOND]), presettled(1, "B1", NUMBER), presettled(2, "B1", SECOND)),
        "broken",
    ),
    (
        "the same order asks again with its serial",
        "crowd.serials_differ",
        {},
        told(("paid", [NUMBER]), ("paid", [SECOND]), uploaded(1, "M1", BUYER), uploaded(2, "M1", BUYER)),
        "held",
    ),
    (
        "who confirmed is served, who hesitates is not missed",
        "crowd.all_served",
        {},
        told(("paid", [NUMBER]), ("cancelled", [SECOND]), confirmed(NUMBER)),
        "held",
    ),
    (
        "confirmed, and dropped",
        "crowd.all_served",
        {},
        told(("failed", [NUMBER]), ("cancelled", [SECOND]), confirmed(NUMBER)),
        "broken",
    ),
    ("nobody confirmed", "crowd.all_served", {}, told(("not_paid", [NUMBER]), ("not_paid", [SECOND])), "unseen"),
]


@pytest.mark.parametrize("case", TABLE, ids=[f"{case[1]}: {case[0]}" for case in TABLE])
def test_a_crowd_is_judged_as_the_table_says(case: Case) -> None:
    assert fate(case) == case[4]
