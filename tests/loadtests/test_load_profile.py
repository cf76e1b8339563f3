"""Profiles: the shipped ones hold, each figure names its source, a broken one is told in words."""

import tomllib
from typing import Any

import pytest

from loadtests import load_profile
from loadtests.load_profile import FOLDER, ProfileError, load, names, read, scaled
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
    """Every table of a profile that holds a number of its own; a fault's params stand under its row's source."""
    if isinstance(node, list):
        return [found for item in node for found in figures(item)]
    if not isinstance(node, dict):
        return []
    numeric = any(isinstance(value, int) for value in node.values())
    below = [found for name, value in node.items() if name != "params" for found in figures(value)]
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


def test_every_figure_of_every_profile_names_its_source() -> None:
    for name in names():
        table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        table.pop("seed")
        assert [figure for figure in figures(table) if not figure.get("source")] == [], name


def test_the_days_the_project_promises_are_there() -> None:
    assert set(names()) >= {
        "beijing-launch-day", "beijing-day-21", "lunch-peak", "flu-evening", "retry-storm", "month-end", "two-channels",
        "national-hour",
    }  # fmt: skip
    assert load("beijing-day-21").pharmacies == 447 and load("beijing-day-21").orders > load(NAME).orders
    assert load("flu-evening").bursts[0].times == 10
    assert {storm.window.minutes for storm in load("retry-storm").storms} <= set(range(1, 11))
    assert len(load("two-channels").channel_weights) == 2
    hour = load("national-hour")
    assert hour.orders * 100 * 24 == 18_000_000 and hour.window.minutes == 60


def test_a_profile_is_thinned_out_and_keeps_its_density() -> None:
    small = scaled(load(NAME), "0.01")
    assert (small.orders, small.people, small.pharmacies, small.scale) == (150, 30, 3, "0.01")
    assert scaled(load(NAME), "1") == load(NAME)
    assert scaled(load(NAME), "2").orders == 30_000


@pytest.mark.parametrize("scale", ["0", "-1", "many", "1/0", "100"])
def test_a_scale_that_makes_no_sense_is_refused(scale: str) -> None:
    with pytest.raises(ProfileError, match="scale"):
        scaled(load(NAME), scale)


@pytest.mark.parametrize("name", names())
def test_a_profile_is_summed_up_in_both_languages(name: str) -> None:
    text = "\n".join(load_profile.summary(load(name)))
    assert "单 orders" in text and "故障 faults" in text


STORM = '[[storms]]\nname = "slow"\nfrom_minute = 1430\nminutes = 20\nsource = "assumption"\n'
BROKEN = [
    ("a storm that outlasts the day", "[pace]", f"{STORM}\n[pace]", "storms"),
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
