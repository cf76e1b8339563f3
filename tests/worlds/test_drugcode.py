"""National codes come apart into their segments, or the segment at fault is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.domain import drugcode
from simulator.domain.drugcode import CodeError, DrugCode, Kind, TraceFlag


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "XA01ABD075A002010100483",
            DrugCode(
                text="XA01ABD075A002010100483",
                kind=Kind.WESTERN,
                class_code="A01AB",
                name_code="D075",
                dosform_code="A002",
                spec_no="01",
                pack_no="01",
                company_code="00483",
            ),
        ),
        (
            "ZA04AAF0155010103164",
            DrugCode(
                text="ZA04AAF0155010103164",
                kind=Kind.CHINESE,
                class_code="A04AA",
                name_code="F0155",
                spec_no="01",
                pack_no="01",
                company_code="03164",
            ),
        ),
        (
            "T001700123",
            DrugCode(text="T001700123", kind=Kind.HERBAL, class_code="0017", name_code="00123"),
        ),
        (
            "J110105012345678",
            DrugCode(text="J110105012345678", kind=Kind.PREPARATION, name_code="110105012345678"),
        ),
        (
            "C0201010520000109999",
            DrugCode(
                text="C0201010520000109999",
                kind=Kind.CONSUMABLE,
                class_code="020101",
                name_code="052",
                dosform_code="00001",
                company_code="09999",
            ),
        ),
        (
            "C02010105200001099990000007",
            DrugCode(
                text="C02010105200001099990000007",
                kind=Kind.CONSUMABLE,
                class_code="020101",
                name_code="052",
                dosform_code="00001",
                company_code="09999",
                pack_no="0000007",
            ),
        ),
        (
            "001102000010000",
            DrugCode(
                text="001102000010000",
                kind=Kind.SERVICE,
                class_code="00",
                name_code="110200001",
                spec_no="00",
                pack_no="00",
            ),
        ),
        (
            "001102000010000-110200001",
            DrugCode(
                text="001102000010000-110200001",
                kind=Kind.SERVICE,
                class_code="00",
                name_code="110200001",
                spec_no="00",
                pack_no="00",
                company_code="-110200001",
            ),
        ),
        ("NMLC999", DrugCode(text="NMLC999", kind=Kind.UNCODED)),
    ],
)
def test_a_code_comes_apart_into_its_segments(text: str, expected: DrugCode) -> None:
    assert drugcode.read(text) == expected


@pytest.mark.parametrize(
    ("text", "segment", "said"),
    [
        ("", "code", "begin with"),
        ("QA01ABD075A002010100483", "code", "begin with"),
        ("xA01ABD075A002010100483", "code", "begin with"),
        ("٣01102000010000", "code", "begin with"),
        ("XA01ABD075A00201010048", "code", "22 characters, kind X has 23"),
        ("XA01ABD075A0020101004830", "code", "24 characters, kind X has 23"),
        ("X101ABD075A002010100483", "class_code", "characters 2-6"),
        ("XA01A1D075A002010100483", "class_code", "'A01A1'"),
        ("XA01AB0075A002010100483", "name_code", "characters 7-10"),
        ("XA01ABD0755002010100483", "dosform_code", "characters 11-14"),
        ("XA01ABD075A0020A0100483", "spec_no", "characters 15-16"),
        ("XA01ABD075A002010A00483", "pack_no", "characters 17-18"),
        ("XA01ABD075A0020101004A3", "company_code", "characters 19-23"),
        ("XA01ABD075A00201010０483", "company_code", "5 digits"),
        ("ZA04AAF015501010316", "code", "19 characters, kind Z has 20"),
        ("ZA04AA00155010103164", "name_code", "a letter and 4 digits"),
        ("Z-A01BA-G0120", "code", "13 characters"),
        ("T0017001", "code", "kind T has 10"),
        ("T00170012X", "name_code", "5 digits"),
        ("J110105", "code", "kind J has 16"),
        ("C02010105200001099990", "code", "kind C has 20 or 27"),
        ("C0201010520000109999000000X", "pack_no", "7 digits"),
        ("00110200001000", "code", "kind S has 15 or 25"),
        ("001102000010000+110200001", "company_code", "hyphen"),
        ("NMLC998", "code", "begin with"),
    ],
)
def test_a_wrong_code_names_the_segment_at_fault(text: str, segment: str, said: str) -> None:
    with pytest.raises(ValueError, match="编码") as caught:
        drugcode.read(text)
    error = caught.value
    assert isinstance(error, CodeError)
    assert error.segment == segment
    assert said in error.en


def outcome_of(text: str) -> DrugCode | CodeError:
    try:
        return drugcode.read(text)
    except CodeError as error:
        return error


@given(some.text(max_size=30))
def test_no_text_whatever_makes_reading_fail_otherwise(text: str) -> None:
    outcome = outcome_of(text)
    assert outcome.zh if isinstance(outcome, CodeError) else outcome.text == text


@given(some.from_regex(r"\A[XZ][A-Z][0-9]{2}[A-Z]{2}[A-Z][0-9]{3}([A-Z][0-9]{3}|[0-9])[0-9]{9}\Z"))
def test_the_segments_put_together_are_the_code(text: str) -> None:
    code = outcome_of(text)
    if isinstance(code, CodeError):
        assert code.segment == "code"
        return
    parts = (code.class_code, code.name_code, code.dosform_code, code.spec_no, code.pack_no, code.company_code)
    assert code.kind.value + "".join(parts) == text


@pytest.mark.parametrize(
    ("code", "flags"),
    [
        ("80000000000000000001", set()),
        ("", {TraceFlag.EMPTY}),
        ("70000000000000000001", {TraceFlag.NOT_EIGHT}),
        ("8000000000000000001", {TraceFlag.NOT_TWENTY}),
        ("8000000000000000000X", {TraceFlag.NOT_DIGITS}),
        ("８0000000000000000001", {TraceFlag.NOT_DIGITS, TraceFlag.NOT_EIGHT}),
        ("(01)06901234567892(21)A1B2", {TraceFlag.NOT_DIGITS, TraceFlag.NOT_TWENTY, TraceFlag.NOT_EIGHT}),
        ("8" * 31, {TraceFlag.TOO_LONG, TraceFlag.NOT_TWENTY}),
    ],
)
def test_an_unusual_trace_code_is_flagged_and_not_refused(code: str, flags: set[TraceFlag]) -> None:
    assert drugcode.trace_flags(code) == flags


def test_2102_allows_longer_trace_codes() -> None:
    assert TraceFlag.TOO_LONG not in drugcode.trace_flags("8" * 100, max_length=100)
    assert TraceFlag.TOO_LONG in drugcode.trace_flags("8" * 101, max_length=100)


def test_only_a_common_trace_code_has_a_product_prefix() -> None:
    assert drugcode.trace_prefix("81234567890123456789") == "8123456"
    assert drugcode.trace_prefix("71234567890123456789") == ""
