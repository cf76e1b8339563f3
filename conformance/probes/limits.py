"""Rules of baskets: limits per person and day, prices as charged, codes scanned at the till."""

from collections.abc import Iterator
from decimal import Decimal

from conformance.evidence import Asked, Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import shop_orders
from conformance.probes.reading_goods import Json, counted, window

DEAD = ("7", "12", "13", "15")


def within_the_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A basket that would take a person above the limit of the day is never uploaded."""
    bought: dict[tuple[str, str, str], Decimal] = {}
    for asked, since in window(evidence, "place_order"):
        limits = {
            line["med_list_codg"]: int(line["day_limit"]) for line in asked.raw["body"]["lines"] if "day_limit" in line
        }
        sent = [line for line in _within(evidence, asked, since, "6201") if line.accepted]
        for drug, cnt in counted(asked.raw["body"]["lines"]).items():
            key = (asked.raw["body"]["user"], _day(evidence, asked), drug)
            wanted = bought.get(key, Decimal(0)) + cnt
            if sent and drug in limits and wanted > limits[drug]:
                yield Broken(
                    Both(f"每人每日至多{limits[drug]}", f"at most {limits[drug]} for one person and day"),
                    Both(f"上传后为{wanted}", f"{wanted} with this upload"),
                    tuple(line.seq for line in sent),
                )
            elif drug in limits:
                yield Held(tuple(line.seq for line in sent))
            if _alive(evidence, sent):
                bought[key] = wanted


def free_next_day(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What was bought yesterday does not count today."""
    for asked, since in window(evidence, "place_order"):
        if asked.order != evidence.facts["next_day"]:
            continue
        if asked.kind == "refused" and not _within(evidence, asked, since):
            yield Broken(Both("次日可以购买", "sold on the next day"), Both("被拦下", "it was held back"))
        elif _within(evidence, asked, since, "6201"):
            yield Held()


def price_as_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Each fee line has the price the shop charged."""
    for order in shop_orders(evidence):
        prices = {str(line["med_list_codg"]): str(line["pric"]) for line in order.lines}
        for line in evidence.calls("6201"):
            if line.sent("psnNo") != order.psn_no:
                continue
            for row in line.rows("feedetailList"):
                told, due = str(row.get("pric")), prices.get(str(row.get("medListCodg")))
                if due is None or Decimal(told) == Decimal(due):
                    yield Held((line.seq,))
                else:
                    yield Broken(
                        Both(f"单价{due}", f"a price of {due}"), Both(f"上传{told}", f"{told} uploaded"), (line.seq,)
                    )


def codes_of_the_till(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """2102 carries every code the till scanned, under the line it belongs to."""
    for asked, since in window(evidence, "counter_sale"):
        wanted = [sorted(line.get("trace_codes", ())) for line in asked.raw["body"]["lines"]]
        for sale in _within(evidence, asked, since, "2102"):
            if not any(wanted):
                continue
            told = [_of_line(sale, row) for row in sale.rows("drugdetail")]
            if sorted(told) == sorted(wanted):
                yield Held((sale.seq,))
            else:
                yield Broken(
                    Both(f"追溯码{wanted}", f"codes {wanted}"),
                    Both(f"2102带{told}", f"2102 carries {told}"),
                    (sale.seq,),
                )


def unscanned_stay(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A basket of which a pack was not scanned is not settled."""
    for asked, since in window(evidence, "counter_sale"):
        lines = asked.raw["body"]["lines"]
        if all(len(line.get("trace_codes", ())) == Decimal(line["cnt"]) for line in lines if "trace_codes" in line):
            continue
        sent = _within(evidence, asked, since, "2102")
        if sent:
            yield Broken(
                Both("未扫全不结算", "no settlement without every scan"),
                Both("发送了2102", "2102 was sent"),
                tuple(line.seq for line in sent),
            )
        else:
            yield Held()


def _of_line(sale: Line, row: Json) -> list[str]:
    """Codes of a fee line, wherever the dialect lets them stand."""
    own = [*(row.get("durg_trac_info") or ()), *(row.get("drug_trac_info") or ())]
    beside = [*sale.rows("durg_trac_info"), *sale.rows("drug_trac_info")]
    own += [one for one in beside if one.get("feedetl_sn") == row.get("feedetl_sn")]
    return sorted(str(one.get("drug_trac_codg")) for one in own)


def _within(evidence: Evidence, asked: Asked, since: int, *codes: str) -> list[Line]:
    """What was sent of these codes (of any when none is named) while the channel was asked."""
    return [line for line in evidence.calls(*codes) if since < line.seq <= asked.after_seq]


def _alive(evidence: Evidence, sent: list[Line]) -> bool:
    numbers = {line.answered("payOrdId") for line in sent}
    return any(row["pay_ord_id"] in numbers and str(row["ord_stas"]) not in DEAD for row in evidence.record["orders"])


def _day(evidence: Evidence, asked: Asked) -> str:
    """The platform's day: from its own lines, else counted from the first thing asked."""
    day_ms, beijing_ms = 86_400_000, 8 * 3_600_000
    return str((int(asked.raw["at_ms"]) + beijing_ms) // day_ms)
