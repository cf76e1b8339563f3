"""Every interface that keeps something, and every field it knows: a wrong value is refused, named, and changes nothing.

What contradicts a particular interface's own rules is in the tests of its family; here each is asked the same six
questions: a field missing, too long, with an unknown code, of another type; another's institution, another's person.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas import loader
from simulator import assembly
from simulator.domain.messages import UsedMessage
from simulator.stages.opening import ORG_FIELDS
from simulator.stages.recalling import UsedSignature
from tests.simulator.goods_shop import message, must, row
from tests.simulator.shop import Shop, a_platform
from tests.simulator.test_bad_input import sale
from tests.simulator.test_outpatient_refusals import CHAIN

Json = dict[str, Any]
Path = tuple[str | int, ...]
STATEFUL = {
    one.code: one for one in sorted(loader.interfaces().values(), key=lambda one: one.code)
    if one.stateful and one.surface != "notice"
}  # fmt: skip
FOREIGN_ORG, STRANGER, FOREIGN_ID = "P99999999999", "99000000000000009999", "990000199001010012"
ANOTHER: tuple[tuple[str, Any], ...] = (("object", {"no": "no"}), ("string", "none"), ("boolean", True))
NAMES_NO_INSTITUTION = ("6203", "7210", "localEcTokenCheck")
"""Known by the order, prescription or token they carry, which are another channel's or not."""
MEMORY = (UsedMessage, UsedSignature)
"""That a message was said is remembered whatever became of it."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual")
    opened.sign_in()
    return opened


def kept(shop: Shop) -> list[object]:
    """Every record of the room, of whatever kind."""
    room = shop.platform.store.room(shop.room)
    assert room is not None
    unit = shop.platform.unit(room)
    records = [record for kind in assembly.record_kinds() if kind not in MEMORY for record in unit.every(kind)]
    return [*records, shop.platform.store.accounts(room)]


def said(shop: Shop, one: loader.InterfaceSchema, data: Any, **fields: Any) -> tuple[bool, str]:
    """Whether it was refused in its surface's form, and the words."""
    if one.surface == "institution":
        told = shop.institution(one.code, data, **fields)
        return (told["infcode"], told["output"]) == (-1, None), str(told["err_msg"])
    answer = shop.to(one.path, data, trans_type=one.trans_type)
    return answer.code != 0 and answer.data is None, str(answer.message)


def own(shop: Shop, one: loader.InterfaceSchema) -> Any:
    """The full example of an interface, in the name of our own institution."""
    example = loader.example(one, "valid_input_full")
    assert isinstance(example, dict)
    if one.surface == "institution":
        return example
    return {name: shop.org if name in ORG_FIELDS else value for name, value in example.items()}


def places(schema: Json, value: Any, path: Path = ()) -> Iterator[tuple[Path, Json, bool]]:
    """Every field the example shows: where it is, what the schema says of it, whether it is demanded."""
    if isinstance(value, list) and value:
        yield from places(schema.get("items", {}), value[0], (*path, 0))
    elif isinstance(value, dict):
        for name, field in schema.get("properties", {}).items():
            if name in value:
                yield (*path, name), field, name in schema.get("required", ())
                yield from places(field, value[name], (*path, name))


def put(value: Any, path: Path, new: Any) -> Any:
    """A copy with one place changed; an ellipsis takes the field away."""
    if not path:
        return new
    step, *below = path
    if isinstance(value, list):
        return [put(item, tuple(below), new) if at == step else item for at, item in enumerate(value)]
    if not below and new is ...:
        return {name: item for name, item in value.items() if name != step}
    return {name: put(item, tuple(below), new) if name == step else item for name, item in value.items()}


def wrong(field: Json, demanded: bool) -> Iterator[tuple[str, Any]]:
    """What a schema must refuse in a field."""
    if demanded:
        yield "missing", ...
    if "maxLength" in field:
        yield "too long", "9" * (field["maxLength"] + 1)
    elif "x-decimal" in field:
        yield "too long", "9" * 40
    if "enum" in field:
        yield "unknown code", "?"
    known = field["type"] if isinstance(field.get("type"), list) else [field.get("type", "string")]
    yield "wrong type", next(value for name, value in ANOTHER if name not in known)


@pytest.mark.parametrize("code", STATEFUL)
def test_every_field_is_demanded_limited_and_typed_and_a_wrong_one_changes_nothing(shop: Shop, code: str) -> None:
    one, before = STATEFUL[code], kept(shop)
    good = own(shop, one)
    asked = [
        (path, fault, *said(shop, one, put(good, path, value)))
        for path, field, demanded in places(one.input.schema, good)
        for fault, value in wrong(field, demanded)
    ]
    assert asked
    assert [row for row in asked if not row[2] or f"{row[0][-1]}" not in row[3]] == []
    assert kept(shop) == before


@pytest.mark.parametrize("code", STATEFUL)
def test_another_ones_institution_may_not_be_named_in_the_frame_or_in_the_data(shop: Shop, code: str) -> None:
    one, before = STATEFUL[code], kept(shop)
    good = own(shop, one)
    told = [path for path, _, _ in places(one.input.schema, good) if path[-1] in (*ORG_FIELDS, "fixmedins_code")]
    if one.surface == "institution":
        asked = [("fixmedins_code", *said(shop, one, good, fixmedins_code=FOREIGN_ORG))]
    else:
        asked, told = [], sorted(told, key=lambda path: ORG_FIELDS.index(str(path[-1])))[:1]
    asked += [(str(path[-1]), *said(shop, one, put(good, path, FOREIGN_ORG))) for path in told]
    assert asked or code in NAMES_NO_INSTITUTION
    assert [row for row in asked if not row[1] or row[0] not in row[2]] == []
    assert kept(shop) == before


PERSON = {"psn_no", "psnNo", "certno", "idNo", "mdtrt_cert_no", "userId"}
ELSEWHERE = {
    **dict.fromkeys(CHAIN, "an unknown person gets nowhere: test_outpatient_refusals"),
    **dict.fromkeys(("3505A", "3506A"), "refused in its row, below"),
    **dict.fromkeys(("3511", "3513"), "a filter of the shop's own rows; nobody's rows are none"),
    "7201": "who is not the one whose code was read: test_prescription",
    "house.auth.query": "who did not consent is not told of; the answer says so: domain/test_asking",
    "localEcTokenCheck": "says no without a reason: test_variants_codes",
}
"""Interfaces that name a person and are asked about a stranger in another place, and where."""


def test_every_interface_that_names_a_person_is_asked_about_a_stranger() -> None:
    naming = {
        code for code, one in STATEFUL.items()
        if PERSON & {path[-1] for path, _, _ in places(one.input.schema, loader.example(one, "valid_input_full"))}
    }  # fmt: skip
    asked = {code for code, *_ in STRANGERS}
    assert naming - asked - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() - naming == set() and not asked & ELSEWHERE.keys()


def changed(value: Any, name: str, new: str) -> Any:
    """A copy with one field changed wherever it stands."""
    if isinstance(value, list):
        return [changed(item, name, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: new if key == name else changed(item, name, new) for key, item in value.items()}


def reported(shop: Shop) -> Json:
    """A counter sale that the shop has reported, to take goods back from."""
    paid = shop.institution("2102", sale(shop))["output"]["setlinfo"]
    must(shop, "3505", message("3505", row("3505", paid, psn_no=paid["psn_no"])))
    return dict(paid)


class Purchases:
    """A counter sale and an order of one person, and right messages about both."""

    def __init__(self, shop: Shop) -> None:
        paid = shop.institution("2102", sale(shop))["output"]["setlinfo"]
        msgid = shop.journal()[-1]["msgid"]
        psn = {"psn_no": paid["psn_no"]}
        named = {**psn, "mdtrt_id": paid["mdtrt_id"], "setl_id": paid["setl_id"]}
        looked = {"begntime": "2024-07-01 00:00:00", "endtime": "2024-07-01 23:59:59", "med_type": "41"}
        order = shop.placed()
        self.messages: dict[str, Json] = {
            "1101": {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": order["person"]["certno"]}},
            "2001": {"data": {**psn, "insutype": "310", "fixmedins_code": shop.org, "med_type": "41", **looked}},
            "2101": sale(shop), "2102": sale(shop), "2103": {"data": named},
            "2601": {"data": {**psn, "omsgid": msgid, "oinfno": "2102"}},
            "3505": message("3505", row("3505", paid, **psn)), "3505A": message("3505A", row("3505A", paid, **psn)),
            **{code: message(code, row(code, reported(shop), **psn)) for code in ("3506", "3506A")},
            "5201": {"data": {**psn, **looked}}, "5203": {"data": named}, "5204": {"data": named},
            "5301": {"data": psn}, "5302": {"data": {**psn, "biz_appy_type": "99"}},
            "6201": shop.basket(order["person"], order["payAuthNo"]),
            "6301": shop.asking(order), "6401": shop.asking(order),
        }  # fmt: skip


WHOEVER = ""
"""Asking about anybody is what the interface is for."""
BY_SETTLEMENT, BY_MESSAGE, BY_ORDER = "setl_id", "omsgid", "payOrdId"
"""What belongs to another person is as good as unknown, so that nothing can be guessed."""
STRANGERS = [
    ("1101", "mdtrt_cert_no", "mdtrt_cert_no", WHOEVER), ("2001", "psn_no", "psn_no", WHOEVER),
    ("2101", "psn_no", "psn_no", "mdtrt_cert_no"), ("2102", "psn_no", "psn_no", "mdtrt_cert_no"),
    ("2103", "psn_no", BY_SETTLEMENT, BY_SETTLEMENT), ("2601", "psn_no", BY_MESSAGE, BY_MESSAGE),
    ("3505", "psn_no", "psn_no", "psn_no"), ("3506", "psn_no", "psn_no", "psn_no"),
    ("5201", "psn_no", "psn_no", WHOEVER),
    ("5203", "psn_no", "psn_no", BY_SETTLEMENT), ("5204", "psn_no", "psn_no", BY_SETTLEMENT),
    ("5301", "psn_no", "psn_no", WHOEVER), ("5302", "psn_no", "psn_no", WHOEVER), ("6201", "psnNo", "psnNo", "idNo"),
    ("6201", "idNo", "idNo", "idNo"), ("6301", "idNo", BY_ORDER, BY_ORDER), ("6401", "idNo", BY_ORDER, BY_ORDER),
]  # fmt: skip
"""Code, the field that tells the person, the field named when it is nobody, and when it is somebody else."""


@pytest.mark.parametrize(("code", "field", "nobody", "other"), STRANGERS)
def test_a_message_about_a_stranger_is_refused(shop: Shop, code: str, field: str, nobody: str, other: str) -> None:
    one, good, person = STATEFUL[code], Purchases(shop).messages[code], shop.person("测试乙")
    numbered = field in ("psn_no", "psnNo")
    before = kept(shop)
    asked = [(nobody, STRANGER if numbered else FOREIGN_ID)]
    if other:
        asked.append((other, person["psn_no" if numbered else "certno"]))
    for named, value in asked:
        refused, words = said(shop, one, changed(good, field, value))
        assert refused and f"字段 {named}" in words, words
    assert kept(shop) == before


@pytest.mark.parametrize("code", ["3505A", "3506A"])
def test_a_row_of_a_batch_about_a_stranger_is_refused_in_its_place(shop: Shop, code: str) -> None:
    good = Purchases(shop).messages[code]
    before = kept(shop)
    told = shop.institution(code, changed(good, "psn_no", STRANGER))
    assert "psn_no" in str(told["output"]) and told["infcode"] == 0
    assert kept(shop) == before
