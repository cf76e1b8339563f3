"""The first hour is true: every command of the page, typed as printed against a real server, answers as printed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / language / "first-hour.md" for language in ("en", "zh")]
FENCE = re.compile(r"```sh\n(.*?)\n```(?:\n```json\n(.*?)\n```)?", re.DOTALL)
SIMULATOR = str(Path(sys.executable).with_name("yibao-simulator"))
"""The installed command, of the environment that runs the tests."""


def fences(page: Path) -> list[tuple[str, str]]:
    return [(command, answer or "") for command, answer in FENCE.findall(page.read_text(encoding="utf-8"))]


@pytest.fixture(params=PAGES, ids=lambda page: page.parent.name)
def page(request: pytest.FixtureRequest) -> Path:
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def address(page: Path) -> Iterator[str]:
    """The server of the page's own command, on a free port."""
    (serve,) = [command for command, _ in fences(page) if " serve " in command]
    words = shlex.split(serve.splitlines()[-1])
    assert words[0] == "yibao-simulator"
    server = subprocess.Popen([SIMULATOR, *words[1:], "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert server.stdout
        for line in server.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                yield found[0]
                break
        else:
            pytest.fail("the server said no address")
    finally:
        server.terminate()
        server.communicate(timeout=10)


def matches(told: str, printed: str) -> bool:
    """Whether an answer has every printed piece in its order; ``…`` stands for anything."""
    pattern = ".*".join(re.escape(piece) for piece in printed.split("…"))
    return re.fullmatch(pattern, told, re.DOTALL) is not None


def timeless(text: str) -> str:
    """The page was written one morning; a reader reads it another day."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "YYYY-MM-DD HH:MM:SS", text)
    return re.sub(r'"sign_no":"\d{8}', '"sign_no":"YYYYMMDD', text)


def test_every_curl_of_the_page_answers_as_printed(page: Path, address: str) -> None:
    seen = 0
    for command, printed in fences(page):
        words = shlex.split(command)
        if words[0] != "curl":
            continue
        url = words[2].replace("http://127.0.0.1:8470", address)
        told = httpx.post(url, content=words[4].encode(), timeout=10).text
        assert matches(timeless(told), timeless(printed)), told
        seen += 1
    assert seen == 4


def test_every_other_command_of_the_page_ends_well(page: Path, address: str) -> None:
    environment = {**os.environ, "YIBAO_URL": address, "NO_COLOR": "1"}
    for command, _ in fences(page):
        words = shlex.split(command.splitlines()[-1])
        if words[0] != "yibao-simulator" or words[1] == "serve":
            continue
        extra = ["--once"] if words[1] == "watch" else []
        done = subprocess.run(
            [SIMULATOR, *words[1:], *extra], capture_output=True, text=True, cwd=ROOT,
            env=environment, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = (fences(page) for page in PAGES)
    assert english == chinese
