"""Payment restrictions in the words of the official rule list, read into the closed kinds of the domain.

The published list (药品规则库) has two columns, ``rule_type`` and ``rule_value``, each holding one entry or
several joined by ``|`` in the same order. All values found in it are covered; anything else becomes
``other``, which is met nowhere, and is reported: nothing is dropped silently.
"""

import re
from dataclasses import dataclass

from simulator.domain.records import Restriction

CHILD_AGE_MAX = 14
"""House: the list says 儿童 and names no age; paediatric wards in China treat children up to fourteen."""

_SEX = {"男": "1", "女": "2"}
_HOSPITAL_LEVEL = {"一级": "1", "二级": "2", "三级": "3"}
"""As in the dictionary ``dedc_hosp_lv``: this level or higher."""
_INSUTYPE = {"生育": "510"}
_NO_INSUTYPE = {"工伤"}
"""Work injury is another insurance than the medical one: the dictionary ``insutype`` has no code for it."""
_SCOPES = {
    "男性": ("sex", "1"),
    "女性": ("sex", "2"),
    "儿童": ("age_max", str(CHILD_AGE_MAX)),
    "住院": ("inpatient", "1"),
    "生育保险": ("insutype", "510"),
    "二级及以上医疗机构": ("hospital_level", "2"),
    "三级医疗机构": ("hospital_level", "3"),
}
_DAYS = re.compile(r"([1-9][0-9]{0,3})天\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """The restrictions of one row, and the parts of it that no known rule explains."""

    restrictions: tuple[Restriction, ...]
    unknown: tuple[str, ...]


def read(rule_type: str, rule_value: str) -> Reading:
    """Read both columns of a row; empty columns mean an unrestricted drug."""
    if not rule_type and not rule_value:
        return Reading((), ())
    kinds, values = rule_type.split("|"), rule_value.split("|")
    if len(kinds) != len(values):
        text = f"{rule_type}：{rule_value}"
        return Reading((_other(text, text),), (text,))
    found = [_one(kind, value) for kind, value in zip(kinds, values, strict=True)]
    strange = tuple(each.text for each in found if each.kind == "other" and each.value not in _NO_INSUTYPE)
    return Reading(tuple(found), strange)


def read_scope(text: str) -> Reading:
    """Read the free text of 限制使用范围 (1301, column 57): one known rule, or several with a ； between them."""
    found = [_scope(part) for part in text.split("；")]
    unknown = tuple(each.text or "限制使用范围为空" for each in found if each.kind == "other")
    return Reading(tuple(found), unknown)


def _scope(text: str) -> Restriction:
    phrase = re.sub(r"[限使用支付。\s]", "", text)
    if phrase in _SCOPES:
        kind, value = _SCOPES[phrase]
        return Restriction(kind=kind, value=value, text=text)
    rule_type, colon, rule_value = text.partition("：")
    return _one(rule_type, rule_value) if colon else _other(text, text)


def _one(rule_type: str, rule_value: str) -> Restriction:
    text = f"{rule_type}：{rule_value}"
    kind, value = _meaning(rule_type, rule_value)
    return Restriction(kind=kind, value=value, text=text) if value else _other(rule_value, text)


def _meaning(rule_type: str, rule_value: str) -> tuple[str, str]:
    """Kind and value of a known rule; an empty value when it is unknown."""
    match rule_type:
        case "限定性别对象":
            return "sex", _SEX.get(rule_value, "")
        case "限定年龄对象":
            return "age_max", str(CHILD_AGE_MAX) if rule_value == "儿童" else ""
        case "限定支付疗程":
            days = _DAYS.match(rule_value)
            return "course_days", days[1] if days else ""
        case "限定机构等级":
            return "hospital_level", _HOSPITAL_LEVEL.get(rule_value, "")
        case "限定就医方式":
            return "inpatient", "1" if rule_value == "住院" else ""
        case "限定保险类型":
            return "insutype", _INSUTYPE.get(rule_value, "")
        case _:
            return "other", ""


def _other(value: str, text: str) -> Restriction:
    return Restriction(kind="other", value=value, text=text)
