"""``yibao-certify`` as a person or a script meets it: words in both languages, and exit codes that can be relied on."""

import sys
from pathlib import Path

import pytest

from conformance.cli import main
from schemas import jsontext

SMALL = ("--only", "notice/inbox/asks-without-notice")


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """Run the command as typed; answers its exit code."""
    monkeypatch.setattr(sys, "argv", ["yibao-certify", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def test_a_sound_channel_ends_with_zero_and_leaves_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ended(monkeypatch, "run", "--channel", "reference", *SMALL, "--report", str(tmp_path / "r")) == 0
    shown = capsys.readouterr().out
    assert "自测 REHEARSAL" in shown
    assert "已支付，但通知从未送达" in shown
    assert "符合 / Conformant" in shown
    results = jsontext.parse((tmp_path / "r" / "results.json").read_bytes())
    assert isinstance(results, dict)
    assert (results["overall"], results["partial"]) == ("conformant", True)


def test_a_broken_channel_ends_with_one_and_is_told_what_to_replay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "run", "--channel", "mutant:never-asks", *SMALL) == 1
    shown = capsys.readouterr().out
    assert "failed  notice/inbox/asks-without-notice" in shown
    assert '--channel "mutant:never-asks" --edition 2026.1 --seed 1 --only notice/inbox/asks-without-notice' in shown


def test_a_liar_is_stopped_by_the_preflight_with_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "run", "--channel", "mutant:always-paid", *SMALL) == 3
    assert "both are held to be paid" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--channel", "nothing"),
        ("run", "--edition", "1999.1"),
        ("run", "--only", "no/such/rule"),
        ("run", "--seed", "x"),
        ("run", "--nonsense"),
        ("nonsense",),
        ("explain", "no/such/rule"),
        ("explain",),
        ("matrix", "--only", "nobody"),
        ("run", "--channel", "command:/no/such/program"),
        ("run", "--channel", "reference", "--simulator", "http://127.0.0.1:1"),
    ],
)
def test_a_wrong_command_line_ends_with_three(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert ended(monkeypatch, *words) == 3
    captured = capsys.readouterr()
    assert captured.out + captured.err


def test_self_check_says_that_everything_is_ready(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "self-check") == 0
    assert capsys.readouterr().out.count("✓") == 8


def test_the_list_has_every_requirement(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, "list") == 0
    assert "unknown/order/no-blind-undo" in capsys.readouterr().out


def test_a_requirement_is_explained_with_what_is_played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, "explain", "refund/refund/stop-at-abnormal-end") == 0
    shown = capsys.readouterr().out
    assert "6203返回EXP后不再提交退款，转人工处理。" in shown
    assert "refund-abnormal" in shown
    assert "shown by the wire alone (observe, judge): 是 yes" in shown


def test_one_mutant_alone_can_be_looked_at(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, "matrix", "--only", "counts-copies") == 0
    assert "1 of 1 mutants fell as they should" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("demo", "--help"), ("matrix", "--help")])
def test_help_teaches_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert ended(monkeypatch, *words) == 0
    shown = capsys.readouterr().out
    assert any("一" <= letter <= "鿿" for letter in shown)


def test_a_channel_of_its_own_process_needs_no_simulator_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter = f"command:{sys.executable} -m conformance.channels.reference --driver"
    assert ended(monkeypatch, "run", "--channel", adapter, "--only", "order/steps/identify-before-billing") == 2
    shown = capsys.readouterr().out
    assert "模拟器 / simulator: http://127.0.0.1:" in shown and "✓ 模拟器能访问渠道的收件地址" in shown
    assert "passed 1" in shown and "needs capability restart" in shown
