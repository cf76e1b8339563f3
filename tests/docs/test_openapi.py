"""The command of the page about the OpenAPI document, typed as printed, against a room that takes nothing unsigned."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.docs.serving import ROOT, SCRIPTS, simulator

EN, ZH = (ROOT / "docs" / language / "openapi.md" for language in ("en", "zh"))
PRINTED = "http://127.0.0.1:8470"
TOKEN = "first-hour"
FENCE = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)


def commands(page: Path) -> list[str]:
    return FENCE.findall(page.read_text(encoding="utf-8"))


@pytest.fixture
def address() -> Iterator[str]:
    with simulator(TOKEN) as found:
        yield found


def heard(address: str) -> list[dict[str, Any]]:
    """Every message the platform noted."""
    lines: list[dict[str, Any]] = []
    headers = {"authorization": f"Bearer {TOKEN}"}
    while True:
        query = {"after": lines[-1]["seq"] if lines else 0}
        more = httpx.get(f"{address}/control/rooms/main/journal", params=query, headers=headers).json()["lines"]
        if not more:
            return [line for line in lines if line["direction"] == "in"]
        lines += more


def test_both_languages_print_the_same_commands() -> None:
    assert commands(EN) == commands(ZH)


@pytest.mark.slow
def test_signed_and_sealed_hostile_messages_meet_no_fault_and_mostly_pass_the_door(address: str) -> None:
    (command,) = [one for one in commands(EN) if "signing_hook" in one]
    settings = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", "YIBAO_URL": address}
    script = command.replace(PRINTED, address)
    run = subprocess.run(["bash", "-ec", script], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=580)
    assert run.returncode == 0, run.stdout[-4_000:] + run.stderr[-2_000:]
    assert re.search(r"Selected: (\d+)/\1\s+Tested: \1\n", run.stdout), run.stdout[-2_000:]
    lines = heard(address)
    door = Counter(check["stage"] for line in lines for check in line["checks"] if not check["ok"])
    assert not [line["error"] for line in lines if line["error"]]
    assert not [line for line in lines if not line["sealed"] and line["outcome"] == "ok"]
    assert len(lines) > 400
    assert (door["open"] + door["route"]) / len(lines) < 0.1, door
    assert door["check"] > 100 and door["handle"] > 100, door
