"""The pages people read, in a real browser: axe finds nothing against them, they fit a telephone, they print whole.

Needs Chromium and the extra ``pages``; where one of the two is not to be had, these tests say "not run" and why. What
can be told from the markup alone is tested without a browser in ``tests/conformance/test_report_access.py``.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.report.page import page as verdict_page
from loadtests.judgement import judge
from loadtests.page import page as load_page
from tests.conformance.bundle_lab import certified
from tests.loadtests.sound_books import books, changed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
MILLIMETRE = 96 / 25.4
PAPER = {"width": int(184 * MILLIMETRE), "height": int(267 * MILLIMETRE)}
"""What A4 leaves within the margins of the pages, in CSS pixels."""
SEEN_IN = """language => [...document.querySelectorAll("main span." + language)]
  .filter(e => e.getClientRects().length > 0).length"""
TALLEST = (
    """names => Math.max(0, ...[...document.querySelectorAll(names)].map(e => e.getBoundingClientRect().height))"""
)


def _load(**changes: Any) -> str:
    kept = books(**changes)
    return load_page(kept, judge(kept))


PAGES: dict[str, Callable[[], str]] = {
    "conformant": lambda: verdict_page(*certified()),
    "wrong-beliefs": lambda: verdict_page(*certified("mutant:silence-is-success")),
    "asks-nothing": lambda: verdict_page(*certified("mutant:never-asks")),
    "load": _load,
    "load-broken": lambda: _load(beliefs=changed(books().beliefs, 4, state="paid", order="failed")),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright", reason="not run: the extra `pages` is not installed")
    if CHROMIUM is None:
        pytest.skip("not run: no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=PAGES)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    path.write_text(PAGES[request.param](), encoding="utf-8")
    return path


def shown(browser: Any, file: Path, screen: dict[str, int], language: str, scheme: str = "light") -> Any:
    """The page as a person has it before them; the language is chosen with the keyboard."""
    tab = browser.new_page(viewport=screen, color_scheme=scheme)
    tab.goto(file.as_uri())
    tab.keyboard.press("Tab")
    if language == "en":
        tab.keyboard.press("ArrowRight")
    return tab


@pytest.mark.parametrize(("language", "screen", "scheme"), [("zh", PHONE, "dark"), ("en", DESK, "light")])
def test_axe_finds_nothing_and_one_language_shows(
    browser: Any, file: Path, language: str, screen: dict[str, int], scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tab = shown(browser, file, screen, language, scheme)
    told = Axe().run(tab).response
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in told["violations"]] == []
    assert len(told["passes"]) > 10
    assert tab.evaluate(SEEN_IN, language) > 20
    assert tab.evaluate(SEEN_IN, {"zh": "en", "en": "zh"}[language]) == 0
    tab.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_a_telephone(browser: Any, file: Path, language: str) -> None:
    tab = shown(browser, file, PHONE, language)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tab.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_paper_the_verdict_comes_first_and_no_drawing_is_cut(browser: Any, file: Path, language: str) -> None:
    tab = shown(browser, file, PAPER, language)
    tab.emulate_media(media="print")
    first = tab.locator(".word").bounding_box()
    assert first["y"] + first["height"] < PAPER["height"]
    assert tab.evaluate(TALLEST, "figure, .finding, tr") <= PAPER["height"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    tab.close()
