"""The pooled fund over a whole record: deductible, share and cap of each purchase, from the rules and what came before.

The order of events is that of the ledger: a PAY or HOLD uses the year up, a BACK or RELEASE gives it back.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from conformance.oracle.amounts import yuan_fen

Json = Mapping[str, Any]


def pool_faults(record: Json) -> Iterator[str]:
    """Where a settlement's fund share is not what the city's rule makes of it; silent without rules in the record."""
    rules = (record.get("platform") or {}).get("rules") or {}
    benefits = {str(one["fund_pay_type"]): one for one in rules.get("benefits") or ()}
    used: dict[tuple[str, str, str], tuple[int, int]] = {}
    for sign, settlement in _events(record):
        part = settlement["split"].get("pooled")
        if not part or str(part["fund_pay_type"]) not in benefits:
            continue
        key = (str(settlement["psn_no"]), str(part["year"]), str(part["fund_pay_type"]))
        borne, paid = used.get(key, (0, 0))
        if sign > 0:
            yield from _missed(settlement, part, benefits[key[2]], borne, paid)
        used[key] = (borne + sign * int(part["dedc_fen"]), paid + sign * int(part["fund_fen"]))


def _missed(settlement: Json, part: Json, rule: Json, borne: int, paid: int) -> Iterator[str]:
    scope = sum(int(line["inscp_scp_fen"]) for line in settlement["split"]["lines"])
    dedc = min(scope, max(int(rule["deductible_fen"]) - borne, 0))
    share = yuan_fen(Decimal((scope - dedc) * int(rule["ratio_bp"])) / 1_000_000)
    due = (dedc, min(share, max(int(rule["cap_fen"]) - paid, 0)))
    told = (int(part["dedc_fen"]), int(part["fund_fen"]))
    if told != due:
        yield f"setl_id {settlement['setl_id']}: deductible and fund {told} != {due} fen"


def _events(record: Json) -> Iterator[tuple[int, Json]]:
    """Every use of the year and its return, in the order of the ledger."""
    made = {str(row["transfer_id"]): row for row in record["settlements"] if int(row["sign"]) > 0}
    by_ref = {_ref(row): row for row in made.values()}
    held: set[str] = set()
    for move in record["transfers"]:
        kind, ref = str(move["kind"]), str(move["ref"])
        settlement = made.get(str(move["transfer_id"])) or by_ref.get(ref)
        if settlement is None:
            continue
        if kind == "HOLD":
            held.add(ref)
        if kind in ("HOLD", "BACK", "RELEASE") or (kind == "PAY" and ref not in held):
            yield (-1 if kind in ("BACK", "RELEASE") else 1), settlement


def _ref(settlement: Json) -> str:
    """What PAY and BACK of a settlement are booked under: payOrdId of an order, setl_id of a sale in the shop."""
    return str(settlement["medins_setl_id"] if settlement["origin"] == "centre" else settlement["setl_id"])
