"""The page about a person who drives: both languages print the same, its commands begin and end as it says."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from conformance.drivers.desk import WHO
from tests.docs.serving import ROOT, SCRIPTS

PAGES = [ROOT / "docs" / language / "by-hand.md" for language in ("en", "zh")]
FENCE = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = (FENCE.findall(page.read_text(encoding="utf-8")) for page in PAGES)
    assert english == chinese


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_the_page_tells_everybody_who_may_have_to_act(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert all(f"【{who}】" in text for who in WHO.values())


@pytest.mark.parametrize("line", FENCE.findall(PAGES[0].read_text(encoding="utf-8"))[0].splitlines())
def test_a_command_of_the_page_asks_who_one_is_and_ends_with_three_when_nobody_answers(line: str) -> None:
    words = shlex.split(line)
    done = subprocess.run(
        [str(SCRIPTS / words[0]), *words[1:]], input="", capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 3
    assert "【测试人员 tester】 厂商 vendor" in done.stdout
    assert "the input was closed and nobody answered" in done.stdout + done.stderr
