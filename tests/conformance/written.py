"""Evidence written by hand, as short as the case allows: one buyer, one shop order, the lines that matter."""

from typing import Any

from conformance.catalogue import probe
from conformance.evidence import Evidence
from conformance.findings import Broken

BUYER, OTHER = "P1", "P2"
NUMBER, SECOND = "ORD1", "ORD2"
DRUG = "ZA01BAG9001010199001"
BASKET = [{"med_list_codg": DRUG, "cnt": "2", "pric": "15.80"}]
"""31.60 yuan."""


def said(seq: int, code: str, *, at_ms: int = 0, fault: str = "", rule: str = "", **more: Any) -> dict[str, Any]:
    """A message of the channel. ``sent`` and ``told`` are its data and the answer's; a lost one is silent."""
    sent, told = more.pop("sent", {}), more.pop("told", {})
    silent = fault.startswith("no_answer")
    surface = "institution" if code[:1] in "1 9 2".split() and not code.startswith("23") else "pay_centre"
    surface = "cash" if code.startswith("cash.") else "evoucher" if code.startswith("house") else surface
    return {
        "seq": seq,
        "at_ms": at_ms,
        "at": "2026-03-02 09:30:00.000",
        "direction": "in",
        "surface": surface,
        "code": code,
        "path": "/p",
        "msgid": more.pop("msgid", ""),
        "org": "O1",
        "keys": {},
        "request": sent,
        "answer": told or None,
        "outcome": "silent" if silent else "refused" if rule else "ok",
        "kept": not rule and fault != "no_answer_before_commit" and fault != "http_status",
        "refusal": {"rule": rule, "stage": "handle", "field": "", "zh": "拒绝", "en": "refused"} if rule else None,
        "error": "",
        "fault": {"id": "F1", "name": fault, "place": "answer"} if fault else None,
        "effect": more.pop("effect", []),
        "sealed": True,
        "notes": [],
        **more,
    }


def about(seq: int, code: str, number: str = NUMBER, **more: Any) -> dict[str, Any]:
    """A message about a pay order."""
    return said(seq, code, sent={"payOrdId": number, **more.pop("sent", {})}, **more)


def noticed(seq: int, number: str = NUMBER, *, outcome: str = "ok", fault: str = "") -> dict[str, Any]:
    """A notice at the channel's inbox and how it answered."""
    return {
        "seq": seq,
        "at_ms": 0,
        "direction": "out",
        "surface": "notice",
        "code": "6302",
        "keys": {"payOrdId": number},
        "request": {"payOrdId": number},
        "answer": {"success": outcome == "ok"},
        "outcome": outcome,
        "refusal": None,
        "fault": {"id": "F1", "name": fault, "place": "notice"} if fault else None,
        "effect": [],
        "status": 200,
        "notes": [],
    }


def acted(seq: int, code: str, effect: list[dict[str, Any]]) -> dict[str, Any]:
    """Something the person did."""
    return {
        "seq": seq,
        "at_ms": 0,
        "direction": "act",
        "surface": "person",
        "code": code,
        "keys": {},
        "request": {},
        "answer": {},
        "outcome": "ok",
        "refusal": None,
        "effect": effect,
    }


def moved(kind: str, fen: int, *, ref: str = NUMBER, buyer: str = BUYER, transfer_id: str = "T1") -> dict[str, Any]:
    """A transfer between the buyer's account and the shop; PAY takes, BACK gives."""
    taken = -fen if kind in ("PAY", "HOLD") else fen
    other = "suspense" if kind == "HOLD" else "due:O1"
    postings = [{"account": f"own:{buyer}", "fen": taken}, {"account": other, "fen": -taken}]
    return {"transfer_id": transfer_id, "kind": kind, "ref": ref, "at_ms": 0, "postings": postings}


def order_row(number: str = NUMBER, *, stas: str = "6", buyer: str = BUYER, med_org_ord: str = "M1") -> dict[str, Any]:
    """A pay order in the platform's books."""
    return {"pay_ord_id": number, "ord_stas": stas, "psn_no": buyer, "med_org_ord": med_org_ord}


def sale_row(setl_id: str = "S1", *, buyer: str = BUYER) -> dict[str, Any]:
    """A settlement at the counter."""
    return {"setl_id": setl_id, "psn_no": buyer, "refers_to": ""}


def desk_row(cash_fen: int, freight_fen: int = 0, *, back: tuple[tuple[str, int], ...] = ()) -> dict[str, Any]:
    """A paid cash order, with what went back of each part."""
    refunds = [{"refund_no": f"R{n}", "part": part, "fen": fen, "at_ms": 0} for n, (part, fen) in enumerate(back)]
    return {
        "pay_ord_id": NUMBER,
        "cash_fen": cash_fen,
        "freight_fen": freight_fen,
        "state": "paid",
        "refunds": refunds,
    }


def shop_order(buyer: str = BUYER, **more: Any) -> dict[str, Any]:
    """An order of the story."""
    return {"psn_no": buyer, "psn_name": "测试甲", "lines": BASKET, "delivery_fen": 0, "packing_fen": 0, **more}


def belief(state: str, *, order: str = "A1", moment: str = "quiescent", **more: Any) -> dict[str, Any]:
    """What the channel says it believes."""
    return {
        "moment": moment,
        "order": order,
        "state": state,
        "account_fen": 0,
        "fund_fen": 0,
        "cash_fen": 0,
        "total_fen": 3160,
        "delivery_fen": 0,
        "may_ship": False,
        "shown_zh": "处理中",
        "pay_ord_ids": [],
        "attempts": 1,
        **more,
    }


def asked(verb: str, answer: dict[str, Any], *, after_seq: int = 0, **body: Any) -> dict[str, Any]:
    """One question of the suite."""
    return {"at_ms": 0, "after_seq": after_seq, "verb": verb, "body": body, "answer": answer}


def books(**rows: Any) -> dict[str, Any]:
    """The platform's books at a moment."""
    empty: dict[str, Any] = {"orders": [], "settlements": [], "cash": [], "transfers": []}
    return {"at_ms": 0, "after_seq": 99, **empty, **rows}


def evidence(*lines: dict[str, Any], **more: Any) -> Evidence:
    """A record with these journal lines; ``rows`` are the platform's books at the end and at every moment."""
    rows = more.pop("rows", {})
    end = books(**rows)
    beliefs = more.pop("beliefs", [])
    moments = {row["moment"]: end for row in beliefs} | {"quiescent": end} | more.pop("moments", {})
    facts = {"orders": {"A1": shop_order()}, "subject": "A1", **more.pop("facts", {})}
    record = {
        "scenario": "written",
        "seed": 1,
        "city": "beijing",
        "room": "r",
        "facts": facts,
        "hello": {},
        "driver": more.pop("driver", []),
        "journal": list(lines),
        "transfers": end["transfers"],
        "accounts": {},
        "orders": end["orders"],
        "settlements": end["settlements"],
        "cash": end["cash"],
        "drugs": {},
        "beliefs": beliefs,
        "moments": moments,
        "listing": {},
        "capabilities": [],
        "platform": {},
        "faults_of_suite": [],
        **more,
    }
    return Evidence(record)


Case = tuple[str, str, dict[str, Any], Evidence, str]
"""What is shown, the probe, its params, the evidence, and the fate: ``held``, ``broken`` or ``unseen``."""


def fate(case: Case) -> str:
    """What the probe makes of the evidence; a finding that says nothing in one of the languages is a mistake."""
    _, name, params, record, _ = case
    findings = list(probe(name)(record, params))
    broken = [finding for finding in findings if isinstance(finding, Broken)]
    assert all(word for finding in broken for word in (*finding.expected, *finding.actual))
    return "broken" if broken else "held" if findings else "unseen"
