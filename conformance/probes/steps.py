"""Rules of the order of steps and of what may be sold."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading import by_order, shop_orders, truth
from conformance.sight import on_the_wire

Json = Mapping[str, Any]


@on_the_wire
def identified_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Before a bill is sent for a person, 1101 has said who that person is."""
    known: dict[str, int] = {}
    for line in evidence.calls("1101", "6201", "2102"):
        if line.code == "1101":
            if line.accepted and line.heard:
                known.setdefault(line.answered("psn_no"), line.seq)
            continue
        buyer = line.sent("psnNo") or line.sent("psn_no")
        if buyer in known:
            yield Held((known[buyer], line.seq))
        else:
            yield Broken(
                Both("先用1101取得人员信息", "1101 first"),
                Both(f"{line.code}之前没有成功的1101", f"no successful 1101 before {line.code}"),
                (line.seq,),
            )


def priced_once(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """On a day on which nothing goes wrong, one 6202 of each pay order is answered with its split, and no more are."""
    for number, lines in by_order(evidence.calls("6202")):
        priced = [line for line in lines if line.heard and line.accepted]
        if len(priced) == 1:
            yield Held((priced[0].seq,))
        elif priced:
            yield Broken(
                Both("拆分已定，等待买方确认", "the split stands, and the buyer is waited for"),
                Both(f"对{number}又下单{len(priced) - 1}次", f"{number} was placed {len(priced) - 1} times more"),
                tuple(line.seq for line in priced),
            )


def keeps_barred_goods_out(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A basket with a drug that may not be sold online never reaches the pay centre."""
    barred = set(evidence.facts.get("barred", ()))
    for asked in evidence.asked("perform", "place_order"):
        inside = barred.intersection(str(line["med_list_codg"]) for line in asked.raw["body"]["lines"])
        if not inside:
            continue
        sent = [
            line
            for line in evidence.calls("6201")
            if any(str(row.get("medListCodg")) in inside for row in line.rows("feedetailList"))
        ]
        if sent:
            yield Broken(
                Both("渠道自行拦下该商品", "the channel stops it by itself"),
                Both(f"{'、'.join(sorted(inside))}被上传", f"{', '.join(sorted(inside))} was uploaded"),
                tuple(line.seq for line in sent),
            )
        else:
            yield Held()


def paid_at_most_once(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A shop order never has two payments standing at the same time."""
    for order in shop_orders(evidence):
        standing = max(truth(evidence, moment, order.name).live for moment in evidence.record["moments"])
        if standing > 1:
            yield Broken(
                Both("一张店铺订单至多一笔成立的支付", "at most one standing payment for a shop order"),
                Both(f"同时有{standing}笔", f"{standing} at the same time"),
                tuple(line.seq for line in evidence.calls("6202", "2102")),
            )
        elif truth(evidence, "quiescent", order.name).pays:
            yield Held()


def one_live_order(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A new pay order is opened for a shop order only after the earlier one is dead."""
    for order in shop_orders(evidence):
        numbers = {
            line.sent("medOrgOrd"): line.seq for line in evidence.calls("6201") if line.sent("psnNo") == order.psn_no
        }
        states = {
            str(row["med_org_ord"]): str(row["ord_stas"])
            for row in evidence.record["orders"]
            if row["psn_no"] == order.psn_no
        }
        live = [number for number in numbers if states.get(number, "12") not in ("7", "12", "13", "15")]
        if len(live) > 1:
            yield Broken(
                Both("前一笔未了结时不开新的支付订单", "no second pay order while the first is alive"),
                Both(f"同时有{'、'.join(live)}", f"{', '.join(live)} are alive together"),
                tuple(numbers[number] for number in live),
            )
        elif numbers:
            yield Held(tuple(numbers.values()))
