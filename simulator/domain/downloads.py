"""Catalogue downloads by version: 1301 and its family (institution-interfaces.md 3.1).

The list of western and Chinese medicines is the room's catalogue, all 97 columns; the herbal pieces in it are 1302, 33
columns. The other lists hold nothing this platform knows, so their files are empty (house). A version held is answered
with what is newer; an equal or higher one with an empty file (house).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from schemas.tabfile import pack
from simulator.domain import files
from simulator.domain.moment import DAY_MS, date10, stamp14
from simulator.domain.ports import Unit
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal

FIRST = 1
"""The version a catalogue begins with; each change of a drug makes a new one (house)."""
BEGUN = "2021-01-01"
"""House: the day every drug of the catalogue became valid."""
_MEDICINES, _HERBS = 97, 33
_LATE = ("1306A", "1320", "1321")
"""Their tables print ``dld_endtime``."""
_STEP = 1_000
_VERSION = re.compile(r"[vV]?0*([0-9]{1,9})\Z")
_BREAKS = re.compile(r"[\t\r\n]+")
_OTC_NAMES = {"甲": ("1", "甲类非处方药"), "乙": ("2", "乙类非处方药")}
_LEVELS = {"01": "甲", "02": "乙", "03": "丙"}

Row = Mapping[int, str]
"""Column number, from one, to its text; what is missing prints ``null``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugRevision:
    """A drug of the room that changed after its catalogue began, and the version it changed with."""

    KEY: ClassVar[str] = "med_list_codg"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    med_list_codg: str
    ver: int
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A list between two versions and the file that holds it, so that asking again makes no second file."""

    KEY: ClassVar[str] = "download_key"
    INDEXES: ClassVar[tuple[str, ...]] = ()

    download_key: str
    file_qury_no: str
    data_cnt: int


def revise(unit: Unit, med_list_codg: str) -> None:
    """A drug changed: the catalogue has a new version."""
    unit.put(DrugRevision(med_list_codg=med_list_codg, ver=_newest(unit) + 1, at_ms=unit.now_ms))


def download(unit: Unit, code: str, ver: str) -> dict[str, str]:
    """What a download answers: the file with what its list has beyond version ``ver``, a ZIP with one TXT.

    ``dld_end_time`` is the last whole day the file may be fetched.

    Raises:
        Refusal: ``version_unknown`` names ``ver``.
    """
    number = _VERSION.match(ver)
    if number is None:
        raise Refusal("version_unknown", "ver", value=ver)
    held, newest = int(number[1]), _newest(unit)
    key = f"{code}/{min(held, newest)}/{newest}"
    made = unit.get(Download, key)
    file = unit.get(files.File, made.file_qury_no) if made else None
    if made is None or file is None or file.expires_ms < unit.now_ms + DAY_MS:
        rows = _LISTS[code](unit, held) if code in _LISTS else []
        name = f"{code}_{_text(newest)}_{stamp14(unit.now_ms)}"
        content = pack(name, map(_cells, rows))
        file = files.keep(unit, filename=f"{name}.zip", fixmedins_code=files.PUBLIC, content=content)
        made = Download(download_key=key, file_qury_no=file.file_qury_no, data_cnt=len(rows))
        unit.put(made)
    return {
        "file_qury_no": file.file_qury_no, "filename": file.filename,
        "dld_endtime" if code in _LATE else "dld_end_time": date10(file.expires_ms - DAY_MS),
        "data_cnt": str(made.data_cnt),
    }  # fmt: skip


def _newest(unit: Unit) -> int:
    return max((revision.ver for revision in _revisions(unit).values()), default=FIRST)


def _revisions(unit: Unit) -> dict[str, DrugRevision]:
    found: dict[str, DrugRevision] = {}
    after = ""
    while rows := unit.page(DrugRevision, after, _STEP):
        found |= {row.med_list_codg: row for row in rows}
        after = rows[-1].med_list_codg
    return found


def _text(ver: int) -> str:
    return f"v{ver:04d}"


def _newer(unit: Unit, held: int, wanted: Callable[[Drug], bool], row: Callable[[Drug, str, str], Row]) -> list[Row]:
    revisions = _revisions(unit)
    found: list[Row] = []
    after = ""
    while drugs := unit.page(Drug, after, _STEP):
        for drug in drugs:
            revision = revisions.get(drug.med_list_codg)
            ver = revision.ver if revision else FIRST
            if ver > held and wanted(drug):
                found.append(row(drug, _text(ver), date10(revision.at_ms) if revision else BEGUN))
        after = drugs[-1].med_list_codg
    return found


def _medicines(unit: Unit, held: int) -> list[Row]:
    return _newer(unit, held, lambda drug: drug.list_type == "101", _medicine)


def _herbs(unit: Unit, held: int) -> list[Row]:
    return _newer(unit, held, lambda drug: drug.list_type == "102", _herb)


_LISTS: Mapping[str, Callable[[Unit, int], list[Row]]] = {"1301": _medicines, "1302": _herbs}


def _medicine(drug: Drug, ver: str, day: str) -> Row:
    """The 97 columns of 1301; codes whose lists are not published are left empty."""
    otc = _OTC_NAMES.get(drug.otc_type, ("0", "处方药") if drug.rx_flag == "1" else ("", "非处方药"))
    scope = "；".join(restriction.text for restriction in drug.restrictions)
    return {
        1: drug.med_list_codg, 4: drug.reg_name, 8: drug.reg_name, 11: drug.dosform, 14: drug.spec, 16: drug.dosform,
        17: drug.spec, 24: "1" if drug.med_list_codg.startswith("Z") else "0", 28: otc[0], 29: otc[1], 32: drug.pacspec,
        37: BEGUN, 54: drug.maker, 57: scope, 58: "1" if scope else "0", 62: drug.aprvno,
        70: "是" if drug.bas_medn_flag == "1" else "否", 71: drug.bas_medn_flag, 79: drug.vali_flag,
        80: f"R{drug.med_list_codg}", 81: BEGUN, 82: day, 83: ver, 84: ver, 86: drug.maker, 91: drug.dosform,
        92: _LEVELS.get(drug.chrgitm_lv, ""), 94: "1", 96: BEGUN, _MEDICINES: "",
    }  # fmt: skip


def _herb(drug: Drug, ver: str, day: str) -> Row:
    """The 33 columns of 1302."""
    return {
        1: drug.med_list_codg, 2: drug.reg_name, 12: BEGUN, 14: drug.vali_flag, 15: f"R{drug.med_list_codg}",
        16: BEGUN, 17: day, 18: ver, 19: ver, 20: drug.reg_name, 30: "1", 32: BEGUN, _HERBS: "",
    }  # fmt: skip


def _cells(row: Row) -> list[str]:
    """The row's cells in order; a break inside a text would be read as a new cell."""
    return [_BREAKS.sub(" ", row.get(number, "")).strip() for number in range(1, max(row) + 1)]
