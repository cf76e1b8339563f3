"""What a run says at its end: text for people in two languages, JSON for machines, JUnit for a build server."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from loadtests.books import PACED, Books
from loadtests.flows import WAYS, flows
from loadtests.judgement import WORDS, Judgement, bound

NOTICE_ZH = "合成负载，不代表任何真实渠道或平台的性能。"
NOTICE_EN = "Synthetic load; says nothing about the performance of any real channel or platform."
_SHOWN = 10
"""At most so many findings of a rule in the text."""


def text(books: Books, judgement: Judgement) -> str:
    """The summary for people."""
    lines = [*_head(books, judgement), "", *_rules(judgement), "", *_limits(judgement), *_void(judgement)]
    return "\n".join([*lines, "", *_last(books, judgement)]) + "\n"


def results(books: Books, judgement: Judgement) -> dict[str, Any]:
    """The content of ``results.json``."""
    zh, en = WORDS[judgement.exit_code]
    return {
        "format": "1",
        "notice": {"zh": NOTICE_ZH, "en": NOTICE_EN},
        "run": books.run,
        "exit_code": judgement.exit_code,
        "outcome": {"zh": zh, "en": en},
        "orders": {"asked": len(books.asked), "begun": len(books.begun), "counted": len(books.counted)},
        "violations": judgement.violations,
        "bound_95": bound(len(books.begun)) if not judgement.violations else "",
        "rules": [
            {
                "rule": result.rule, "zh": result.zh, "en": result.en, "core": result.core,
                "examined": result.examined,
                "findings": [{"about": found.about, "zh": found.zh, "en": found.en} for found in result.findings],
            }
            for result in judgement.results
        ],
        "limits": [
            {"name": mark.name, "zh": mark.zh, "en": mark.en, "measured": mark.measured, "limit": mark.limit,
             "held": mark.held}
            for mark in judgement.marks
        ],
        "void": [{"zh": reason.zh, "en": reason.en} for reason in judgement.void],
        "flows": flows(books),
        "traffic": books.traffic,
        "health": books.health,
    }  # fmt: skip


def junit(books: Books, judgement: Judgement) -> bytes:
    """One case for each rule and each limit; a void run fails a case of its own."""
    suite = ElementTree.Element("testsuite", name=f"yibao-load {books.run['profile']}")
    for result in judgement.results:
        case = ElementTree.SubElement(suite, "testcase", classname="audit", name=result.rule)
        if result.findings:
            shown = "\n".join(f"{found.about}: {found.en} {found.zh}" for found in result.findings[:_SHOWN])
            _fail(case, f"{len(result.findings)} of {result.examined}: {result.en}", shown)
        elif not result.examined:
            ElementTree.SubElement(case, "skipped", message="nothing to look at 没有遇到任何情形")
    for mark in judgement.marks:
        case = ElementTree.SubElement(suite, "testcase", classname="limits", name=mark.name)
        if not mark.held:
            _fail(case, f"{mark.measured} > {mark.limit}: {mark.en}", mark.zh)
    case = ElementTree.SubElement(suite, "testcase", classname="run", name="valid")
    if judgement.void:
        _fail(case, "the run is void 运行无效", "\n".join(f"{reason.en} {reason.zh}" for reason in judgement.void))
    _count(suite)
    ElementTree.indent(suite)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode").encode()


def _fail(case: ElementTree.Element, message: str, body: str) -> None:
    ElementTree.SubElement(case, "failure", message=message).text = body


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("./testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("./testcase/skipped"))))


def _head(books: Books, judgement: Judgement) -> list[str]:
    run, health, traffic = books.run, books.health, books.traffic
    zh, en = WORDS[judgement.exit_code]
    paid = flows(books)["orders"]
    rate = len(books.begun) * 10_000 // max(1, health.spent_ms)
    lines = [
        f"{run['title_zh']} {run['title_en']} · {run['profile']} {run['digest']} · seed {run['seed']} · {health.mode}",
        f"结果 outcome: {zh} {en}",
        f"订单 orders: 计划 planned {len(books.asked)}, 已下 placed {len(books.begun)}, 成功 paid {len(books.counted)}",
        f"用时 took: {_seconds(health.spent_ms)} s, {rate // 10}.{rate % 10} 单/秒 orders/s",
        f"消息 messages: {traffic.calls} 上行 up, {traffic.notices} 通知 notices",
        f"放大 amplification: {_ratio(traffic.calls, len(books.begun))} 次/单 calls an order",
        f"付款 paid by: {_counts({f'{zh} {en}': paid[name] for name, (zh, en) in WAYS.items()})}",
        f"受故障的报文 messages under a fault, each delivery of a notice by itself: {_counts(traffic.struck)}",
        f"拒绝 refusals: {_counts(traffic.refused)}",
    ]
    if weighed := [int(row["memory_kib"]) // 1024 for row in books.series if row.get("memory_kib")]:
        lines.append(f"模拟器内存 simulator's memory: {weighed[0]} → {weighed[-1]} MiB, 最多 most {max(weighed)}")
    if health.mode == PACED:
        lines.append(f"迟到 late: {health.late}, 最晚 worst {health.worst_late_ms} ms")
    return lines


def _rules(judgement: Judgement) -> list[str]:
    lines = []
    for result in judgement.results:
        mark = "!!" if result.findings else "ok" if result.examined else "--"
        lines.append(f"{mark} {result.zh} {result.en}: {len(result.findings)} / {result.examined}")
        lines += [f"     {found.about} {found.zh} {found.en}" for found in result.findings[:_SHOWN]]
        if len(result.findings) > _SHOWN:
            lines.append(f"     … 另有 and {len(result.findings) - _SHOWN} more: results.json")
    return lines


def _limits(judgement: Judgement) -> list[str]:
    return [
        f"{'ok' if mark.held else '!!'} {mark.zh} {mark.en}: {mark.measured} <= {mark.limit}"
        for mark in judgement.marks
    ]


def _void(judgement: Judgement) -> list[str]:
    return [f"-- 无效 void: {reason.zh} {reason.en}" for reason in judgement.void]


def _last(books: Books, judgement: Judgement) -> list[str]:
    orders = len(books.begun)
    if judgement.violations:
        said = f"{orders} 单中发现 {judgement.violations} 处违规 violations in {orders} orders"
    else:
        said = (
            f"{orders} 单零违规；95% 置信上界约 {bound(orders)}（三倍法则 3/N）"
            f" zero violations in {orders} orders; 95 % upper bound about {bound(orders)} (rule of three)"
        )
    return [said, f"{NOTICE_ZH} {NOTICE_EN}"]


def _seconds(spent_ms: int) -> str:
    return f"{spent_ms // 1000}.{spent_ms % 1000 // 100}"


def _ratio(part: int, whole: int) -> str:
    hundredths = part * 100 // max(1, whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "-"
