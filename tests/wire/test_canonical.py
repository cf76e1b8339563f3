"""The sign text, as the specification builds it and as live clients do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import jsontext
from simulator.wire import canonical, primitives, sm4
from tests.wire.golden import APP_ID, APP_SECRET, SEALED, vector

KEY = sm4.derive_key(APP_ID, APP_SECRET)
VECTORS = pytest.mark.parametrize("each", SEALED["vectors"], ids=lambda each: each["name"])


def data_part(data: object, form: canonical.TextForm = "numbers") -> str:
    """The sign text of a frame that holds nothing but ``data``."""
    return canonical.sign_text({}, data, "S", form=form).decode().removesuffix("key=S").removesuffix("&")


@VECTORS
def test_a_golden_sign_text_is_rebuilt_to_the_byte(each) -> None:
    text = canonical.sign_text(each["envelope"], jsontext.parse(each["clear_text"]), APP_SECRET)
    assert text.decode() == each["sign_text"]
    assert primitives.sm3(text).hex() == each["sign_text_sm3_hex"]


@VECTORS
def test_a_golden_sign_text_over_strings_is_rebuilt_to_the_byte(each) -> None:
    data = jsontext.parse(each["clear_text"])
    text = canonical.sign_text(each["envelope"], data, APP_SECRET, stringify=True)
    assert text.decode() == each.get("sign_text_strings", each["sign_text"])
    if "sign_text_strings" in each:
        assert primitives.sm3(text).hex() == each["sign_text_strings_sm3_hex"]


@VECTORS
def test_a_golden_ciphertext_is_made_and_opened(each) -> None:
    cleaned = jsontext.canonical(canonical.clean(jsontext.parse(each["clear_text"])))
    assert cleaned.decode() == each["cleaned_text"]
    assert sm4.encrypt(KEY, cleaned) == each["encData"]
    assert sm4.decrypt(KEY, each["encData"]) == cleaned


def test_the_national_variant_signs_the_trans_type_too() -> None:
    each = vector("V1")
    envelope = each["envelope"] | {"transType": "ec.gen.index"}
    text = canonical.sign_text(envelope, jsontext.parse(each["clear_text"]), APP_SECRET)
    assert text.decode() == each["sign_text_with_transType"]


def test_the_unsigned_fields_never_enter_the_text() -> None:
    envelope = {"appId": "A", "signData": "x", "encData": "y", "extra": {"z": 1}, "data": {"forged": "1"}}
    assert canonical.sign_text(envelope, {"a": "1"}, "S") == b'appId=A&data={"a":"1"}&key=S'


def test_outer_fields_of_every_kind_have_one_text() -> None:
    envelope = {"code": 0, "success": True, "message": "", "none": None, "list": [2, ""], "Z": "null", "a": {"b": {}}}
    assert canonical.sign_text(envelope, None, "S") == b"Z=null&code=0&list=[2]&success=true&key=S"


CLEANING = {
    "empties at every depth": ('{"a":"","b":null,"c":{},"d":[],"e":[[""],{"f":null}],"g":"x"}', '{"g":"x"}'),
    "zero and false are not empty": ('{"a":0,"b":false,"c":"0","d":" "}', '{"a":0,"b":false,"c":"0","d":" "}'),
    "arrays keep their order": ('{"a":[3,"",1,null,2]}', '{"a":[3,1,2]}'),
}


@pytest.mark.parametrize(("given_text", "wanted"), CLEANING.values(), ids=CLEANING.keys())
def test_cleaning(given_text: str, wanted: str) -> None:
    assert jsontext.canonical(canonical.clean(jsontext.parse(given_text))).decode() == wanted


def test_data_that_cleans_to_nothing_leaves_the_text() -> None:
    assert data_part({"a": "", "b": {"c": []}}) == data_part({}) == data_part(None) == ""


def test_a_float_never_enters_a_message() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical.clean({"rows": [{"amount": 12.3}]})


FORMS = {
    "numbers": '{"Zb":true,"aB":[{"k":1.50,"z":2}],"n":{"b":1}}',
    "strings": '{"Zb":"true","aB":[{"k":"1.50","z":"2"}],"n":{"b":"1"}}',
    "sign_util": '{"Zb":"true","aB":[{"k":"1.50","z":"2"}],"e":{},"n":{"b":"1","o":{}}}',
    "sign_util_ci": '{"aB":[{"k":"1.50","z":"2"}],"e":{},"n":{"b":"1","o":{}},"Zb":"true"}',
    "portal": '{"Zb":"true","aB":[{"k":1.50,"z":2},""],"e":{},"n":{"o":{},"b":1}}',
}


@pytest.mark.parametrize("form", FORMS)
def test_each_client_family_builds_its_own_text(form: canonical.TextForm) -> None:
    data = jsontext.parse('{"n":{"o":{},"b":1},"aB":[{"z":2,"k":1.50},""],"Zb":true,"e":{},"x":"","l":[]}')
    assert data_part(data, form) == f"data={FORMS[form]}"


SAFE = st.dictionaries(
    st.from_regex("[a-z]{1,6}", fullmatch=True), st.text(st.characters(codec="utf-8"), min_size=1), min_size=1
)


@given(SAFE)
def test_on_the_safe_profile_every_family_signs_the_same_text(data: dict[str, str]) -> None:
    """Non-empty strings under lower-case keys: the advice every channel can follow."""
    assert len({data_part(data, form) for form in FORMS}) == 1


TEXTS = st.text(st.characters(codec="utf-8"), max_size=4)
DOCUMENTS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 99) | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
)


@given(DOCUMENTS)
def test_cleaning_twice_is_cleaning_once(document: dict[str, object]) -> None:
    once = canonical.clean(document)
    assert canonical.clean(once) == once


@given(DOCUMENTS)
def test_the_text_depends_on_content_and_not_on_the_order_of_keys(document: dict[str, object]) -> None:
    assert data_part(document) == data_part(dict(reversed(document.items())))
