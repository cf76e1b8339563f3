"""Stories of what a shop takes in and what it calls its goods, and of baskets that meet a limit."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import HOUR_MS, Stage

Json = Mapping[str, Any]

BOUGHT: Json = {
    "supplier": "测试医药批发有限公司", "maker": "测试制药有限公司", "aprvno": "国药准字Z00000001",
    "price": "11.2500", "cnt": "100", "made": "2025-11-01", "expires": "2027-10-31", "rx_flag": "0",
}  # fmt: skip


def receive(stage: Stage, params: Json) -> None:
    """Two batches come in, one with dates the platform will not take; then the count of the first is corrected."""
    org, goods = _delivery(stage, params)
    wrong = {**goods[1], "expires": "2024-10-31"}
    _receive(stage, org, [goods[0], wrong])
    _receive(stage, org, [goods[1]])
    _receive(stage, org, [{**goods[0], "cnt": "90"}], corrects=[goods[0]["batch"]])


def lose_receipt(stage: Stage, params: Json) -> None:
    """A delivery is reported and the answer is lost (armed by the scenario)."""
    org, goods = _delivery(stage, params)
    _receive(stage, org, goods)


def _delivery(stage: Stage, params: Json) -> tuple[str, list[dict[str, Any]]]:
    org = str(stage.cast.shops[params.get("shop", "朝阳")]["fixmedins_code"])
    lines = stage.cast.lines(params["basket"])
    goods = [
        {
            **BOUGHT, "med_list_codg": line["med_list_codg"], "name": line["name"], "own_code": f"SKU{number}",
            "batch": f"IN{number}", "lot": f"L{number}",
        }
        for number, line in enumerate(lines, 1)
    ]  # fmt: skip
    return org, goods


def _receive(stage: Stage, org: str, goods: list[dict[str, Any]], **more: Any) -> None:
    stage.ask("perform", {"task": "receive_stock", "org": org, "goods": goods, **more})


def sell_under_own_code(stage: Stage, params: Json) -> None:
    """A drug under the shop's own code: ordered before it is mapped, then mapped, then ordered; a second mapping of
    the same code to another drug is refused."""
    order = shopping.open_order(stage, params)
    fact = stage.facts["orders"][order]
    line = fact["lines"][0]
    line["own_code"] = "SKU1"
    shopping.consent(stage, order)
    shopping.place(stage, order)
    _map(stage, fact["org"], "SKU1", line)
    _map(stage, fact["org"], "SKU1", stage.cast.lines(params["other"])[0])
    again = _order_like(stage, params, "A2", params["other_buyer"])
    stage.facts["orders"][again]["lines"][0]["own_code"] = "SKU1"
    shopping.consent(stage, again)
    shopping.place(stage, again)
    mistaken = _order_like(stage, {**params, "basket": params["other"]}, "A3", params["third_buyer"])
    stage.facts["orders"][mistaken]["lines"][0]["own_code"] = "SKU1"
    shopping.consent(stage, mistaken)
    shopping.place(stage, mistaken)


def _order_like(stage: Stage, params: Json, name: str, buyer: str) -> str:
    return shopping.open_order(stage, params, name=name, buyer=buyer)


def _map(stage: Stage, org: str, own_code: str, line: Json) -> None:
    stage.ask("perform", {
        "task": "map_drug", "org": org, "own_code": own_code, "name": line["name"],
        "med_list_codg": line["med_list_codg"],
    })  # fmt: skip


def buy_to_the_limit(stage: Stage, params: Json) -> None:
    """More than the limit in one basket, the limit spread over two lines too many, the limit itself, one more on the
    same day, and one on the next."""
    limit = int(params["limit"])
    _try(stage, params, "A1", [limit + 1])
    _try(stage, params, "A2", [limit, 1])
    _try(stage, params, "A3", [limit])
    _try(stage, params, "A4", [1])
    stage.advance(24 * HOUR_MS)
    stage.facts["next_day"] = "A5"
    _try(stage, params, "A5", [1])


def _try(stage: Stage, params: Json, name: str, counts: list[int]) -> None:
    order = shopping.open_order(stage, params, name=name)
    fact = stage.facts["orders"][order]
    line = {**fact["lines"][0], "day_limit": int(params["limit"])}
    fact["lines"] = [{**line, "cnt": str(cnt)} for cnt in counts]
    shopping.consent(stage, order)
    if shopping.place(stage, order):
        stage.let_work(order)
        shopping.confirm(stage, order)
        stage.deliver()
        stage.let_work(order, until=frozenset({"paid", "failed"}))


def scan_at_till(stage: Stage, params: Json) -> None:
    """At the counter: a basket of which one pack was not scanned, then the same with every code."""
    for number, scanned in enumerate((-1, 0), 1):
        order = shopping.open_order(stage, params, name=f"C{number}")
        fact = stage.facts["orders"][order]
        for place, line in enumerate(fact["lines"]):
            codes = [f"8990001{number:010d}{place}{each:02d}" for each in range(int(line["cnt"]))]
            line["trace_codes"] = codes[:scanned] if scanned else codes
        stage.perform(
            "counter_sale", order, org=fact["org"], lines=fact["lines"], acct_used_flag=fact["acct_used_flag"],
            certificate={"mdtrt_cert_type": "02", "mdtrt_cert_no": fact["certno"]},
        )  # fmt: skip
