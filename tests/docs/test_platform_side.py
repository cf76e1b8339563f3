"""The page for the platform's side is true: its city can be opened, its switches turned, its verbs exist."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main as certify
from simulator import cities
from tests.simulator.shop import Control, a_platform

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / language / "platform-side.md" for language in ("en", "zh")]
FENCE = re.compile(r"```(toml|sh)\n(.*?)```", re.DOTALL)


def fences(page: Path) -> list[tuple[str, str]]:
    return FENCE.findall(page.read_text(encoding="utf-8"))


def city_file() -> str:
    (text,) = [text for kind, text in fences(PAGES[0]) if kind == "toml"]
    return text


def commands(verb: str) -> list[list[str]]:
    lines = [line for kind, text in fences(PAGES[0]) if kind == "sh" for line in text.splitlines()]
    return [shlex.split(line)[3:] for line in lines if line.startswith(f"yibao-simulator room {verb} ")]


def settings(words: list[str]) -> dict[str, Any]:
    """``name=text`` and ``name:=json`` as the command line takes them."""
    told: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        told[name.removesuffix(":")] = json.loads(value) if name.endswith(":") else value
    return told


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The cities there are, and the page's."""
    here = tmp_path / "cities"
    shutil.copytree(cities.FOLDER, here, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cities, "FOLDER", here)
    cities.load.cache_clear()
    yield here
    cities.load.cache_clear()


def test_both_languages_show_the_same_files_and_commands() -> None:
    english, chinese = map(fences, PAGES)
    assert english == chinese


def test_the_city_of_the_page_opens_with_its_rules_and_people(folder: Path) -> None:
    (folder / "chengdu.toml").write_text(city_file(), encoding="utf-8")
    control = Control(a_platform())
    made, strict = [{"room": name, **settings(words)} for name, *words in commands("create")]
    told = control.must("POST", "/rooms", made)
    assert (told["admdvs"], told["rules"]["dialect"]) == ("510100", "national-2021")
    assert told["rules"]["benefits"][0]["ratio_bp"] == 6000
    people = control.must("GET", f"/rooms/{made['room']}/people")["people"]
    assert "510100" in {person["insuplc_admdvs"] for person in people}
    in_force = control.must("POST", "/rooms", strict)["in_force"]
    assert (in_force["msgid"], in_force["sign_in"]) == ("blind", "required")
    ((name, *words),) = commands("switch")
    assert control.must("PATCH", f"/rooms/{name}/switches", settings(words))


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("otc_only", "otc_onyl", "otc_onyl"),
        ("ratio_bp = 6000", "ratio_bp = 60000", "benefit[0].ratio_bp"),
        ('admdvs = "510100"', "admdvs = 510100", "admdvs"),
        ('"national-2021"', '"national-1999"', "no dialect 'national-1999'"),
        ('"counter"', '"kitchen"', "pool_at[0]"),
        ("[[benefit]]", "[[benefit]", "chengdu.toml"),
    ],
)
def test_a_wrong_city_file_is_refused_with_its_place(folder: Path, was: str, becomes: str, complaint: str) -> None:
    (folder / "chengdu.toml").write_text(city_file().replace(was, becomes), encoding="utf-8")
    control = Control(a_platform())
    status, told = control("POST", "/rooms", {"room": "r", "city": "chengdu"})
    assert (status, told["error"]["field"]) == (400, "city")
    assert complaint in told["error"]["en"]
    assert control.must("GET", "/health")["rooms"] == []


@pytest.mark.parametrize("verb", ["rejudge", "diff", "coverage"])
def test_the_verbs_of_the_page_exist(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert any(f"yibao-certify {verb} " in text for _, text in fences(PAGES[0]))
    monkeypatch.setattr(sys, "argv", ["yibao-certify", verb, "--help"])
    with pytest.raises(SystemExit) as end:
        certify()
    assert end.value.code == 0 and verb in capsys.readouterr().out
