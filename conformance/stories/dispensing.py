"""Stories of goods: scanned and handed over, refused, short, taken back, sold again."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

MADE, EXPIRES = "2025-01-10", "2027-01-09"
_BACK = frozenset({"refunded", "manual_review", "partly_refunded"})
_SPLIT_FROM = 5
"""House: so many units of one line are sold out of an opened pack, under its one code."""


def hand_over(stage: Stage, params: Json) -> None:
    """Goods are scanned before the order is paid, then in full, and the shop presses the button twice."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    packs = packs_for(stage, order)
    dispense(stage, order, packs)
    _pay(stage, order)
    dispense(stage, order, packs)
    dispense(stage, order, packs)
    stage.take_beliefs("after_hand_over")


def hand_over_what_the_till_sold(stage: Stage, params: Json) -> None:
    """The shop's own till sold one of the packs before, which the channel cannot know; then another pack is scanned."""
    order = shopping.buy(stage, params)
    packs, fact = packs_for(stage, order), stage.facts["orders"][order]
    gone, line, other = packs[0], fact["lines"][0], stage.cast.people[params["other_buyer"]]
    stage.act(
        "/world", change="till_sale", fixmedins_code=fact["org"], psn_no=other["psn_no"],
        med_list_codg=gone["med_list_codg"], cnt=gone["cnt"], pric=line["pric"], trace_codes=gone["trace_codes"],
    )  # fmt: skip
    dispense(stage, order, packs)
    dispense(stage, order, [packs_for(stage, order, batch="B2")[0], *packs[1:]])


def refuse(stage: Stage, params: Json) -> None:
    """Paid, and the shop refuses; somebody at the counter scans the goods all the same."""
    order = shopping.buy(stage, params)
    stage.perform("refuse_by_shop", order, reason=params.get("reason", "closed"))
    dispense(stage, order, packs_for(stage, order))
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refusal")
    dispense(stage, order, packs_for(stage, order))


def run_short(stage: Stage, params: Json) -> None:
    """One of two drugs is not there: sent without it, then given back whole, then the rest is ordered anew."""
    order = shopping.buy(stage, params)
    first, second = packs_for(stage, order)
    dispense(stage, order, [first])
    stage.perform("out_of_stock", order, missing=[second["med_list_codg"]])
    stage.let_work(order, until=_BACK)
    stage.take_beliefs("after_refund")
    rest = shopping.buy(stage, {**params, "basket": params["rest"]}, name="A2")
    dispense(stage, rest, packs_for(stage, rest, batch="B2"))


def lose_report(stage: Stage, params: Json) -> None:
    """The answer of the report is lost; the shop tries again later."""
    order = shopping.buy(stage, params)
    packs = packs_for(stage, order)
    dispense(stage, order, packs)
    dispense(stage, order, packs)


def scan_by_date(stage: Stage, params: Json) -> None:
    """Goods that nobody scanned, then scanned ones, the second drug being old stock without codes."""
    stage.facts["scan_due"] = bool(params["due"])
    order = shopping.buy(stage, params)
    packs = packs_for(stage, order)
    dispense(stage, order, [{**pack, "trace_codes": []} for pack in packs])
    if params["due"]:
        dispense(stage, order, [packs[0], *({**pack, "trace_codes": [], "no_code": True} for pack in packs[1:])])


def bring_back(stage: Stage, params: Json) -> None:
    """Handed over, cancelled on the road: said to come back, then really back."""
    order = shopping.buy(stage, params)
    dispense(stage, order, packs_for(stage, order))
    stage.perform("cancel", order)
    stage.let_work(order, until=_BACK)
    stage.perform("take_back", order, received=False)
    stage.perform("take_back", order, received=True)
    stage.take_beliefs("after_return")


def sell_again(stage: Stage, params: Json) -> None:
    """A pack that is sold, and then came back from a buyer's hands, is scanned for another buyer."""
    order = shopping.buy(stage, params)
    packs = packs_for(stage, order)
    dispense(stage, order, packs)
    other = shopping.buy(stage, params, name="B1", buyer=params["other_buyer"])
    dispense(stage, other, packs)
    stage.perform("refund", order, reason="quality")
    stage.let_work(order, until=_BACK)
    stage.perform("take_back", order, received=True, delivered=True)
    dispense(stage, other, packs)
    dispense(stage, other, packs_for(stage, other, batch="B2"))


def packs_for(stage: Stage, order: str, *, batch: str = "B1") -> list[dict[str, Any]]:
    """The goods of an order as the shop scans them: one code a pack, or that of the opened one."""
    packs: list[dict[str, Any]] = []
    for number, line in enumerate(stage.facts["orders"][order]["lines"], 1):
        cnt = int(line["cnt"])
        pack = {
            "med_list_codg": line["med_list_codg"], "cnt": line["cnt"], "batch": f"{order}{batch}{number}",
            "made": MADE, "expires": EXPIRES,
        }  # fmt: skip
        codes = [_code(order, batch, number, each) for each in range(1 if cnt >= _SPLIT_FROM else cnt)]
        packs.append({**pack, "trace_codes": codes, **({"split": True} if cnt >= _SPLIT_FROM else {})})
    return packs


def _code(order: str, batch: str, number: int, each: int) -> str:
    """Twenty digits that begin with 8, different for every pack (coding 3)."""
    place = int.from_bytes(f"{order}{batch}".encode())
    return f"8990001{place % 10**10:010d}{number}{each:02d}"


def dispense(stage: Stage, order: str, packs: Sequence[Json]) -> None:
    """The shop hands over what it scanned, and the books of that moment are kept."""
    stage.perform("dispense", order, packs=[dict(pack) for pack in packs])
    stage.snapshot(f"dispense {len(stage.moments)}", dispense_of=order)


def _pay(stage: Stage, order: str) -> None:
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=frozenset({"paid", "failed", "manual_review"}))
