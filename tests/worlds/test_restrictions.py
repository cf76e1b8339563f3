"""Restrictions in the words of the official rule list."""

import pytest

from simulator.worlds import restrictions


@pytest.mark.parametrize(
    ("rule_type", "rule_value", "expected"),
    [
        ("", "", []),
        ("限定性别对象", "女", [("sex", "2")]),
        ("限定性别对象", "男", [("sex", "1")]),
        ("限定年龄对象", "儿童", [("age_max", "14")]),
        ("限定保险类型", "工伤", [("other", "工伤")]),
        ("限定性别对象|限定保险类型", "女|生育", [("sex", "2"), ("insutype", "510")]),
        ("限定就医方式", "住院", [("inpatient", "1")]),
        ("限定年龄对象|限定就医方式", "儿童|住院", [("age_max", "14"), ("inpatient", "1")]),
        ("限定支付疗程", "365天", [("course_days", "365")]),
        ("限定支付疗程|限定就医方式", "14天|住院", [("course_days", "14"), ("inpatient", "1")]),
        ("限定机构等级", "三级", [("hospital_level", "3")]),
        ("限定机构等级|限定支付疗程", "二级|3天", [("hospital_level", "2"), ("course_days", "3")]),
    ],
)
def test_every_rule_of_the_list_has_a_meaning(rule_type: str, rule_value: str, expected: list[tuple[str, str]]) -> None:
    reading = restrictions.read(rule_type, rule_value)
    assert [(each.kind, each.value) for each in reading.restrictions] == expected
    assert reading.unknown == ()


@pytest.mark.parametrize(
    ("rule_type", "rule_value", "unknown"),
    [
        ("限定性别对象", "其他", ("限定性别对象：其他",)),
        ("限定支付疗程", "0天", ("限定支付疗程：0天",)),
        ("限定支付疗程", "两周", ("限定支付疗程：两周",)),
        ("限定疾病", "颈椎病", ("限定疾病：颈椎病",)),
        ("限定性别对象|限定疾病", "女|颈椎病", ("限定疾病：颈椎病",)),
        ("限定性别对象", "女|男", ("限定性别对象：女|男",)),
        ("", "女", ("：女",)),
        ("限定性别对象", "", ("限定性别对象：",)),
    ],
)
def test_what_is_not_understood_is_kept_and_named(rule_type: str, rule_value: str, unknown: tuple[str, ...]) -> None:
    reading = restrictions.read(rule_type, rule_value)
    assert reading.unknown == unknown
    assert [each.text for each in reading.restrictions if each.kind == "other"] == list(unknown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("限女性", [("sex", "2")]),
        ("限儿童使用。", [("age_max", "14")]),
        ("限定性别对象：女；限定支付疗程：20天", [("sex", "2"), ("course_days", "20")]),
        ("限二线用药", [("other", "限二线用药")]),
        ("限男性；限重症", [("sex", "1"), ("other", "限重症")]),
    ],
)
def test_a_scope_is_one_rule_or_several(text: str, expected: list[tuple[str, str]]) -> None:
    reading = restrictions.read_scope(text)
    assert [(each.kind, each.value) for each in reading.restrictions] == expected
    assert list(reading.unknown) == [value for kind, value in expected if kind == "other"]
