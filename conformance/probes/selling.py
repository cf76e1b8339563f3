"""Rules of what is told about sold goods: once, at the price charged, under a payment that stands, and taken back
when they are."""

from collections.abc import Iterator
from decimal import Decimal

from conformance.evidence import Asked, Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading_goods import (
    RETURNS,
    Json,
    Reported,
    goods_of,
    hand_overs,
    reported,
    scanned_codes,
    window,
)
from conformance.sight import on_the_wire


@on_the_wire
def sold_once(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A whole pack has one sale that stands: its code is not reported again unless it came back in between."""
    sold: dict[str, Reported] = {}
    rows = sorted((*reported(evidence), *reported(evidence, RETURNS)), key=lambda one: one.line.seq)
    for row in rows:
        if not row.taken or row.split:
            continue
        for code in row.codes:
            if row.line.code in RETURNS:
                sold.pop(code, None)
            elif code in sold:
                yield Broken(
                    Both(f"追溯码{code}只有一条有效销售", f"one standing sale of {code}"),
                    Both("又上报了一次销售", "it was reported sold again"),
                    (sold[code].line.seq, row.line.seq),
                )
            else:
                sold[code] = row
                yield Held((row.line.seq,))


@on_the_wire
def asks_before_repeating(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a message of ``code`` without an answer, ``ask`` is heard before the same goods are reported again."""
    lines = evidence.calls(params["code"])
    for line in lines:
        if line.heard:
            continue
        goods = goods_of(line)
        again = next((later for later in lines if later.seq > line.seq and goods & goods_of(later)), None)
        asked = next((one for one in evidence.calls(params["ask"]) if _asks_about(one, line, goods)), None)
        if again and (asked is None or asked.seq > again.seq):
            yield Broken(
                Both(
                    f"先用{params['ask']}查询，再决定是否重报", f"{params['ask']} before {params['code']} is sent again"
                ),
                Both(f"直接重报{params['code']}", f"{params['code']} was sent again at once"),
                (line.seq, again.seq),
            )
        elif asked:
            yield Held((line.seq, asked.seq))


def _asks_about(asked: Line, lost: Line, goods: set[tuple[str, str]]) -> bool:
    """Heard after the loss, and about one of those batches or about all."""
    batch = asked.sent("fixmedins_bchno")
    return asked.seq > lost.seq and asked.heard and (not batch or batch in {one for _, one in goods})


def price_charged(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """``finl_trns_pric`` is the price the buyer was charged."""
    for one in hand_overs(evidence):
        prices = {str(line["med_list_codg"]): str(line["pric"]) for line in evidence.orders()[one.order]["lines"]}
        for row in one.rows(evidence):
            told, due = str(row.row.get("finl_trns_pric") or "0"), prices.get(row.drug, "0")
            if Decimal(told) == Decimal(due):
                yield Held((row.line.seq,))
            else:
                yield Broken(
                    Both(f"{row.drug}成交单价{due}", f"{row.drug} at {due}"),
                    Both(f"上报{told}", f"{told} was reported"),
                    (row.line.seq,),
                )


def insured_rows_stand(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """When nothing is due any more, each insured sale that was not taken back has a payment that stands."""
    live = {str(row["setl_id"]) for row in evidence.record["settlements"] if row.get("stas", "live") == "live"}
    back = [row for row in reported(evidence, RETURNS) if row.taken]
    for row in reported(evidence):
        if not row.taken or not row.setl_id:
            continue
        returned = sum((one.cnt for one in back if _same_sale(one, row)), Decimal(0)) >= row.cnt
        if row.setl_id in live or returned:
            yield Held((row.line.seq,))
        else:
            yield Broken(
                Both("已退款的销售用3506登记退货", "a refunded sale is taken back with 3506"),
                Both(f"{row.setl_id}已退款，{row.drug}仍为已售", f"{row.setl_id} is refunded, {row.drug} still sold"),
                (row.line.seq,),
            )


def nothing_for_dead_orders(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Once ``task`` was asked of an order, no sale of it is ever reported."""
    for asked, _ in window(evidence, params["task"]):
        wrong = [
            row for one in hand_overs(evidence) if one.order == asked.order for row in one.rows(evidence)
        ] or _of_refunded(evidence, asked)
        if wrong:
            yield Broken(
                Both("该订单不上报销售", "no sale of it is reported"),
                Both(f"上报了{len(wrong)}行", f"{len(wrong)} rows were reported"),
                tuple(row.line.seq for row in wrong),
            )
        else:
            yield Held()


def _of_refunded(evidence: Evidence, asked: Asked) -> list[Reported]:
    dead = {str(row["setl_id"]) for row in evidence.record["settlements"] if row.get("stas", "live") != "live"}
    return [row for row in reported(evidence) if row.setl_id in dead]


def back_only_when_back(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """While goods are still on the road, no 3506 is sent for them."""
    asks = list(window(evidence, "take_back"))
    first_back = next((since for asked, since in asks if asked.raw["body"]["received"]), None)
    for _, since in (one for one in asks if not one[0].raw["body"]["received"]):
        until = first_back if first_back is not None else 10**9
        early = [row for row in reported(evidence, RETURNS) if row.line.seq <= until]
        if early:
            yield Broken(
                Both("货品实际退回后才用3506登记", "3506 only once the goods are physically back"),
                Both("货品未到店就登记了退货", "a return was booked before they were"),
                tuple(row.line.seq for row in early),
            )
        else:
            yield Held((since,) if since else ())


def back_is_reported(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Goods that are back are taken back: every row of their sale, under its settlement, batch and codes."""
    for asked, _ in window(evidence, "take_back"):
        if not asked.raw["body"]["received"] or asked.kind == "unable":
            continue
        sold = [row for one in hand_overs(evidence) if one.order == asked.order for row in one.rows(evidence)]
        back = [row for row in reported(evidence, RETURNS) if row.taken]
        missing = [row for row in sold if row.taken and not any(_mirrors(one, row) for one in back)]
        if missing:
            yield Broken(
                Both(
                    "3506与原销售的结算、批次、数量、追溯码一致",
                    "3506 with settlement, batch, count and codes of the sale",
                ),
                Both(f"{len(missing)}行没有对应的退货", f"{len(missing)} rows have no such return"),
                tuple(row.line.seq for row in (*missing, *back)),
            )
        elif sold:
            yield Held(tuple(row.line.seq for row in back))


def _same_sale(back: Reported, sale: Reported) -> bool:
    return (back.drug, back.setl_id or sale.setl_id) == (sale.drug, sale.setl_id)


def _mirrors(back: Reported, sale: Reported) -> bool:
    same = (back.drug, back.batch, back.setl_id, back.cnt) == (sale.drug, sale.batch, sale.setl_id, sale.cnt)
    return same and sorted(back.codes) == sorted(sale.codes)


def used_pack_stays(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A pack that is ``sold`` to another buyer, or came ``back`` from a buyer's hands, does not leave."""
    quarantined: set[str] = set()
    sold: dict[str, str] = {}
    for asked in evidence.asked():
        if asked.task == "take_back" and asked.raw["body"].get("delivered") and asked.kind == "ok":
            quarantined |= {code for code, owner in sold.items() if owner == asked.order}
        if asked.task != "dispense":
            continue
        scanned = scanned_codes(asked.raw["body"]["packs"])
        others = {code for code, owner in sold.items() if owner != asked.order}
        tabu = quarantined if params["because"] == "back" else others - quarantined
        if scanned & tabu:
            yield _stays(evidence, asked, scanned & tabu)
        elif asked.kind == "ok":
            sold |= dict.fromkeys(scanned, asked.order)


def _stays(evidence: Evidence, asked: Asked, codes: set[str]) -> Finding:
    if asked.kind != "ok":
        return Held()
    named = ", ".join(sorted(codes))
    return Broken(
        Both(f"{named}不得再次售出", f"{named} is not sold again"),
        Both(f"为订单{asked.order}出库", f"it left for order {asked.order}"),
    )


def virtual_codes(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Old stock without codes is reported under codes of 3592B, one for each pack, each used once."""
    given = [line.answered("drug_trac_codg") for line in evidence.calls("3592B") if line.heard and line.accepted]
    used: list[str] = []
    for one in hand_overs(evidence):
        bare = {(pack["med_list_codg"], pack["batch"]): pack for pack in one.packs if pack.get("no_code")}
        for row in one.rows(evidence):
            if (row.drug, row.batch) not in bare:
                continue
            fresh = [code for code in set(row.codes) if code in given and code not in used]
            used += row.codes
            if len(fresh) == len(row.codes) == int(row.cnt):
                yield Held((row.line.seq,))
            else:
                told = ", ".join(row.codes)
                yield Broken(
                    Both(f"{int(row.cnt)}个由3592B取得的虚拟码", f"{int(row.cnt)} codes of 3592B"),
                    Both(f"上报{told or '无'}", f"{told or 'none'} reported"),
                    (row.line.seq,),
                )
