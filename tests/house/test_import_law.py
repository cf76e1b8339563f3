"""The law of who may import whom has a row for every part, and its rows bite."""

import grimp
import pytest
from importlinter.cli import lint_imports

from tests.house.import_law import MayImport, NeverReaches
from tests.house.sources import PACKAGES, ROOT, relative, table

LAW = table("pyproject.toml")["tool"]["importlinter"]


def graph_of(*imports: tuple[str, str]) -> grimp.ImportGraph:
    """A graph with these imports and the modules they name."""
    graph = grimp.ImportGraph()
    for importer, imported in imports:
        graph.add_module(importer)
        graph.add_module(imported)
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    return graph


def kept(row: type, graph: grimp.ImportGraph, **options: object) -> bool:
    """Whether one row holds on a graph."""
    contract = row(name="row", session_options={}, contract_options={"reason": "a reason", **options})
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize(
    ("importer", "imported", "holds"),
    [
        ("a.core.money", "a.core.ledger", True),
        ("a.core.money", "data.amount", True),
        ("a.core.money", "a.core_too", False),
        ("a.core.money", "a.store", False),
        ("a.core", "a.store", False),
        ("a.edge", "a.store", True),
        ("a.core.start", "a.store", True),
    ],
)
def test_a_part_imports_itself_and_what_its_row_lists(importer: str, imported: str, holds: bool) -> None:
    """The arrow form opens one door for one module only."""
    graph = graph_of((importer, imported), ("a.core", "data"))

    assert kept(MayImport, graph, module="a.core", may_import=["data", "a.core.start -> a.store"]) is holds


def test_a_starred_row_keeps_siblings_apart() -> None:
    """Handlers of one family do not import one another."""
    graph = graph_of(("a.faces.pay.order", "a.faces.pay.refund"))

    assert not kept(MayImport, graph, module="a.faces.*.*", may_import=[])
    assert kept(MayImport, graph, module="a.faces", may_import=[])


def test_a_forbidden_part_is_not_reached_through_others_either() -> None:
    """The oracle may not share code with the domain by way of a third module."""
    graph = graph_of(("oracle.sums", "books"), ("books", "core.money"), ("oracle", "books"), ("core", "core.money"))

    assert not kept(NeverReaches, graph, module="oracle", never=["core"])
    assert kept(NeverReaches, graph, module="core", never=["oracle"])


def test_a_row_waits_for_its_part() -> None:
    """A part that is not there yet breaks nothing."""
    assert kept(MayImport, graph_of(("a", "b")), module="later", may_import=[])
    assert kept(NeverReaches, graph_of(("a", "b")), module="later", never=["a"])
    assert kept(NeverReaches, graph_of(("a", "b")), module="a", never=["later"])


def test_every_part_has_a_row_in_the_law() -> None:
    """A new folder decides where it stands before it grows."""
    folders = {folder.parent for package in ("simulator", "conformance") for folder in (ROOT / package).glob("*/*.py")}
    parts = {relative(folder).replace("/", ".") for folder in folders} | set(PACKAGES)
    rows = {row["module"].partition(".*")[0] for row in LAW["contracts"] if "module" in row}
    covered = rows | {row.rpartition(".")[0] for row in rows}
    missing = sorted(parts - covered)

    assert not missing, (
        f"{missing} have no row: what a part may import decides what it can become. "
        "The way out: a [[tool.importlinter.contracts]] row in pyproject.toml with its reason"
    )


def test_the_law_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The same run as `lint-imports`, here where every test run sees it."""
    monkeypatch.chdir(ROOT)
    outcome = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)

    assert outcome == 0, capsys.readouterr().out


def test_only_the_start_of_the_suite_and_the_benchmark_build_a_platform() -> None:
    """Written so in the law: an entry with an arrow names one module."""
    arrows = [entry for row in LAW["contracts"] for entry in row.get("may_import", []) if " -> " in entry]

    builders = {arrow.partition(" -> ")[0] for arrow in arrows if arrow.endswith(" -> simulator")}
    assert builders == {"conformance.suite.start", "loadtests.bench.inside"}
