"""The page about faults: every fault in both languages, and each command does what the page says."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from simulator.faults.kinds import KINDS
from tests.simulator.test_cli import command, running

__all__ = ["command", "running"]
DOCS = Path(__file__).resolve().parents[2] / "docs"
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(language: str) -> str:
    return (DOCS / language / "faults.md").read_text(encoding="utf-8")


def commands(language: str) -> list[list[str]]:
    lines = [line for block in FENCE.findall(page(language)) for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_lists_every_fault_as_the_simulator_words_it(language: str) -> None:
    listed = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", page(language), re.MULTILINE)
    known = [(name, ", ".join(kind.places), str(getattr(kind, language))) for name, kind in KINDS.items()]
    assert listed == known, "a fault was changed or added: write its row into docs/en/faults.md and docs/zh/faults.md"


def test_both_pages_show_the_same_commands_and_each_of_them_works(command: Any) -> None:  # the fixture
    assert commands("en") == commands("zh")
    for words in commands("en"):
        code, told = command(*words)
        assert code == 0, (words, told)
    listed = command("fault", "list")[1]
    assert all(words[2] in listed for words in commands("en")[-4:])
    assert command("fault", "clear")[0] == 0
