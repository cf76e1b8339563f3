"""The published tables: fields, interfaces and dictionaries, read from CSV as they were printed."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FILES = ("interfaces.csv", "interface_fields.csv", "dictionaries.csv")

ROLES = {
    **dict.fromkeys(("医药机构", "定点医药机构", "地市业务系统/定点医药机构系统"), "institution"),
    **dict.fromkeys(("医疗机构", "定点医疗机构"), "hospital"),
    "零售药店": "pharmacy",
    "地方医保局": "platform",
    "省级清算平台": "clearing_platform",
    "地方电子凭证中心": "evoucher",
    "地方医保移动支付中心": "pay_centre",
    "地方医保电子处方中心": "prescription_centre",
}
"""Printed sender or receiver → the word the schemas use."""


class TableError(ValueError):
    """The tables cannot be read; the text says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One printed field. ``direction`` is ``input`` or ``output``; ``node`` is empty for unnamed nodes."""

    interface: str
    direction: str
    node: str
    seq: int
    field: str
    label_zh: str
    type: str
    length: str
    coded: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Interface:
    """One printed interface: its code, its Chinese name, who sends and who receives."""

    code: str
    name_zh: str
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables. ``rows`` are grouped by interface code, ``dictionaries`` by name."""

    interfaces: Mapping[str, Interface]
    rows: Mapping[str, tuple[Row, ...]]
    dictionaries: Mapping[str, Mapping[str, str]]
    dictionary_titles: Mapping[str, str]


def read(folder: Path) -> Tables:
    """Read the three CSV files of ``folder``; raises TableError when one is missing or has no such column."""
    for name in FILES:
        if not (folder / name).is_file():
            raise TableError(f"{folder / name} is not there; --spec must name the folder that holds {', '.join(FILES)}")
    try:
        codes, titles = _dictionaries(folder / "dictionaries.csv")
        return Tables(_interfaces(folder / "interfaces.csv"), _rows(folder / "interface_fields.csv"), codes, titles)
    except KeyError as missing:
        raise TableError(f"a table in {folder} has no column {missing}") from missing


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _interfaces(path: Path) -> dict[str, Interface]:
    return {
        line["interface"]: Interface(
            code=line["interface"],
            name_zh=_plain_name(line["name_zh"]),
            sender=ROLES.get(line["sender_zh"], "institution"),
            receiver=ROLES.get(line["receiver_zh"], "platform"),
        )
        for line in _lines(path)
    }


def _plain_name(name: str) -> str:
    """Brackets in a printed name hold remarks of a copyist, not the name."""
    return re.split("[（(]", name)[0].strip() or name


def _rows(path: Path) -> dict[str, tuple[Row, ...]]:
    grouped: dict[str, list[Row]] = {}
    for line in _lines(path):
        grouped.setdefault(line["interface"], []).append(_row(line))
    return {code: tuple(rows) for code, rows in grouped.items()}


def _row(line: Mapping[str, str]) -> Row:
    return Row(
        interface=line["interface"],
        direction={"request": "input", "response": "output"}[line["direction"]],
        node="" if line["node"] == "无节点" else line["node"],
        seq=int(line["seq"] or 0),
        field=line["field"],
        label_zh=line["label_zh"],
        type=line["type"],
        length=line["length"],
        coded=line["coded"] == "Y",
        required=line["required"] == "Y",
    )


def _dictionaries(path: Path) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    codes: dict[str, dict[str, str]] = {}
    titles: dict[str, str] = {}
    for line in _lines(path):
        codes.setdefault(line["dictionary"], {})[line["code"]] = line["meaning_zh"]
        titles[line["dictionary"]] = line["name_zh"]
    return codes, titles
