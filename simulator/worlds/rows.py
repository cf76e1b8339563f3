"""One row of a catalogue file: from its cells to a drug, or to the first reason why it is none."""

import re
from collections.abc import Mapping

from simulator.domain import drugcode
from simulator.domain.records import Drug, Restriction
from simulator.worlds import restrictions

Note = tuple[str, str, str]
"""Field, and what was assumed about it in Chinese and English."""

NAME_LIMIT = 200
LEVELS = {"1": "01", "01": "01", "甲": "01", "甲类": "01", "2": "02", "02": "02", "乙": "02", "乙类": "02"}
LEVELS |= {"3": "03", "03": "03", "丙": "03", "丙类": "03"}
SELFPAY_BP = {"01": 0, "02": 1_000, "03": 10_000}
"""House, where the file names no share: 甲 nothing, 乙 a tenth, 丙 all."""
LIST_TYPES = {
    drugcode.Kind.WESTERN: ("101", "09"),
    drugcode.Kind.CHINESE: ("101", "11"),
    drugcode.Kind.HERBAL: ("102", "10"),
    drugcode.Kind.PREPARATION: ("103", "14"),
    drugcode.Kind.CONSUMABLE: ("301", "08"),
    drugcode.Kind.SERVICE: ("201", "14"),
}
"""``list_type`` and, where the code alone decides it, ``med_chrgitm_type`` of each kind of code."""
KIND_LABELS = {
    "西药": drugcode.Kind.WESTERN,
    "中成药": drugcode.Kind.CHINESE,
    "中药饮片": drugcode.Kind.HERBAL,
}

CODE_STATUS = {"real": "real", "verified": "real", "synthetic": "synthetic"}
CODE_STATUS |= {"prefix_verified": "synthetic", "real_code_same_name": "synthetic"}
"""A code that is only partly known to belong to the name counts as synthetic."""

_PRICE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?\Z")
_SEGMENTS = ("class_code", "name_code", "dosform_code", "spec_no", "pack_no", "company_code")
_OTC_FLAGS = {"0": ("1", ""), "1": ("0", "甲"), "2": ("0", "乙")}
"""House: the code list of column 28 of 1301 is not published; its name in column 29 goes first."""


class BadCell(Exception):
    """A cell that makes the row unusable; ``field`` is the column, empty for the row itself."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(field, zh, en)
        self.field = field
        self.zh = zh
        self.en = en


def drug_of(values: Mapping[str, str], *, rx_flag_if_unknown: str) -> tuple[Drug, list[Note]]:
    """The drug a row describes, and what had to be assumed.

    Raises:
        BadCell: at the first cell that is missing or makes no sense.
    """
    code = _code(values)
    notes: list[Note] = []
    rx_flag, otc_type = _rx(values, rx_flag_if_unknown, notes)
    level = _level(values, notes)
    list_type, charge_type = LIST_TYPES[code.kind]
    return Drug(
        med_list_codg=code.text,
        reg_name=_name(values),
        list_type=list_type,
        med_chrgitm_type=charge_type,
        dosform=values.get("dosform", ""),
        spec=values.get("spec", ""),
        pacspec=values.get("pacspec", ""),
        maker=values.get("maker", ""),
        aprvno=values.get("aprvno", ""),
        rx_flag=rx_flag,
        otc_type=otc_type,
        chrgitm_lv=level,
        selfpay_bp=_selfpay_bp(values, level),
        pric_uplmt=_price(values, "pric_uplmt"),
        price=_price(values, "price"),
        online_barred=_flag(values, "online_barred", "0") == "1",
        bas_medn_flag=_flag(values, "bas_medn_flag", "0"),
        trace_prefix=_trace_prefix(values),
        restrictions=_restrictions(values, notes),
        code_status=_code_status(values),
        vali_flag=_flag(values, "vali_flag", "1"),
    ), notes


def assumptions(columns: frozenset[str], rx_flag_if_unknown: str) -> list[Note]:
    """What is assumed about every row because the file has no column for it."""
    notes: list[Note] = []
    if not columns & {"rx_flag", "otc_flag"}:
        zh, en = ("处方药", "prescription drugs") if rx_flag_if_unknown == "1" else ("非处方药", "OTC drugs")
        notes.append(("rx_flag", f"文件无处方药标志，全部按{zh}处理", f"no such column: all taken for {en}"))
    if "chrgitm_lv" not in columns:
        notes.append(("chrgitm_lv", "文件无甲乙类，全部按丙类处理", "no such column: all taken for class 03"))
    return notes


def _code(values: Mapping[str, str]) -> drugcode.DrugCode:
    text = values["med_list_codg"]
    if not text:
        raise BadCell("med_list_codg", "编码为空", "the code is missing")
    try:
        code = drugcode.read(text)
    except drugcode.CodeError as error:
        raise BadCell("med_list_codg", error.zh, error.en) from error
    if code.kind not in LIST_TYPES:
        raise BadCell("med_list_codg", f"{text} 不是目录编码", f"{text} stands for products without a code")
    _agree(values, code)
    return code


def _agree(values: Mapping[str, str], code: drugcode.DrugCode) -> None:
    """Columns that repeat a part of the code must say the same."""
    kind = values.get("kind", "")
    if kind and KIND_LABELS.get(kind) is not code.kind:
        raise BadCell("kind", f"类别 {kind!r} 与编码首位 {code.text[0]} 不符", f"{kind!r} is not kind {code.text[0]}")
    for field in _SEGMENTS:
        said, real = values.get(field, ""), getattr(code, field)
        if said and said != real:
            raise BadCell(field, f"{field} 为 {said!r}，编码中为 {real!r}", f"says {said!r}, the code says {real!r}")


def _name(values: Mapping[str, str]) -> str:
    name = values["reg_name"]
    if not name:
        raise BadCell("reg_name", "名称为空", "the name is missing")
    if len(name) > NAME_LIMIT:
        raise BadCell("reg_name", f"名称超过 {NAME_LIMIT} 字", f"the name is longer than {NAME_LIMIT} characters")
    return name


def _rx(values: Mapping[str, str], if_unknown: str, notes: list[Note]) -> tuple[str, str]:
    """``rx_flag`` and ``otc_type``: from our own columns, else from columns 28 and 29 of 1301."""
    if "otc_flag" in values:
        return _rx_of_1301(values, if_unknown, notes)
    if values.get("rx_flag") == "":
        notes.append(_empty_rx_flag(if_unknown))
    flag = _flag(values, "rx_flag", if_unknown)
    otc_type = _one_of(values, "otc_type", ("甲", "乙"), "")
    if flag == "1" and otc_type:
        raise BadCell("otc_type", f"处方药不能有 otc_type {otc_type}", f"a prescription drug cannot be OTC {otc_type}")
    return flag, otc_type


def _rx_of_1301(values: Mapping[str, str], if_unknown: str, notes: list[Note]) -> tuple[str, str]:
    name, flag = values["otc_flag_name"], values["otc_flag"]
    if name:
        return _rx_of_name(name)
    if flag in _OTC_FLAGS:
        return _OTC_FLAGS[flag]
    if flag:
        raise BadCell("otc_flag", f"非处方药标志 {flag!r} 未知", f"unknown OTC flag {flag!r}")
    notes.append(_empty_rx_flag(if_unknown))
    return if_unknown, ""


def _empty_rx_flag(if_unknown: str) -> Note:
    return "rx_flag", f"处方药标志为空，按 rx_flag {if_unknown} 处理", f"empty: taken for rx_flag {if_unknown}"


def _rx_of_name(name: str) -> tuple[str, str]:
    if "双跨" in name or name in {"处方药", "否"}:
        return "1", ""
    if "非处方药" not in name and "OTC" not in name.upper() and name != "是":
        raise BadCell("otc_flag_name", f"非处方药标志名称 {name!r} 未知", f"unknown OTC label {name!r}")
    return "0", next((grade for grade in "甲乙" if grade in name), "")


def _level(values: Mapping[str, str], notes: list[Note]) -> str:
    text = values.get("chrgitm_lv", "")
    if values.get("chrgitm_lv") == "":
        notes.append(("chrgitm_lv", "甲乙类为空，按丙类处理", "empty: taken for class 03"))
    if text and text not in LEVELS:
        raise BadCell("chrgitm_lv", f"甲乙类 {text!r} 未知", f"unknown class {text!r}")
    return LEVELS.get(text, "03")


def _selfpay_bp(values: Mapping[str, str], level: str) -> int:
    text = values.get("selfpay_bp", "")
    if not text:
        return SELFPAY_BP[level]
    if not (text.isascii() and text.isdigit() and int(text) <= 10_000):
        raise BadCell("selfpay_bp", f"自付比例 {text!r} 应为 0 至 10000", f"{text!r} is not within 0 to 10000")
    return int(text)


def _price(values: Mapping[str, str], field: str) -> str:
    text = values.get(field, "")
    if text and (not _PRICE.match(text) or not text.strip("0.")):
        raise BadCell(field, f"金额 {text!r} 应为正数，最多六位小数", f"{text!r} is no price above zero, 6 decimals")
    return text


def _trace_prefix(values: Mapping[str, str]) -> str:
    text = values.get("trace_prefix", "")
    if text and not re.fullmatch(r"8[0-9]{6}", text):
        raise BadCell("trace_prefix", f"追溯码前缀 {text!r} 应为8开头的7位数字", f"{text!r} is not 8 and 6 digits")
    return text


def _code_status(values: Mapping[str, str]) -> str:
    text = values.get("code_status", "") or "real"
    if text.lower() not in CODE_STATUS:
        known = "/".join(CODE_STATUS)
        raise BadCell("code_status", f"code_status {text!r} 应为 {known}", f"{text!r} is not one of {known}")
    return CODE_STATUS[text.lower()]


def _flag(values: Mapping[str, str], field: str, otherwise: str) -> str:
    return _one_of(values, field, ("0", "1"), otherwise)


def _one_of(values: Mapping[str, str], field: str, allowed: tuple[str, ...], otherwise: str) -> str:
    text = values.get(field, "") or otherwise
    if text not in allowed and text != otherwise:
        raise BadCell(field, f"{field} {text!r} 应为 {'/'.join(allowed)}", f"{text!r} is not {'/'.join(allowed)}")
    return text


def _restrictions(values: Mapping[str, str], notes: list[Note]) -> tuple[Restriction, ...]:
    reading = restrictions.read(values.get("rule_type", ""), values.get("rule_value", ""))
    found = reading.restrictions
    unknown = reading.unknown
    if values.get("lmt_used_flag", "") == "1":
        scope = restrictions.read_scope(values["lmt_used_scope"])
        found, unknown = found + scope.restrictions, unknown + scope.unknown
    notes.extend(
        ("rule_type", f"限制规则未知：{text}", f"unknown restriction, met nowhere: {text}") for text in unknown
    )
    return found
