"""The generator: repeatable, able to write every printed interface, clear when it cannot work."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import loader
from schemas.generate import __main__ as command
from schemas.generate import compose, corrections, fields, tables
from schemas.generate.compose import Composer
from schemas.loader import ROOT

PRINTED_INTERFACES = 212
SURFACES = {"x-interface", "$defs", "title"}

LENGTHS = [
    ("16,2", ["0", "99999999999999.99", "-1.5"], ["999999999999999", "1.234", "1.", ".5", "1e2", "+1", " 1"]),
    ("16,4", ["2.0000"], ["2.00000"]),
    ("5,4", ["0.8000", "1"], ["10", "0.80001"]),
    ("4", ["9999"], ["10000", "1.0"]),
    ("(16,6)", ["19.800000"], ["19.8000000"]),
    ("", ["1", "1.23456789"], ["x"]),
]


def spec() -> Path:
    """Where the published tables are: OFFICIAL_SPEC, or the folder spec beside OFFICIAL_DATA."""
    data = os.environ.get("OFFICIAL_DATA")
    place = os.environ.get("OFFICIAL_SPEC") or (Path(data).resolve().parent / "spec" if data else None)
    if not place or not (Path(place) / tables.FILES[0]).is_file():
        pytest.skip("not run: set OFFICIAL_SPEC to the folder of the published tables")
    return Path(place)


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(tables.read(spec()), corrections.read(ROOT / "corrections"))


def test_the_committed_files_are_what_the_generator_writes() -> None:
    written = command.files(spec())
    stale = [path for path, text in written.items() if (ROOT / path).read_text(encoding="utf-8") != text]
    assert not stale, "run python -m schemas.generate; hand corrections belong into schemas/corrections/"
    on_disk = {f"dictionaries/{path.name}" for path in ROOT.glob("dictionaries/*.json")}
    assert on_disk <= set(written), "a dictionary that no table and no correction knows"


def test_the_committed_examples_are_what_the_generator_makes() -> None:
    made = command.example_files()
    stale = [path for path, text in made.items() if (ROOT / path).read_text(encoding="utf-8") != text]
    assert not stale, "run python -m schemas.generate; values belong into schemas/corrections/samples.toml"
    by_hand = {one.stem for one in corrections.read(ROOT / "corrections").interfaces.values() if one.examples == "hand"}
    on_disk = {
        str(path.relative_to(ROOT)) for path in ROOT.glob("examples/*/*/*.json") if path.parent.name not in by_hand
    }
    assert on_disk == set(made), "an example that nobody makes; delete it"


def test_rows_that_count_from_one_again_are_told_apart(composer: Composer) -> None:
    """Nodes were printed one behind the other without headings: each such place has its names."""
    unnamed = []
    for code in composer.tables.interfaces:
        for direction in compose.DIRECTIONS:
            part = compose.Direction(composer, code, direction)
            nodes = part.printed_nodes()
            unnamed += [(code, node) for node, rows in nodes.items() if sum(row.seq == 1 for row in rows) > 1]
    assert not unnamed, "give the node `parts` in schemas/corrections/"


def test_every_interface_file_has_its_corrections() -> None:
    known = corrections.read(ROOT / "corrections").interfaces
    assert {code: (one.family, one.stem) for code, one in loader.interfaces().items()} == {
        code: (fix.family, fix.stem) for code, fix in known.items()
    }


def test_every_printed_interface_can_be_written(composer: Composer) -> None:
    assert len(composer.tables.interfaces) == PRINTED_INTERFACES
    for code in composer.tables.interfaces:
        schema = composer.schema(code)
        assert set(schema) >= SURFACES
        Draft202012Validator.check_schema(schema)


def test_no_printed_field_of_a_committed_interface_is_lost(composer: Composer) -> None:
    for code in composer.corrections.interfaces:
        text = command.text(composer.schema(code))
        printed = {row.field for row in composer.tables.rows.get(code, ())}
        assert not [name for name in printed if f'"{name}"' not in text], code


@pytest.mark.parametrize(("length", "good", "bad"), LENGTHS)
def test_a_printed_length_becomes_a_pattern_of_digits(length: str, good: list[str], bad: list[str]) -> None:
    pattern = re.compile(fields.number_pattern(*fields.precision(length)))
    assert all(pattern.fullmatch(text) for text in good)
    assert not any(pattern.fullmatch(text) for text in bad)


def test_a_slip_in_the_corrections_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "corrections"
    shutil.copytree(ROOT / "corrections", folder)
    session = folder / "session.toml"
    session.write_text(
        session.read_text(encoding="utf-8").replace("changes_state", "change_state", 1), encoding="utf-8"
    )
    with pytest.raises(corrections.CorrectionError, match=r"session.toml, 9001: unknown change_state"):
        corrections.read(folder)


def test_missing_tables_are_a_configuration_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--spec", str(tmp_path)]) == 3
    assert "interfaces.csv is not there" in capsys.readouterr().err


def test_no_tables_at_all_is_a_configuration_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OFFICIAL_SPEC", raising=False)
    assert command.main([]) == 3
    assert "--spec" in capsys.readouterr().err


def test_an_interface_without_corrections_is_refused_by_name() -> None:
    with pytest.raises(corrections.CorrectionError, match="9999"):
        command.files(spec(), ["9999"])


def test_the_command_explains_itself() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "schemas.generate", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT.parent,
    )
    assert "--spec" in run.stdout and "--only" in run.stdout
