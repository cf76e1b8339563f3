"""``report.html``: one file, no network, no script; the outcome first, then the plots, then every rule and limit."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from loadtests.books import PACED, Books
from loadtests.flows import WAYS, flows
from loadtests.judgement import WORDS, Judgement, bound
from loadtests.plots import Line, Plot, plot
from loadtests.report import NOTICE_EN, NOTICE_ZH
from schemas.amount import to_text

TEMPLATE = "report.html.j2"
SHOWN = 10
"""At most so many findings of one rule."""


def page(books: Books, judgement: Judgement) -> str:
    """The page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    zh, en = WORDS[judgement.exit_code]
    return environment.get_template(TEMPLATE).render(
        books=books, judgement=judgement, zh=zh, en=en, notice_zh=NOTICE_ZH, notice_en=NOTICE_EN, shown=SHOWN,
        bound=bound(len(books.begun)), rate=_rate(books), plots=plots(books), flows=flows(books), ways=WAYS,
        yuan=to_text, paced=books.health.mode == PACED, ratio=_hundredths(books.traffic.calls, len(books.begun)),
    )  # fmt: skip


def plots(books: Books) -> list[Plot]:
    """Everything that is drawn; latencies only where they count."""
    rows = books.series
    times = [str(row["at"]) for row in rows]

    def line(zh: str, en: str, tone: str, column: str) -> Line:
        return Line(zh, en, tone, [int(row[column] or 0) for row in rows])

    wanted: list[tuple[str, str, list[Line]]] = [
        ("每时段订单", "Orders in each slice",
         [line("已下", "placed", "a", "placed"), line("已支付", "paid", "b", "paid")]),
        ("每时段消息", "Messages in each slice",
         [line("上行", "calls", "a", "calls"), line("通知", "notices", "b", "notices")]),
        ("重试放大：每百单的调用次数", "Retry amplification: calls for a hundred orders",
         [line("调用", "calls", "a", "calls_per_hundred")]),
        ("异常", "What went wrong",
         [line("故障", "faults", "c", "struck"), line("拒绝", "refusals", "b", "refused"),
          line("无应答", "unanswered", "a", "unanswered")]),
        ("存疑订单（时段内最多）", "Orders in doubt (most at once in the slice)",
         [line("存疑", "in doubt", "c", "in_doubt")]),
        ("医保资金（分）", "Insurance money in fen",
         [line("账户支付", "from accounts", "a", "account_fen"), line("基金支付", "from the fund", "b", "fund_fen"),
          line("退回", "given back", "c", "back_fen")]),
    ]  # fmt: skip
    if any(weighed := _mebibytes(books)):
        memory = [Line("内存", "memory", "a", weighed)]
        wanted.append(("模拟器内存（MiB）", "Memory of the simulator in MiB", memory))
    if books.health.mode == PACED:
        latencies = [line(f"p{share}", f"p{share}", tone, f"p{share}_ms") for share, tone in ((50, "b"), (95, "a"))]
        latencies.append(line("p99", "p99", "c", "p99_ms"))
        wanted.insert(1, ("应答时间（毫秒）", "Time to an answer in milliseconds", latencies))
    return [plot(zh, en, times, lines) for zh, en, lines in wanted] if rows else []


def _mebibytes(books: Books) -> list[int]:
    """Of each slice; where nobody looked, as of the one before."""
    told, last = [], 0
    for row in books.series:
        last = int(row.get("memory_kib") or 0) // 1024 or last
        told.append(last)
    return told


def _rate(books: Books) -> str:
    tenths = len(books.begun) * 10_000 // max(1, books.health.spent_ms)
    return f"{tenths // 10}.{tenths % 10}"


def _hundredths(part: int, whole: int) -> str:
    value = part * 100 // max(1, whole)
    return f"{value // 100}.{value % 100:02d}"
