"""The pages: one for each interface and dictionary, whole, linked, readable by everybody, without a network."""

from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from schemas import loader, pages
from schemas.loader import ROOT

VOID = {"meta", "link", "br", "hr", "img", "input"}
MANY = 500


class Page(HTMLParser):
    """What a page holds, and whether its tags close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.assets: list[str] = []
        self.unscoped = 0
        self.tables = self.captions = 0
        self.headings: list[int] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.open += [] if tag in VOID else [tag]
        self.links += [given["href"] or ""] if tag == "a" else []
        self.ids |= {str(given["id"])} if "id" in given else set()
        self.assets += [tag] if tag in ("script", "link", "img", "iframe") else []
        self.unscoped += tag == "th" and "scope" not in given
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.headings += [int(tag[1])] if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def built() -> dict[str, Page]:
    return {path: Page(text) for path, text in pages.files()}


def test_every_interface_and_every_dictionary_has_its_page(built: dict[str, Page]) -> None:
    wanted = {f"{one.family}/{one.stem}.html" for one in loader.interfaces().values()}
    wanted |= {f"dictionaries/{path.stem}.html" for path in ROOT.glob("dictionaries/*.json")}
    assert set(built) == {"index.html", *wanted}


def test_every_link_leads_to_a_page_or_a_place_in_it(built: dict[str, Page]) -> None:
    for path, page in built.items():
        for link in page.links:
            target, _, place = link.partition("#")
            parts: list[str] = []
            for part in (PurePosixPath(path).parent / target).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            found = built["/".join(parts)] if target else page
            assert not place or place in found.ids, f"{path}: {link}"


def test_no_page_needs_anything_but_itself(built: dict[str, Page]) -> None:
    for path, page in built.items():
        assert page.assets == [], path
        assert not [link for link in page.links if "//" in link], path


def test_every_page_can_be_read_by_ear(built: dict[str, Page]) -> None:
    """Closed tags, one first heading, no heading level skipped, a caption for each table, a scope for each head."""
    for path, page in built.items():
        assert page.open == [], path
        assert (page.headings[0], page.headings.count(1)) == (1, 1), path
        assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), path
        assert (page.tables, page.unscoped) == (page.captions, 0), path


def names(node: dict[str, object]) -> set[str]:
    """Every field of a schema."""
    found: set[str] = set()
    for name, field in dict(node.get("properties") or {}).items():  # type: ignore[call-overload]  # a JSON object
        found |= {name} | names(field) | names(field.get("items", {}))
    return found


def test_every_field_stands_on_its_interface_s_page(built: dict[str, Page]) -> None:
    for one in loader.interfaces().values():
        page = built[f"{one.family}/{one.stem}.html"]
        words = {part.removesuffix("[]") for word in page.words for part in word.split(".")}
        assert names(one.input.schema) | names(one.output.schema) <= words, one.code


def test_a_wrong_example_is_shown_with_what_the_platform_says_to_it(built: dict[str, Page]) -> None:
    text = "".join(built["payment/upload_fees_6201.html"].words)
    assert "invalid_input_missing_orgCodg" in text
    assert "字段 orgCodg（机构编码）必填 / field orgCodg (institution code) is required" in text


def test_the_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pages.main(["--out", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "index.html").is_file()
    assert int(capsys.readouterr().out.split()[0]) > MANY


def test_a_folder_that_cannot_be_written_is_a_configuration_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").write_text("a file", encoding="utf-8")
    assert pages.main(["--out", str(tmp_path / "site")]) == 3
    assert "name a folder you may write to" in capsys.readouterr().err
