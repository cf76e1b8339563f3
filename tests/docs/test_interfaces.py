"""The README says which interfaces have behaviour, and says what is so."""

from pathlib import Path

from schemas.loader import interfaces
from schemas.overview import overview
from simulator.interfaces import handlers

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_shows_every_interface_and_whether_it_has_behaviour() -> None:
    assert overview() in README.read_text(encoding="utf-8"), (
        "the table of interfaces in README.md is an old one: replace it by what `python -m schemas.overview` prints"
    )


def test_an_interface_has_behaviour_when_it_has_a_handler_or_is_sent_by_us() -> None:
    notices = {"6204", "6302"}
    stateful = {one.code for one in interfaces().values() if one.stateful}
    handled = {one.code for one in interfaces().values() if f"{one.family}/{one.stem}" in handlers()}
    assert (stateful - handled, handled - stateful) == (notices, set())


def test_neighbouring_codes_are_shown_as_a_range_and_nothing_is_lost() -> None:
    table = overview()
    shown = 0
    for cell in table.replace("\n", "|").split("|"):
        for part in cell.strip().split(", "):
            first, _, last = part.partition("–")
            shown += int(last) - int(first) + 1 if last else (first in interfaces())
    assert shown == len(interfaces()) == 215
