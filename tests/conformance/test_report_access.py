"""The page for everybody: what a screen reader, a keyboard and a bad screen need, checked on a page with failures.

These are structural checks computed from the markup and the style sheet; ``tests/pages`` asks a real browser.
"""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from conformance.report.page import page
from conformance.report.stake import at_stake_fen
from tests.conformance.bundle_lab import certified

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
VOID = frozenset("meta link input br img hr path line rect".split())
TEXT_LEAST, SHAPE_LEAST = 450, 300
"""WCAG 2.2 AA, in hundredths: 1.4.3 for text, 1.4.11 for what must be seen of a control or drawing."""


class Markup(HTMLParser):
    """Every element with its attributes, its parents and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[dict] = []
        self.open: list[dict] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {"tag": tag, "text": "", "parents": [one["tag"] for one in self.open], **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop()["tag"] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element["text"] += data

    def of(self, *tags: str) -> list[dict]:
        return [one for one in self.elements if one["tag"] in tags]


@pytest.fixture(scope="module")
def html() -> str:
    return page(*certified("mutant:silence-is-success"))


@pytest.fixture(scope="module")
def markup(html: str) -> Markup:
    return Markup(html[html.index("<html") :])


def test_every_element_is_closed_and_every_id_is_there_once(markup: Markup) -> None:
    assert markup.open == []
    ids = [one["id"] for one in markup.elements if "id" in one]
    assert len(ids) == len(set(ids))


def test_the_page_and_each_word_say_their_language(markup: Markup) -> None:
    assert markup.of("html")[0]["lang"] == "zh-Hans"
    spoken = {"zh": "zh-Hans", "en": "en"}
    for one in markup.of("span"):
        if (language := spoken.get(one.get("class", ""))) is not None:
            assert one["lang"] == language


def test_no_chinese_stands_among_what_is_said_to_be_english(markup: Markup) -> None:
    english = [one["text"] for one in markup.of("span", "label") if one.get("lang") == "en"]
    assert english
    assert [text for text in english if re.search("[\u4e00-\u9fff]", text)] == []


def test_headings_go_down_one_step_at_a_time_from_a_single_first(markup: Markup) -> None:
    levels = [int(one["tag"][1]) for one in markup.of(*HEADINGS)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(one["text"].strip() for one in markup.of(*HEADINGS))


def test_there_is_one_main_part_and_a_title(markup: Markup) -> None:
    assert len(markup.of("main")) == 1
    assert markup.of("title")[0]["text"].strip()


def test_every_table_has_headers_that_say_what_they_head(markup: Markup) -> None:
    for one in markup.of("th"):
        assert one.get("scope") in ("col", "row") and one["text"].strip()
    assert len(markup.of("thead")) == len(markup.of("table")) >= 3


def test_the_language_switch_can_be_reached_and_seen_with_a_keyboard(markup: Markup, html: str) -> None:
    switches = markup.of("input")
    assert [one["type"] for one in switches] == ["radio", "radio"]
    assert all(one["aria-label"] for one in switches)
    assert {one["for"] for one in markup.of("label")} == {one["id"] for one in switches}
    assert "display: none" not in style(html, "input[name=lang]")
    assert "focus-visible" in html and "outline: none" not in html
    assert all(one.get("tabindex", "0") == "0" for one in markup.elements)


def test_what_scrolls_can_be_focused(markup: Markup) -> None:
    drawings = [one for one in markup.of("figure") if one.get("class") == "drawing"]
    assert drawings
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in drawings)


def test_a_drawing_is_told_in_words_too(markup: Markup) -> None:
    assert all(one["aria-hidden"] == "true" for one in markup.of("svg"))
    told = [one["text"] for one in markup.of("ol") if one.get("class") == "told"]
    assert len(told) == len(markup.of("svg")) > 0
    assert all("6202" in text for text in told)


def test_nothing_is_said_by_colour_alone(markup: Markup, html: str) -> None:
    coloured = {"failed": "failed", "untested": "untested", "passed": "passed", "warned": "warned"}
    for one in markup.elements:
        for name in one.get("class", "").split():
            if name in coloured and one["tag"] in ("td", "th", "span"):
                assert coloured[name] in one["text"]
    faulty = [one for one in markup.of("g") if "fault" in one.get("class", "").split()]
    assert faulty and all("⚡" in one["text"] for one in faulty)
    marked = [one for one in markup.of("g") if "marked" in one.get("class", "").split()]
    assert all("▶" in one["text"] for one in marked)
    assert "stroke-dasharray" in style(html, "svg .fault line")


def test_a_failure_about_money_says_how_much(markup: Markup, html: str) -> None:
    assert "3160 fen (31.60 yuan)" in html
    _, run = certified("mutant:silence-is-success")
    assert at_stake_fen(run.evidence["lost-6202-gone"], (7,)) == 3160


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("ground", ["paper", "wash", "mark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "good", "bad", "warn"])
def test_text_stands_out_from_its_ground(html: str, scheme: str, ground: str, ink: str) -> None:
    colours = scheme_of(html, scheme)
    assert contrast(colours[ink], colours[ground]) >= TEXT_LEAST, (colours[ink], colours[ground])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_ring_stands_out(html: str, scheme: str) -> None:
    colours = scheme_of(html, scheme)
    assert contrast(colours["focus"], colours["paper"]) >= SHAPE_LEAST


def test_print_leaves_the_switch_out_and_keeps_a_failure_together(html: str) -> None:
    printed = html[html.index("@media print") :]
    assert ".switch { display: none; }" in printed and "break-inside: avoid" in printed


def style(html: str, selector: str) -> str:
    return html.partition(f"{selector} {{")[2].partition("}")[0]


def scheme_of(html: str, scheme: str) -> dict[str, str]:
    """The colours by name; dark and print change some of the light ones."""
    found = re.findall(r":root \{([^}]*)\}", html)
    assert len(found) == 3
    light, changed = (dict(re.findall(r"--(\w+): (#\w+)", rule)) for rule in (found[0], found[scheme_number(scheme)]))
    return light | changed


def scheme_number(scheme: str) -> int:
    return ("light", "dark", "print").index(scheme)


def contrast(one: str, other: str) -> int:
    """WCAG contrast ratio in hundredths."""
    dark, light = sorted((luminance(one), luminance(other)))
    return int((light + 0.05) / (dark + 0.05) * 100)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
