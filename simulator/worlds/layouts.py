"""The two shapes a catalogue file comes in, turned into rows of named columns.

* CSV with a header: the official rule list, this project's own catalogue, any table with known headings.
* The text file of 1301: 97 columns (92 in older editions), TAB between them, no header, ``null`` for empty.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "med_list_codg": ("医疗目录编码", "医保目录编码", "药品代码", "国家医保编码", "hilist_code"),
    "reg_name": ("注册名称", "药品名称", "医保目录名称", "hilist_name"),
    "kind": (),
    "class_code": (),
    "name_code": (),
    "dosform_code": (),
    "spec_no": (),
    "pack_no": (),
    "company_code": (),
    "dosform": ("dosage_form", "剂型", "注册剂型"),
    "spec": ("规格", "注册规格"),
    "pacspec": (
        "spec_pack",
        "包装规格",
    ),
    "maker": ("manufacturer", "生产企业", "生产企业名称", "prodentp_name"),
    "aprvno": (
        "approval_no",
        "批准文号",
    ),
    "rx_flag": ("处方药标志",),
    "otc_type": (),
    "chrgitm_lv": ("收费项目等级", "甲乙类", "国家目录甲乙类标识"),
    "selfpay_bp": (),
    "pric_uplmt": ("定价上限金额",),
    "price": (
        "price_cny",
        "零售价",
    ),
    "online_barred": (),
    "code_status": (),
    "trace_prefix": (),
    "bas_medn_flag": ("基本药物标志",),
    "vali_flag": ("有效标志",),
    "rule_type": (),
    "rule_value": (),
}
"""Our column and the other headings it is known by; columns with headings not listed are left alone."""

TEXT_COLUMNS: Mapping[str, tuple[int, ...]] = {
    "med_list_codg": (1,),
    "reg_name": (8, 4),
    "dosform": (16, 11),
    "spec": (17, 14),
    "pacspec": (32,),
    "maker": (54, 86),
    "aprvno": (62,),
    "otc_flag": (28,),
    "otc_flag_name": (29,),
    "bas_medn_flag": (71,),
    "vali_flag": (79,),
    "chrgitm_lv": (92,),
    "lmt_used_scope": (57,),
    "lmt_used_flag": (58,),
}
"""Column numbers of 1301, counted from one; the first that is not empty counts."""

TEXT_WIDTHS = (97, 92)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. ``width`` is set when it has another number of columns than the file's."""

    line: int
    values: Mapping[str, str]
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and rows. ``columns``: those of ours that this file has."""

    columns: frozenset[str]
    widths: tuple[int, ...]
    rows: Iterator[Row]


class UnknownLayout(ValueError):
    """The file is neither of the shapes above."""


def table(text: str) -> Table:
    """Read a file's text as whichever shape it has.

    Raises:
        UnknownLayout: no TAB in the first line and no known heading for code and name; while rows are read, a
            line that is no CSV.
    """
    first = text[: text.find("\n")] if "\n" in text else text
    return _tab_table(text) if "\t" in first else _csv_table(text)


def _tab_table(text: str) -> Table:
    return Table(frozenset(TEXT_COLUMNS), TEXT_WIDTHS, _tab_rows(text))


def _tab_rows(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), start=1):
        cells = [_cell(cell) for cell in line.rstrip("\r").split("\t")]
        if cells == [""]:
            continue
        width = None if len(cells) in TEXT_WIDTHS else len(cells)
        values = {name: _first(cells, places) for name, places in TEXT_COLUMNS.items()}
        yield Row(number, values, width)


def _first(cells: list[str], places: tuple[int, ...]) -> str:
    return next((cells[place - 1] for place in places if place <= len(cells) and cells[place - 1]), "")


def _csv_table(text: str) -> Table:
    lines = _csv_lines(text)
    _, header = next(lines, (0, []))
    columns = {name: place for place, heading in enumerate(header) if (name := _column(heading))}
    missing = [name for name in ("med_list_codg", "reg_name") if name not in columns]
    if missing:
        wanted = "; ".join("/".join((name, *HEADINGS[name])) for name in missing)
        raise UnknownLayout(f"首行缺少列 / the first line has no column {wanted}")
    return Table(frozenset(columns), (len(header),), _csv_rows(lines, columns, len(header)))


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the number of the line they end in."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UnknownLayout(f"第 {reader.line_num} 行不是 CSV / line {reader.line_num}: {error}") from error


def _csv_rows(lines: Iterator[tuple[int, list[str]]], columns: Mapping[str, int], width: int) -> Iterator[Row]:
    for line, cells in lines:
        if not any(cells):
            continue
        values = {name: _cell(cells[place]) if place < len(cells) else "" for name, place in columns.items()}
        yield Row(line, values, None if len(cells) == width else len(cells))


def _column(heading: str) -> str:
    plain = heading.strip().lower()
    return next((name for name, others in HEADINGS.items() if plain == name or plain in others), "")


def _cell(text: str) -> str:
    plain = text.strip()
    return "" if plain.lower() == "null" else plain
