"""Where a run's outcome is put: a folder with one file for each reader."""

from pathlib import Path
from typing import Any, cast

from loadtests import books as books_of
from loadtests import crew, page, report, tables
from loadtests.books import Books
from loadtests.campaign import Progress
from loadtests.crew import Crew
from loadtests.judgement import judge
from loadtests.load_profile import ProfileError
from loadtests.series import CODE_COLUMNS, COLUMNS
from schemas import jsontext

RESULTS, JUNIT, BOOKS, SUMMARY = "results.json", "junit.xml", "books.json", "summary.txt"
PAGE = "report.html"


def write(books: Books, folder: Path | None) -> tuple[str, int]:
    """Judge the books and write the report; the text for people and the exit code."""
    judgement = judge(books)
    text = report.text(books, judgement)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS).write_bytes(jsontext.compact(report.results(books, judgement)))
        (folder / JUNIT).write_bytes(report.junit(books, judgement))
        (folder / BOOKS).write_bytes(jsontext.compact(books_of.to_document(books)))
        (folder / SUMMARY).write_text(text, encoding="utf-8")
        (folder / PAGE).write_text(page.page(books, judgement), encoding="utf-8")
        _write_tables(books, folder)
    return text, judgement.exit_code


def _write_tables(books: Books, folder: Path) -> None:
    """The raw figures for other tools."""
    for name, columns, rows in (("series", COLUMNS, books.series), ("codes", CODE_COLUMNS, books.codes)):
        (folder / f"{name}.csv").write_bytes(tables.to_csv(columns, rows))
        parquet = tables.to_parquet(columns, rows)
        if parquet is not None:
            (folder / f"{name}.parquet").write_bytes(parquet)


def summed(books: Books, exit_code: int, text: str) -> dict[str, Any]:
    """What a worker tells its master about its share."""
    told = report.results(books, judge(books))
    return crew.told(exit_code, told["orders"], told["violations"], text)


def write_crew(whole: Crew, folder: Path | None) -> str:
    """Write what all workers together say; the text for people."""
    text = whole.text()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RESULTS).write_bytes(jsontext.compact(whole.results()))
        (folder / SUMMARY).write_text(text, encoding="utf-8")
    return text


def read_books(path: Path) -> Books:
    """The books of an earlier run.

    Raises:
        ProfileError: no such file, or not one of ours.
    """
    try:
        document = jsontext.parse(path.read_bytes())
    except OSError as fault:
        raise ProfileError(f"读不到 {path}：{fault.strerror}", f"cannot read {path}: {fault.strerror}") from None
    except jsontext.JsonError as fault:
        raise ProfileError(f"{path} 不是 JSON：{fault}", f"{path} is not JSON: {fault}") from None
    return books_of.read(document)


def progress_line(progress: Progress) -> str:
    """One line of JSON for a program that shows how far the run is."""
    return jsontext.compact({"progress": progress}).decode() + "\n"


def read_progress(line: str) -> Progress | None:
    """The progress such a line tells; None for any other line."""
    if not line.startswith('{"progress"'):
        return None
    try:
        told = cast("dict[str, Any]", jsontext.parse(line))
        return Progress(**told["progress"])
    except (jsontext.JsonError, TypeError):
        return None
