"""No probe without its broken twin in a table, and none that accuses everybody."""

from importlib import import_module
from pathlib import Path

from conformance.catalogue import every_probe
from tests.conformance.written import about, evidence, fate

MODULES = [
    import_module(f"tests.conformance.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_probes_*.py"))
    if path.stem != Path(__file__).stem
]


def test_every_probe_is_seen_to_hold_and_to_break() -> None:
    """A probe that was never seen to break proves nothing, one never seen to hold accuses everybody."""
    shown = {(case[1], case[4]) for module in MODULES for case in module.TABLE}
    wanted = {(name, expected) for name, _ in every_probe() for expected in ("held", "broken")}
    assert wanted - shown == set()


def test_a_finding_points_to_the_journal() -> None:
    record = evidence(about(1, "6202", fault="no_answer_after_commit"), about(2, "6202"))
    assert fate(("", "unknown.asks_first", {"codes": ["6202"]}, record, "")) == "broken"
