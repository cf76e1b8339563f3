"""From the auditor's results to the run's outcome: limits, the generator's health, and the word of the exit code.

A violation counts whatever the generator's health was: the books are the books. Without one, a sick generator or a rule
that saw nothing makes the run void; only then are the limits looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from loadtests.auditor import UNCERTAIN, Result, audit, unconfirmed
from loadtests.books import PACED, Books

OK, VIOLATIONS, VOID, CONFIGURATION, OWN_ERROR = 0, 1, 2, 3, 4
"""Exit codes: good · a rule or a limit broken · proves nothing · asked wrongly · our own fault."""
WORDS = {
    OK: ("合格", "good"),
    VIOLATIONS: ("不合格", "not good"),
    VOID: ("无效：不能证明任何事", "void: proves nothing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A limit of the profile and what the run measured."""

    name: str
    zh: str
    en: str
    measured: int
    limit: int

    @property
    def held(self) -> bool:
        """Whether the limit was kept."""
        return self.measured <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a run proves nothing."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of a run."""

    exit_code: int
    results: tuple[Result, ...]
    marks: tuple[Mark, ...]
    void: tuple[Reason, ...]

    @property
    def violations(self) -> int:
        """Cases that break a rule."""
        return sum(len(result.findings) for result in self.results)


def judge(books: Books) -> Judgement:
    """Audit the books and weigh the run."""
    results = tuple(audit(books))
    marks, void = tuple(_marks(books)), tuple(_void(books, results))
    if any(result.findings for result in results):
        code = VIOLATIONS
    elif void:
        code = VOID
    else:
        code = OK if all(mark.held for mark in marks) else VIOLATIONS
    return Judgement(exit_code=code, results=results, marks=marks, void=void)


def bound(orders: int) -> str:
    """The 95 % upper bound of a fault's share when ``orders`` orders showed none: the rule of three, about 3/N."""
    if orders < 1:
        return "-"
    return f"{(Decimal(300) / Decimal(orders)).quantize(Decimal('0.0001'))} %"


def _marks(books: Books) -> list[Mark]:
    begun, limits = max(1, len(books.begun)), books.limits
    states = [str(belief["state"]) for belief in books.beliefs]
    doubtful = sum(state in UNCERTAIN for state in states) - states.count("manual_review")
    return [
        _mark("calls-per-hundred", books.traffic.calls * 100 // begun, limits.calls_per_hundred_orders),
        _mark("in-doubt", doubtful * 1000 // begun, limits.in_doubt_permille),
        _mark("manual-review", states.count("manual_review") * 1000 // begun, limits.manual_permille),
        *_latency_marks(books),
        _mark("unconfirmed", -(-len(unconfirmed(books)) * 1000 // begun), limits.unconfirmed_permille),
    ]


def _latency_marks(books: Books) -> list[Mark]:
    """The slowest slice counts: an hour of slowness is not outweighed by a quick night."""
    limit, slowest = books.limits.p95_ms, [int(row["p95_ms"] or 0) for row in books.series]
    return [_mark("p95-ms", max(slowest, default=0), limit)] if limit and books.health.mode == PACED else []


_MARKS = {
    "p95-ms": ("最慢时段的第95百分位应答时间（毫秒）", "95th percentile of the slowest slice, ms"),
    "calls-per-hundred": ("每百单调用平台的次数", "calls to the platform for a hundred orders"),
    "in-doubt": ("收尾后仍存疑的订单（千分比）", "orders still in doubt at the end, permille"),
    "manual-review": ("转人工的订单（千分比）", "orders left to a person, permille"),
    "unconfirmed": ("未被确认的支付通知（千分比）", "paid notices never confirmed, permille"),
}


def _mark(name: str, measured: int, limit: int) -> Mark:
    zh, en = _MARKS[name]
    return Mark(name=name, zh=zh, en=en, measured=measured, limit=limit)


def _void(books: Books, results: Sequence[Result]) -> list[Reason]:
    health, reasons = books.health, []
    unbegun = len(books.asked) - len(books.begun)
    if health.stopped_early:
        reasons.append(Reason(zh="运行被提前停止", en="the run was stopped before its end"))
    if unbegun:
        reasons.append(Reason(zh=f"有{unbegun}张计划订单没有下", en=f"{unbegun} orders of the plan were never placed"))
    if health.failed:
        first = health.failures[0] if health.failures else ""
        reasons.append(
            Reason(zh=f"发压端自身出错{health.failed}次：{first}", en=f"{health.failed} failures of our own: {first}")
        )
    if books.traffic.errors:
        count = books.traffic.errors
        reasons.append(Reason(zh=f"平台自身出错{count}次", en=f"the platform failed {count} times on its own account"))
    late = health.late * 1000 // max(1, len(books.asked))
    if health.mode == PACED and late > books.limits.late_permille:
        reasons.append(Reason(zh=f"下单迟到{late}‰，发压端跟不上", en=f"{late} permille of the arrivals were late"))
    reasons += [
        Reason(zh=f"规则“{result.zh}”没有遇到任何情形", en=f"nothing to look at for: {result.en}")
        for result in results
        if result.core and not result.examined
    ]
    return reasons
