"""Is the platform itself right? What fails here is the suite's own fault and voids what was judged on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence, Line
from conformance.findings import Both
from conformance.oracle.amounts import centre_identities, counter_identities, fen_of, parts
from conformance.oracle.books import imbalances, unmirrored
from conformance.oracle.pool import pool_faults
from conformance.oracle.settlement import fund_misses

Json = Mapping[str, Any]

BENT = frozenset(
    {"altered_amount", "forged_notice", "foreign_answer", "missing_field", "wrong_type", "replayed_answer"}
)
"""Faults by which the platform says what is not so, on purpose."""


def audit(evidence: Evidence) -> list[Both]:
    """Everything in which the platform contradicts the oracle or itself."""
    return [*_errors(evidence), *_books(evidence.record), *_pool(evidence.record), *_answers(evidence)]


def _errors(evidence: Evidence) -> Iterator[Both]:
    for line in evidence.lines():
        if line.raw.get("error"):
            text = f"#{line.seq} {line.code}: {line.raw['error']}"
            yield Both(f"平台自身出错 {text}", f"the platform failed on its own account: {text}")


def _books(record: Json) -> Iterator[Both]:
    for transfer_id in imbalances(record["transfers"]):
        yield Both(f"转账{transfer_id}借贷不平", f"transfer {transfer_id} does not sum to zero")
    for transfer_id in unmirrored(record["transfers"], record["settlements"]):
        yield Both(f"退回{transfer_id}与原支付不对称", f"BACK {transfer_id} does not mirror its PAY")
    balances: dict[str, int] = {}
    for move in record["transfers"]:
        for posting in move["postings"]:
            balances[posting["account"]] = balances.get(posting["account"], 0) + int(posting["fen"])
    for account in sorted(balances.keys() | record["accounts"].keys()):
        if balances.get(account, 0) != record["accounts"].get(account, 0):
            yield Both(f"账户{account}余额与流水不符", f"balance of {account} differs from its postings")


def _pool(record: Json) -> Iterator[Both]:
    for missed in pool_faults(record):
        yield Both(f"统筹基金支付不符：{missed}", f"the pooled fund paid something else: {missed}")


def _answers(evidence: Evidence) -> Iterator[Both]:
    drugs: Json = evidence.record["drugs"]
    for line in evidence.lines():
        if line.fault in BENT or not line.accepted:
            continue
        for missed in _missed(line, drugs):
            yield Both(
                f"#{line.seq} {line.code}金额不符：{missed}", f"#{line.seq} {line.code} does not add up: {missed}"
            )


def _missed(line: Line, drugs: Json) -> Iterator[str]:
    if line.code in ("6202", "6301"):
        yield from centre_identities(line.raw.get("answer") or {})
    elif line.code == "6302":
        yield from centre_identities(line.raw.get("request") or {})
    elif line.code in ("2101", "2102", "2103", "2206", "2207", "2208"):
        answer = line.raw.get("answer") or {}
        yield from counter_identities(answer.get("setlinfo") or {})
        yield from fund_misses(answer)
        yield from _cut(line, answer.get("detlcutinfo") or [], drugs)


def _cut(line: Line, rows: list[Json], drugs: Json) -> Iterator[str]:
    codes = {str(row["feedetl_sn"]): str(row["med_list_codg"]) for row in line.rows("drugdetail")}
    for row in rows:
        drug = drugs.get(codes.get(str(row["feedetl_sn"]), ""))
        due = parts(drug, str(row["cnt"]), str(row["pric"])) if drug else None
        if due is None:
            continue
        told = tuple(
            fen_of(row, name) for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
        )
        expected = (due.fulamt_fen, due.overlmt_fen, due.preself_fen, due.inscp_fen)
        if told != expected:
            yield f"feedetl_sn {row['feedetl_sn']}: {told} != {expected}"
