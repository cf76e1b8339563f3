"""JSON keeps digits and refuses what two readers could read as two documents."""

import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import jsontext
from schemas.jsontext import JsonError, Printed

PRINTED = ["0", "5", "-7", "12.30", "1.0000", "1e5", "1E+5", "1.5e-7", "0.0000000", "-0", "-0.0", "9" * 60]


@pytest.mark.parametrize("text", PRINTED)
def test_a_number_goes_out_as_it_came_in(text: str) -> None:
    value = jsontext.parse(text)
    assert type(value) in (int, Decimal, Printed)
    assert jsontext.compact(value) == jsontext.canonical([value])[1:-1] == text.encode()


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-3][0-9]?)?", fullmatch=True))
def test_every_number_of_the_grammar_keeps_its_text(text: str) -> None:
    assert jsontext.compact(jsontext.parse(text)) == text.encode()


AMBIGUOUS = {
    "a repeated key": '{"a":1,"b":{"c":1,"c":2}}',
    "a key repeated through an escape": '{"a":1,"\\u0061":2}',
    "NaN": "[NaN]",
    "Infinity": '{"a":-Infinity}',
    "a lone surrogate": '"\\ud83d"',
    "a byte order mark": b"\xef\xbb\xbf1",
    "bytes that are not UTF-8": b'"\xff"',
    "a raw control character": '"\x01"',
    "a trailing comma": "[1,]",
    "a leading zero": "01",
    "two documents": "1 2",
    "nothing": "",
}


@pytest.mark.parametrize("text", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_an_ambiguous_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(JsonError):
        jsontext.parse(text)


def test_a_surrogate_pair_is_one_character() -> None:
    assert jsontext.parse('"\\ud83d\\udc8a"') == "💊"


HOSTILE = {
    "one level too deep": "[" * 65 + "]" * 65,
    "objects one level too deep": '{"a":' * 65 + "1" + "}" * 65,
    "deeper than the interpreter's stack": "[" * 100_000,
    "a number longer than any amount": "1" * 65,
    "a fraction longer than any amount": "0." + "1" * 65,
    "an exponent that would fill the memory": "1e999999999",
    "a tiny exponent": "1e-65",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_size_is_refused(text: str) -> None:
    with pytest.raises(JsonError):
        jsontext.parse(text)


def test_the_deepest_allowed_nesting_passes_even_in_a_wide_document() -> None:
    deepest = "[" * 63 + "]" * 63
    assert jsontext.compact(jsontext.parse(f"[{deepest},{deepest}]")).decode() == f"[{deepest},{deepest}]"


def test_a_fault_says_where() -> None:
    with pytest.raises(JsonError) as fault:
        jsontext.parse('{"a":1,}')
    assert fault.value.offset is not None
    assert str(fault.value.offset) in str(fault.value)


def test_nothing_is_escaped_that_need_not_be() -> None:
    assert jsontext.compact({"b": "a/é中💊<&>", "a": "\n\x01"}).decode() == '{"b":"a/é中💊<&>","a":"\\n\\u0001"}'


def test_canonical_sorts_keys_by_code_point_at_every_depth() -> None:
    document = {"中": 1, "a": [{"z": 1, "Z": 2}], "_": 3, "A": 4, "💊": 5, "\uffff": 6}
    assert jsontext.canonical(document).decode() == '{"A":4,"_":3,"a":[{"Z":2,"z":1}],"中":1,"\uffff":6,"💊":5}'


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("-Infinity")])
def test_a_number_that_json_lacks_is_never_printed(number: Decimal) -> None:
    with pytest.raises(JsonError):
        jsontext.compact({"amount": number})


def test_the_words_nan_and_infinity_are_ordinary_text() -> None:
    assert jsontext.compact(["NaN", "Infinity"]) == b'["NaN","Infinity"]'


def test_what_has_no_json_form_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        jsontext.compact(object())


def test_a_printed_number_is_its_value_and_survives_copying() -> None:
    number = jsontext.parse("1e5")
    assert isinstance(number, Printed)
    assert number == 100_000
    copies = [copy.copy(number), copy.deepcopy([number])[0], pickle.loads(pickle.dumps(number))]
    assert [jsontext.compact(each) for each in copies] == [b"1e5"] * 3


def test_plain_gives_ordinary_decimals_to_readers_of_exact_types() -> None:
    document = jsontext.plain(jsontext.parse('{"a":[1e5,12.30,"x",null]}'))
    assert document == {"a": [Decimal(100_000), Decimal("12.30"), "x", None]}
    assert type(document["a"][0]) is Decimal


def test_pretty_is_for_people_and_reads_back() -> None:
    text = jsontext.pretty({"金额": Decimal("12.30"), "rows": [1]})
    assert '  "金额": 12.30' in text.splitlines()[1]
    assert jsontext.parse(text) == {"金额": Decimal("12.30"), "rows": [1]}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_what_we_printed_reads_the_same_both_ways(value: object) -> None:
    printed = jsontext.compact(value)
    assert jsontext.compact(jsontext.own(printed)) == printed
    assert jsontext.own(printed) == jsontext.parse(printed)


@pytest.mark.parametrize("text", ["-0", '{"a":-0}', "[-0,1]", '{"at":"2024-07-01","n":[1,-0]}', "1e5", "-0.0", "12.30"])
def test_our_own_numbers_keep_their_characters(text: str) -> None:
    assert jsontext.compact(jsontext.own(text)) == text.encode()


def test_what_is_not_ours_is_still_refused_as_json() -> None:
    with pytest.raises(JsonError):
        jsontext.own(b'{"a":')


@given(JSON_VALUES)
def test_printing_and_parsing_are_inverse(document: object) -> None:
    assert jsontext.parse(jsontext.compact(document)) == document == jsontext.parse(jsontext.canonical(document))


@given(st.binary(max_size=60))
def test_arbitrary_bytes_give_a_document_or_a_json_error(raw: bytes) -> None:
    try:
        document = jsontext.parse(raw)
    except JsonError:
        return
    assert jsontext.parse(jsontext.compact(document)) == document
