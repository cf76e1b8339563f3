"""The release notes tell how much the latest edition catches, by area and by way of driving, as it was measured."""

from pathlib import Path

from conformance import catalogue
from conformance.bundle import mutation
from conformance.report import words

NOTES = Path(__file__).parents[2] / "CHANGELOG.md"


def rows() -> list[str]:
    """The table, as Markdown."""
    (_, *modes), *counted = mutation.table(mutation.read(catalogue.LATEST))
    head = ["area", *(words.MODE[mode].en for mode in modes)]
    cells = [head, ["---"] * len(head), *([area or "all", *caught] for area, *caught in counted)]
    return [f"| {' | '.join(row)} |" for row in cells]


def test_the_notes_carry_the_score_of_the_latest_edition() -> None:
    table = "\n".join(rows())
    assert table in NOTES.read_text(encoding="utf-8"), f"put this into {NOTES.name}:\n{table}"
