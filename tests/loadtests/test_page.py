"""The page of a run: one file, nothing fetched, both languages, void runs say so; and the raw figures beside it."""

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from loadtests import report, tables, writing
from loadtests.books import PACED, Books, Health
from loadtests.flows import flows
from loadtests.judgement import judge
from loadtests.page import page, plots
from loadtests.plots import HEIGHT, LEFT, TOP, WIDTH, Line, plot
from loadtests.series import CODE_COLUMNS, COLUMNS
from tests.loadtests.sound_books import books, changed, slice_row

SOUND = books()
REAL = Health(mode=PACED, spent_ms=5_000)
TIMED = [slice_row("10:00", p50_ms=20, p95_ms=70, p99_ms=90, max_ms=95, calls=5)]


def shown(kept: Books) -> str:
    return page(kept, judge(kept))


def test_the_page_is_one_file_that_fetches_nothing() -> None:
    text = shown(SOUND)
    assert not re.search(r"""(?:src|href|action|data)\s*=|url\(|@import|<script|<link|<iframe|https?://""", text)
    HTMLParser().feed(text)
    assert text.count("<svg") == text.count("</svg>") == len(plots(SOUND)) == 6


def test_it_says_the_outcome_in_both_languages() -> None:
    text = shown(SOUND)
    assert "5单零违规" in text and "Zero violations in 5 orders" in text and "60.0000 %" in text
    assert text.count('class="zh" lang="zh-Hans"') == text.count('class="en" lang="en"') > 50


def test_a_void_run_says_so_and_claims_no_bound() -> None:
    text = shown(books(health=Health(stopped_early=True)))
    assert "无效：运行被提前停止" in text and "Void: the run was stopped" in text
    assert "零违规" not in text


def test_what_broke_is_named_and_escaped() -> None:
    bad = books(beliefs=changed(SOUND.beliefs, 4, state="paid", order="failed"), counted=SOUND.counted | {"<b>stray"})
    text = shown(bad)
    assert "violations in 5 orders" in text and "&lt;b&gt;stray" in text and "<b>stray" not in text


def test_latencies_are_drawn_in_a_paced_run_alone() -> None:
    paced = shown(books(health=REAL, series=TIMED))
    assert "Time to an answer" in paced and "p99" in paced
    assert "Time to an answer" not in shown(SOUND) and "no percentiles" in shown(SOUND)


def test_the_simulators_memory_is_drawn_and_said_where_it_is_known() -> None:
    first, last = (slice_row(at, memory_kib=mib * 1024) for at, mib in (("10:00", 90), ("10:30", 97)))
    weighed = books(series=[first, slice_row("10:15"), last])
    assert "Memory of the simulator in MiB" in shown(weighed)
    assert "simulator's memory: 90 → 97 MiB" in report.text(weighed, judge(weighed))
    assert "Memory" not in shown(SOUND) and "memory" not in report.text(SOUND, judge(SOUND))


def test_a_slow_slice_breaks_the_limit_of_a_paced_run_alone() -> None:
    strict = replace(SOUND.limits, p95_ms=60)
    marks = {mark.name: mark.held for mark in judge(books(health=REAL, series=TIMED, limits=strict)).marks}
    assert marks["p95-ms"] is False
    assert "p95-ms" not in {mark.name for mark in judge(books(limits=strict)).marks}


def test_a_plot_stays_on_its_canvas_and_begins_at_zero() -> None:
    drawn = plot("中", "en", ["a", "b", "c"], [Line("值", "value", "a", [0, 7, 3])])
    points = [tuple(map(int, point.split(","))) for point in drawn.curves[0].points.split()]
    assert points[0] == (LEFT, TOP + HEIGHT)
    assert all(LEFT <= x <= LEFT + WIDTH and TOP <= y <= TOP + HEIGHT for x, y in points)
    assert drawn.up[-1][1] == "10"


def test_flows_tell_who_paid() -> None:
    told = flows(SOUND)
    assert told["orders"] == {"account": 1, "mixed": 1, "cash": 1, "given_back": 1, "unpaid": 1}
    assert told["held"]["account_fen"] == 3_994 + 1_000 and told["back_fen"] == 3_994


def test_the_figures_are_written_as_csv(tmp_path: Path) -> None:
    writing.write(SOUND, tmp_path)
    read = list(csv.DictReader(io.StringIO((tmp_path / "series.csv").read_text(encoding="utf-8"))))
    assert [row["at"] for row in read] == ["10:00", "10:15"] and tuple(read[0]) == COLUMNS
    assert read[0]["p95_ms"] == "", "no figure, no zero"
    assert (tmp_path / "codes.csv").read_text(encoding="utf-8").startswith(",".join(CODE_COLUMNS))


def test_and_as_parquet_where_pyarrow_is_installed(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    writing.write(SOUND, tmp_path)
    table = parquet.read_table(tmp_path / "series.parquet")
    assert tuple(table.column_names) == COLUMNS and table.column("calls").to_pylist() == [20, 20]


def test_without_pyarrow_there_is_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "find_spec", lambda name: None)
    assert tables.to_parquet(("at",), [{"at": "10:00"}]) is None
