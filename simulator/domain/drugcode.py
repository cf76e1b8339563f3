"""The national codes of what may be billed, taken apart into their segments, and drug trace codes.

Structure: the published coding rules for western medicine (X, 23 characters), proprietary Chinese medicine
(Z, 20), herbal pieces (T, 10), preparations of medical institutions (J, 16), consumables (C, 20 or 27) and
services (15 digits). A code is judged by its form alone; whether it exists is the catalogue's business.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

NO_CODE = "NMLC999"
"""What a product without a national code carries instead (3505A)."""


class Kind(StrEnum):
    """What a code stands for, named by its leading letter where it has one."""

    WESTERN = "X"
    CHINESE = "Z"
    HERBAL = "T"
    PREPARATION = "J"
    CONSUMABLE = "C"
    SERVICE = "S"
    UNCODED = "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugCode:
    """A code by segments; a segment its kind does not have is empty.

    Herbal pieces: ``class_code`` = source and efficacy, ``name_code`` = the piece. Consumables:
    ``class_code`` = class, ``name_code`` = generic name, ``dosform_code`` = feature, ``pack_no`` = serial
    of the model (27 characters only). Services: ``class_code`` = 00 or province, ``name_code`` = item,
    ``spec_no`` and ``pack_no`` = split and surcharge, ``company_code`` = the local suffix. Preparations:
    the widths are not published, all of it is ``name_code``.
    """

    text: str
    kind: Kind
    class_code: str = ""
    name_code: str = ""
    dosform_code: str = ""
    spec_no: str = ""
    pack_no: str = ""
    company_code: str = ""


class CodeError(ValueError):
    """The text has not the published structure; ``segment`` is the part at fault, ``code`` the whole."""

    def __init__(self, segment: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.segment = segment
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class _Segment:
    """One segment of a layout: the DrugCode field it fills, its width, its form, and what people call it."""

    field: str
    width: int
    form: str
    zh: str
    shape_zh: str
    shape_en: str


_COMPANY = _Segment("company_code", 5, r"\d{5}", "企业", "5位数字", "5 digits")
_SPEC = _Segment("spec_no", 2, r"\d{2}", "规格", "2位数字", "2 digits")
_PACK = _Segment("pack_no", 2, r"\d{2}", "包装", "2位数字", "2 digits")
_CLASS = _Segment(
    "class_code", 5, r"[A-Z]\d{2}[A-Z]{2}", "类别", "字母+2位数字+2位字母", "a letter, 2 digits, 2 letters"
)
_WESTERN = (
    _CLASS,
    _Segment("name_code", 4, r"[A-Z]\d{3}", "名称", "字母+3位数字", "a letter and 3 digits"),
    _Segment("dosform_code", 4, r"[A-Z]\d{3}", "剂型", "字母+3位数字", "a letter and 3 digits"),
    _SPEC,
    _PACK,
    _COMPANY,
)
_CHINESE = (
    _CLASS,
    _Segment("name_code", 5, r"[A-Z]\d{4}", "名称", "字母+4位数字", "a letter and 4 digits"),
    _SPEC,
    _PACK,
    _COMPANY,
)
_HERBAL = (
    _Segment("class_code", 4, r"\d{4}", "来源功效", "4位数字", "4 digits"),
    _Segment("name_code", 5, r"\d{5}", "名称", "5位数字", "5 digits"),
)
_PREPARATION = (_Segment("name_code", 15, r"[0-9A-Z]{15}", "主体", "15位数字或大写字母", "15 digits or capitals"),)
_CONSUMABLE = (
    _Segment("class_code", 6, r"\d{6}", "分类", "6位数字", "6 digits"),
    _Segment("name_code", 3, r"[0-9A-Z]{3}", "通用名", "3位数字或大写字母", "3 digits or capitals"),
    _Segment("dosform_code", 5, r"[0-9A-Z]{5}", "特征", "5位数字或大写字母", "5 digits or capitals"),
    _Segment("company_code", 5, r"[0-9A-Z]{5}", "企业", "5位数字或大写字母", "5 digits or capitals"),
)
_MODEL = _Segment("pack_no", 7, r"\d{7}", "型号流水", "7位数字", "7 digits")
_SERVICE = (
    _Segment("class_code", 2, r"\d{2}", "来源", "2位数字", "2 digits"),
    _Segment("name_code", 9, r"\d{9}", "项目", "9位数字", "9 digits"),
    _Segment("spec_no", 2, r"\d{2}", "分解", "2位数字", "2 digits"),
    _Segment("pack_no", 2, r"\d{2}", "加收", "2位数字", "2 digits"),
)
_LOCAL = _Segment("company_code", 10, r"-\d{9}", "地方后缀", "短横线加9位数字", "a hyphen and 9 digits")

_LAYOUTS: dict[Kind, tuple[tuple[_Segment, ...], ...]] = {
    Kind.WESTERN: (_WESTERN,),
    Kind.CHINESE: (_CHINESE,),
    Kind.HERBAL: (_HERBAL,),
    Kind.PREPARATION: (_PREPARATION,),
    Kind.CONSUMABLE: (_CONSUMABLE, (*_CONSUMABLE, _MODEL)),
    Kind.SERVICE: (_SERVICE, (*_SERVICE, _LOCAL)),
}


def read(text: str) -> DrugCode:
    """Take a code apart.

    Raises: CodeError: (a ``ValueError``) unknown leading letter, wrong length, or a segment of the wrong
    form, named.
    """
    if text == NO_CODE:
        return DrugCode(text=text, kind=Kind.UNCODED)
    kind = _kind(text)
    head = "" if kind is Kind.SERVICE else kind.value
    layout = _layout(text, kind, len(head))
    found: dict[str, str] = {}
    at = len(head)
    for segment in layout:
        found[segment.field] = _cut(text, segment, at)
        at += segment.width
    return DrugCode(text=text, kind=kind, **found)


def _kind(text: str) -> Kind:
    first = text[:1]
    if first.isascii() and first.isdigit():
        return Kind.SERVICE
    if first in ("X", "Z", "T", "J", "C"):
        return Kind(first)
    raise CodeError(
        "code",
        f"编码 {text!r} 应以 X、Z、T、J、C 或数字开头，或为 {NO_CODE}",
        f"code {text!r} must begin with X, Z, T, J, C or a digit, or be {NO_CODE}",
    )


def _layout(text: str, kind: Kind, head: int) -> tuple[_Segment, ...]:
    lengths: list[int] = []
    for layout in _LAYOUTS[kind]:
        lengths.append(head + sum(segment.width for segment in layout))
        if lengths[-1] == len(text):
            return layout
    raise CodeError(
        "code",
        f"编码 {text!r} 长 {len(text)} 位，{kind.value} 类应为 {'或'.join(map(str, lengths))} 位",
        f"code {text!r} has {len(text)} characters, kind {kind.value} has {' or '.join(map(str, lengths))}",
    )


def _cut(text: str, segment: _Segment, at: int) -> str:
    piece = text[at : at + segment.width]
    if re.fullmatch(segment.form, piece, re.ASCII):
        return piece
    span = f"{at + 1}-{at + segment.width}"
    raise CodeError(
        segment.field,
        f"编码 {text!r} 第 {span} 位（{segment.zh}段）应为{segment.shape_zh}，实为 {piece!r}",
        f"code {text!r}, characters {span} ({segment.field}): {segment.shape_en} expected, found {piece!r}",
    )


TRACE_PREFIX_LENGTH = 7
"""The leading digits of a trace code that name the product and pack."""


class TraceFlag(StrEnum):
    """What is unusual about a trace code. Only ``EMPTY`` and ``TOO_LONG`` forbid it, the rest is noted."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_DIGITS = "not_digits"
    NOT_TWENTY = "not_twenty"
    NOT_EIGHT = "not_eight"


def trace_flags(code: str, *, max_length: int = 30) -> frozenset[TraceFlag]:
    """What is unusual about a drug trace code; empty for the common form, ``8`` and 19 digits.

    Makers' own numbers and imported packs' DataMatrix texts are lawful and look different, so form alone
    never refuses. No check digit is published, so none is checked. ``max_length``: 100 in 2102, 30
    elsewhere.
    """
    if not code:
        return frozenset({TraceFlag.EMPTY})
    tests = {
        TraceFlag.TOO_LONG: len(code) > max_length,
        TraceFlag.NOT_DIGITS: not (code.isascii() and code.isdigit()),
        TraceFlag.NOT_TWENTY: len(code) != 20,
        TraceFlag.NOT_EIGHT: not code.startswith("8"),
    }
    return frozenset(flag for flag, hit in tests.items() if hit)


def trace_prefix(code: str) -> str:
    """The seven digits naming product and pack, or empty when the code is not of the common form."""
    return "" if trace_flags(code) else code[:TRACE_PREFIX_LENGTH]
