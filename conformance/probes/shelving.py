"""Rules of what a shop takes in and what it calls its goods (3503A, 3507A, 3301)."""

from collections.abc import Iterator
from decimal import Decimal

from conformance.evidence import Asked, Evidence, Line
from conformance.findings import Both, Broken, Finding, Held
from conformance.probes.reading_goods import Json, window

PURCHASES, REMOVALS = ("3503", "3503A"), ("3507", "3507A")
SAID = {
    "med_list_codg": "med_list_codg", "own_code": "fixmedins_hilist_id", "lot": "manu_lotnum", "made": "manu_date",
    "expires": "expy_end", "supplier": "spler_name", "maker": "prodentp_name", "aprvno": "aprvno",
}  # fmt: skip
"""What the shop said of a batch → the field that carries it."""
NUMBERS = {"price": "finl_trns_pric", "cnt": "purc_retn_cnt"}


def rows_as_received(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Each batch that came in is reported as it came."""
    for asked, since in window(evidence, "receive_stock"):
        sent = {str(row.get("fixmedins_bchno")): (line, row) for line, row in _purchases(evidence, asked, since)}
        for goods in asked.raw["body"]["goods"]:
            if goods["batch"] not in sent:
                continue
            line, row = sent[goods["batch"]]
            off = [field for name, field in SAID.items() if str(row.get(field)) != str(goods[name])]
            off += [
                field for name, field in NUMBERS.items() if Decimal(str(row.get(field) or 0)) != Decimal(goods[name])
            ]
            if off:
                yield Broken(
                    Both(f"批次{goods['batch']}如实上报", f"batch {goods['batch']} as it came in"),
                    Both(f"{'、'.join(off)}不符", f"{', '.join(off)} differ"),
                    (line.seq,),
                )
            else:
                yield Held((line.seq,))


def results_are_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What the channel says of each batch is what its row's result says."""
    for asked, since in window(evidence, "receive_stock"):
        if asked.kind != "ok" or not {"taken", "failed"} & asked.answer.keys():
            continue
        yield from _never_sent(evidence, asked)
        for line, row in _purchases(evidence, asked, since):
            batch = str(row.get("fixmedins_bchno"))
            result = _result(line, batch)
            if not line.heard or not result:
                continue
            told = batch in asked.answer.get("taken", ())
            if told == (result == "1"):
                yield Held((line.seq,))
            else:
                yield Broken(
                    Both(f"批次{batch}的retRslt为{result}", f"batch {batch} has retRslt {result}"),
                    Both("渠道的说法相反", "the channel says the opposite"),
                    (line.seq,),
                )


def _never_sent(evidence: Evidence, asked: Asked) -> Iterator[Finding]:
    """A batch that was never reported has failed, by the shop's own judgement; it is not said to be taken."""
    sent = {batch for line in evidence.calls(*PURCHASES) for batch in _batches(line, "purcinfoDetail", "purcinfo")}
    for goods in asked.raw["body"]["goods"]:
        if goods["batch"] in sent:
            continue
        if goods["batch"] in asked.answer.get("taken", ()):
            yield Broken(
                Both(f"批次{goods['batch']}已上报", f"batch {goods['batch']} was reported"),
                Both("从未上报却说已受理", "it never was, and is said to be taken"),
            )
        else:
            yield Held()


def removed_before_corrected(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A correction removes what was reported before it reports anew."""
    for asked, since in window(evidence, "receive_stock"):
        for batch in asked.raw["body"].get("corrects", ()):
            removed = [
                line for line in _within(evidence, asked, since, REMOVALS)
                if line.accepted and batch in _batches(line, "goodDetail")
            ]  # fmt: skip
            again = [line for line, row in _purchases(evidence, asked, since) if row.get("fixmedins_bchno") == batch]
            if again and (not removed or removed[0].seq > again[0].seq):
                yield Broken(
                    Both(f"先删除批次{batch}，再重新上报", f"batch {batch} removed first, then reported anew"),
                    Both("没有删除就重新上报", "it was reported anew on top"),
                    tuple(line.seq for line in again),
                )
            elif again:
                yield Held((removed[0].seq, again[0].seq))


def mapped_first(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """Nothing is billed under a code of the shop's own that 3301 has not mapped to that drug."""
    for asked, since in window(evidence, "place_order"):
        for line in asked.raw["body"]["lines"]:
            if "own_code" not in line:
                continue
            pair = (line["own_code"], line["med_list_codg"])
            billed = [one for one in _within(evidence, asked, since, ("6201",)) if _bills(one, line["med_list_codg"])]
            mapped = [one.seq for one in evidence.calls("3301") if one.accepted and pair in _pairs(one)]
            known = bool(billed and mapped) and mapped[0] < billed[0].seq
            if billed and not known:
                yield Broken(
                    Both(f"{pair[0]}先完成对照", f"{pair[0]} is mapped first"),
                    Both("未对照就上传费用", "it was billed without a mapping"),
                    tuple(one.seq for one in billed),
                )
            else:
                yield Held(tuple(one.seq for one in billed))


def own_code_on_line(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """A fee line of a drug that has a code of the shop's own carries it beside the national one."""
    for asked, since in window(evidence, "place_order"):
        own = {line["med_list_codg"]: line["own_code"] for line in asked.raw["body"]["lines"] if "own_code" in line}
        for one in _within(evidence, asked, since, ("6201",)):
            for row in one.rows("feedetailList"):
                wanted = own.get(row.get("medListCodg"))
                if wanted is None:
                    continue
                told = row.get("medinsListCodg")
                if told == wanted:
                    yield Held((one.seq,))
                else:
                    yield Broken(
                        Both(f"medinsListCodg={wanted}", f"medinsListCodg {wanted}"),
                        Both(f"medinsListCodg={told}", f"medinsListCodg {told}"),
                        (one.seq,),
                    )


def mapping_is_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """What became of a 3301 is what the channel says became of it."""
    for asked, since in window(evidence, "map_drug"):
        sent = [line for line in _within(evidence, asked, since, ("3301",)) if line.heard]
        if not sent:
            continue
        if sent[-1].accepted == (asked.kind == "ok"):
            yield Held((sent[-1].seq,))
        else:
            yield Broken(
                Both("如实告知目录对照的结果", "the outcome of the mapping, as it is"),
                Both(f"平台的答复与渠道的“{asked.kind}”相反", f"the platform says the opposite of {asked.kind}"),
                (sent[-1].seq,),
            )


def _within(evidence: Evidence, asked: Asked, since: int, codes: tuple[str, ...]) -> list[Line]:
    return [line for line in evidence.calls(*codes) if since < line.seq <= asked.after_seq]


def _purchases(evidence: Evidence, asked: Asked, since: int) -> list[tuple[Line, Json]]:
    lines = _within(evidence, asked, since, PURCHASES)
    return [(line, row) for line in lines for row in (*line.rows("purcinfoDetail"), *line.rows("purcinfo"))]


def _result(line: Line, batch: str) -> str:
    rows = (line.raw.get("answer") or {}).get("purcinfoDetail") or ()
    return next((str(row.get("retRslt")) for row in rows if row.get("fixmedins_bchno") == batch), "")


def _batches(line: Line, *nodes: str) -> set[str]:
    return {str(row.get("fixmedins_bchno")) for node in nodes for row in line.rows(node)}


def _bills(line: Line, drug: str) -> bool:
    return any(row.get("medListCodg") == drug for row in line.rows("feedetailList"))


def _pairs(line: Line) -> set[tuple[str, str]]:
    return {(str(row.get("fixmedins_hilist_id")), str(row.get("med_list_codg"))) for row in line.rows("data")}
