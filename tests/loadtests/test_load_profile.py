"""Profiles: the shipped ones hold, each figure names its source, a broken one is told in words."""

import tomllib
from typing import Any

import pytest

from loadtests import load_profile
from loadtests.load_profile import FOLDER, ProfileError, load, names, read
from schemas import jsontext
from schemas.loader import ROOT

NAME = "beijing-launch-day"
TEXT = (FOLDER / f"{NAME}.toml").read_text(encoding="utf-8")


def test_every_shipped_profile_loads() -> None:
    assert NAME in names()
    for name in names():
        assert load(name).name == name


def test_beijings_launch_day_has_the_published_size() -> None:
    profile = load(NAME)
    assert (profile.orders, profile.pharmacies, profile.day) == (15_000, 300, "2024-07-01")
    assert sum(profile.permille_by_hour) == 1000 and max(profile.permille_by_hour) == 72
    night = profile.permille_by_hour[22:] + profile.permille_by_hour[:6]
    assert sum(night) == 123


def figures(node: Any) -> list[dict[str, Any]]:
    """Every table of a profile that holds a number of its own."""
    if isinstance(node, list):
        return [found for item in node for found in figures(item)]
    if not isinstance(node, dict):
        return []
    numeric = any(isinstance(value, int) for value in node.values())
    below = [found for value in node.values() for found in figures(value)]
    return [*([node] if numeric else []), *below]


def test_every_figure_names_its_source() -> None:
    table = tomllib.loads(TEXT)
    table.pop("seed")
    assert [figure for figure in figures(table) if not figure.get("source")] == []


def test_a_profile_may_be_a_file_of_ones_own(tmp_path: Any) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace("value = 15000", "value = 20"), encoding="utf-8")
    profile = load(str(path))
    assert (profile.name, profile.orders, profile.source) == ("mine", 20, str(path))
    assert profile.digest != load(NAME).digest


BROKEN = [
    ("not TOML", "seed = ", "seed == ", "TOML"),
    ("no day", 'day = "2024-07-01"', "", "day"),
    ("a fraction", "value = 15000", "value = 15000.5", "orders"),
    ("a figure without a source", 'source = "assumption"', "", "packing"),
    ("hours that are no whole day", "16, 10, 7, 5", "17, 10, 7, 5", "permille_by_hour"),
    ("23 hours", "16, 10, 7, 5", "26, 7, 5", "permille_by_hour"),
    ("fees without weights", "weights = [50, 50]", "weights = [50]", "packing"),
    ("weights of nothing", "weights = [80, 16, 4]", "weights = [0, 0, 0]", "weights"),
    ("minutes that run backwards", "from = 10\n", "from = 600\n", "after_minutes"),
    ("more undone than done", "value = 40\n", "value = 999\n", "undo"),
    ("more than everybody pays", "value = 100\n", "value = 990\n", "mix"),
    ("an unknown table", "[pace]", "[pase]", "pace"),
    ("a share above the whole", "permille = 5\n", "permille = 1005\n", "permille"),
]


@pytest.mark.parametrize(("what", "old", "new", "word"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_profile_is_refused_in_both_languages(what: str, old: str, new: str, word: str) -> None:
    assert old in TEXT
    with pytest.raises(ProfileError) as caught:
        read("broken", TEXT.replace(old, new, 1))
    assert word in caught.value.en
    assert caught.value.zh != caught.value.en


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ProfileError, match=NAME):
        load("shanghai")


def test_the_schema_names_everything_in_both_languages() -> None:
    schema: Any = jsontext.parse((ROOT / "suite" / "profile.json").read_bytes())
    for name, field in schema["properties"].items():
        assert field["title"] and field["x-title-en"], name


def test_the_reader_keeps_every_fault_of_the_file() -> None:
    told = tomllib.loads(TEXT)["faults"]
    assert [(fault.name, fault.permille) for fault in load_profile.load(NAME).faults] == [
        (row["name"], row["permille"]) for row in told
    ]
