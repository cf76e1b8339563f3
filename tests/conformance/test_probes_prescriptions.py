"""Probes of a prescription's way through a pharmacy."""

from typing import Any

import pytest

from conformance.evidence import Evidence
from tests.conformance.written import DRUG, Case, asked, evidence, fate, said, shop_order

LOST = "no_answer_after_commit"
RX = "RX1"


def played(*lines: dict[str, Any], driver: list[dict[str, Any]] | None = None, packs: str = "2") -> Evidence:
    prescribed = [{"med_list_codg": DRUG, "cnt": packs}]
    order = {**shop_order(), "prescription": {"hi_rxno": RX, "auth_circ_biz_sn": "AC1"}, "prescribed": prescribed}
    return evidence(*lines, driver=driver or [], facts={"orders": {"A1": order}})


def reviewed(seq: int, verdict: str = "1", **more: Any) -> dict[str, Any]:
    sent = {"hiRxno": RX, "rxChkStasCodg": verdict, "rxSignVerifySn": more.pop("serial", "SV1")}
    return said(seq, "7206", sent=sent, told={"rxChkBizSn": "RC1"}, **more)


def uploaded(seq: int) -> dict[str, Any]:
    return said(seq, "6201", sent={"feedetailList": [{"medListCodg": DRUG, "rxno": RX}]})


def verified(seq: int, serial: str = "SV1", **more: Any) -> dict[str, Any]:
    return said(seq, "7205", sent={"hiRxno": RX}, told={"rxSignVerifySn": serial}, **more)


def sold(seq: int, serial: str = "RC1", **more: Any) -> dict[str, Any]:
    return said(seq, "7207", sent={"hiRxno": RX, "rxChkBizSn": serial}, told={"selStooutSn": "SO1"}, **more)


def courier(seq: int, status: str, **more: Any) -> dict[str, Any]:
    return said(seq, "7209", sent={"hiRxno": RX, "delvStasCodg": status}, told={"flag": True}, **more)


def task(name: str, after_seq: int, kind: str = "ok", **body: Any) -> dict[str, Any]:
    told = {"order": "A1", "state": "paid"} if kind == "ok" else {"reason_zh": "否", "reason_en": "no"}
    return asked("perform", {kind: told}, after_seq=after_seq, task=name, order="A1", **body)


PAID = said(2, "6301", sent={"payOrdId": "ORD1"}, told={"ordStas": "6"})
UNPAID = said(2, "6301", sent={"payOrdId": "ORD1"}, told={"ordStas": "1"})
FIRST, STOPS, ORIGINAL = "prescriptions.reviewed_first", "prescriptions.refusal_stops", "prescriptions.verified_first"
WITHIN, REPORTED = "prescriptions.stays_within", "prescriptions.dispensing_reported"
WHEN_PAID, CLEARED = "prescriptions.dispensed_when_paid", "prescriptions.lost_dispensing_cleared"
COURIER = "prescriptions.courier_told"

TABLE: list[Case] = [
    ("reviewed, then uploaded", FIRST, {}, played(reviewed(1), uploaded(2)), "held"),
    ("uploaded, then reviewed", FIRST, {}, played(uploaded(1), reviewed(2)), "broken"),
    ("uploaded after a refusal", FIRST, {}, played(reviewed(1, "0"), uploaded(2)), "broken"),
    ("uploaded on a review nobody heard of", FIRST, {}, played(reviewed(1, fault=LOST), uploaded(2)), "broken"),
    ("refused and left", STOPS, {}, played(reviewed(1, "0")), "held"),
    ("refused and sold", STOPS, {}, played(reviewed(1, "0"), uploaded(2)), "broken"),
    ("passed is another matter", STOPS, {}, played(reviewed(1), uploaded(2)), "unseen"),
    ("verified first", ORIGINAL, {}, played(verified(1), reviewed(2)), "held"),
    ("verified another", ORIGINAL, {}, played(verified(1, "SV2"), reviewed(2)), "broken"),
    ("verified too late", ORIGINAL, {}, played(reviewed(1), verified(2)), "broken"),
    ("beyond it and stopped", WITHIN, {}, played(said(1, "7204"), packs="1"), "held"),
    ("beyond it and uploaded", WITHIN, {}, played(said(1, "7204"), uploaded(2), packs="1"), "broken"),
    ("within it", WITHIN, {}, played(said(1, "7204"), uploaded(2)), "unseen"),
    ("told before it left", REPORTED, {}, played(reviewed(1), sold(2), driver=[task("ship", 2)]), "held"),
    ("told after it left", REPORTED, {}, played(reviewed(1), sold(3), driver=[task("ship", 2)]), "broken"),
    ("told under no review", REPORTED, {}, played(reviewed(1), sold(2, "RC0"), driver=[task("ship", 2)]), "broken"),
    ("not handed out", REPORTED, {}, played(reviewed(1), driver=[task("ship", 2, "refused")]), "unseen"),
    ("dispensed when paid", WHEN_PAID, {}, played(PAID, sold(3)), "held"),
    ("dispensed unpaid", WHEN_PAID, {}, played(UNPAID, sold(3)), "broken"),
    ("dispensed before asking", WHEN_PAID, {}, played(sold(1), PAID), "broken"),
    ("withdrawn and told again", CLEARED, {}, played(sold(1, fault=LOST), said(2, "7208"), sold(3)), "held"),
    ("lost and left", CLEARED, {}, played(sold(1, fault=LOST)), "broken"),
    ("withdrawn and left", CLEARED, {}, played(sold(1, fault=LOST), said(2, "7208")), "broken"),
    ("nothing was lost", CLEARED, {}, played(sold(1)), "unseen"),
    ("a step is told", COURIER, {}, played(courier(1, "1"), driver=[task("deliver", 1, delv_stas_codg="1")]), "held"),
    (
        "another is told",
        COURIER,
        {},
        played(courier(1, "1"), driver=[task("deliver", 1, delv_stas_codg="2")]),
        "broken",
    ),
    ("the receipt is told", COURIER, {}, played(said(1, "7210"), driver=[task("receive", 1)]), "held"),
    ("the receipt is not", COURIER, {}, played(driver=[task("receive", 1)]), "broken"),
]


@pytest.mark.parametrize("case", TABLE, ids=[case[0] for case in TABLE])
def test_a_probe_finds_what_the_record_holds(case: Case) -> None:
    assert fate(case) == case[4]
