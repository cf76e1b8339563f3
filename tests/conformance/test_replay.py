"""``replay`` and ``diff``: a scenario of a bundle again, and the bundle seen from another edition."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import catalogue
from conformance.bundle.reading import saved
from conformance.bundle.rejudging import changes, rejudge
from conformance.cli.app import app
from conformance.suite.replaying import replay
from conformance.suite.session import Order, Unready
from tests.conformance.bundle_lab import bundle

BROKEN = "mutant:silence-is-success"
FELL = "belief/ledger/never-wrong"
LATER = "2099.9"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("made"), BROKEN)


@pytest.fixture
def later_edition(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An edition with one requirement more than the rules of the bundle, and one that its scenarios do not reach."""
    text = (catalogue.EDITIONS / "2026.0.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("requirements = [")
    wanted = [FELL, "belief/ledger/right-amounts", "consent/consent/lapsed-consent-is-renewed"]
    listed = "".join(f'"{id_}",' for id_ in wanted)
    written = f"{head}requirements = [{listed}]{rest.partition(']')[2]}".replace('"2026.0"', f'"{LATER}"')
    (tmp_path / f"{LATER}.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(catalogue, "EDITIONS", tmp_path)
    catalogue.edition.cache_clear()
    yield
    catalogue.edition.cache_clear()


def test_a_replayed_scenario_goes_as_it_had_gone(made: Path) -> None:
    found = replay(saved(made), "lost-6202-gone", Order(channel=""))
    assert found.parted == 0
    assert FELL in {row.requirement.id for row in found.broken}


def test_another_channel_may_go_another_way(made: Path) -> None:
    found = replay(saved(made), "lost-6202-gone", Order(channel="reference"))
    assert not found.broken


def test_a_scenario_the_bundle_has_not_is_refused_with_those_it_has(made: Path) -> None:
    with pytest.raises(Unready, match="lost-6202-gone"):
        replay(saved(made), "nothing", Order(channel=""))


def test_the_command_draws_what_was_said_and_ends_with_1(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(args=["replay", str(made), "--scenario", "lost-6202-gone"], standalone_mode=False) == 1
    shown = capsys.readouterr().out
    assert "6202" in shown and "(no_answer_before_commit)" in shown and FELL in shown


@pytest.mark.usefixtures("later_edition")
def test_what_another_edition_adds_takes_away_and_cannot_see_is_told(made: Path) -> None:
    evidence = saved(made)
    told = {one.id: (one.before, one.now) for one in changes(evidence, rejudge(evidence, LATER))}
    assert told["belief/ledger/right-amounts"][0] == ""
    assert told["consent/consent/lapsed-consent-is-renewed"] == ("", "untested")
    assert told["unknown/order/ask-before-anything-else"][1] == ""
    assert FELL not in told


@pytest.mark.usefixtures("later_edition")
def test_the_command_says_what_needs_a_new_run(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app(args=["diff", str(made), "--edition", LATER], standalone_mode=False) == 1
    shown = capsys.readouterr().out
    assert "what is untested needs a new run" in shown and f"→ {LATER}" in shown
