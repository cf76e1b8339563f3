"""Whatever a channel gets wrong: the specification's error form, a text that names the field, nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from schemas import jsontext
from simulator.wire import sealed
from simulator.wire.timestamps import digits14
from tests.simulator.shop import INSTITUTION_PATH, PATHS, STOMACH_POWDER, Shop, a_platform

Json = dict[str, Any]
BARRED = "XR05XXA905A001010199022"
"""A cold medicine with ephedrine in the shipped catalogue."""


@pytest.fixture
def shop() -> Shop:
    opened = Shop(a_platform(), courier="manual")
    opened.sign_in()
    return opened


def truth(shop: Shop) -> Json:
    """All three books but the journal, which grows by every refusal."""
    books = shop.act("/books", method="GET")
    return {name: books[name] for name in ("ledger", "orders", "settlements", "cash", "notices")}


def opened(shop: Shop, body: bytes) -> tuple[int, str]:
    answer = sealed.open_answer(body, shop.credentials, lenient=sealed.Leniency())
    assert answer.data is None and answer.success is False
    return int(answer.code or 0), str(answer.message)


def edited(frame: bytes, **fields: object) -> bytes:
    parsed = jsontext.parse(frame)
    assert isinstance(parsed, dict)
    return jsontext.compact({**parsed, **fields})


def resealed(shop: Shop, code: str, change: Callable[[Json], Json | None]) -> bytes:
    """A right 6201 with its data changed before it is sealed."""
    person = shop.person()
    data = shop.basket(person, shop.consent(person))
    return shop.frame(code, change(data) or data)


def put(name: str, value: object) -> Callable[[Json], Json]:
    return lambda data: {**data, name: value}


def line(**fields: object) -> Callable[[Json], Json]:
    return lambda data: {**data, "feedetailList": [{**data["feedetailList"][0], **fields}]}


def without(name: str) -> Callable[[Json], Json]:
    return lambda data: {key: value for key, value in data.items() if key != name}


UPLOADS = [
    pytest.param(without("medOrgOrd"), "schema_miss", "medOrgOrd", id="a missing field"),
    pytest.param(put("medOrgOrd", "9" * 41), "schema_miss", "medOrgOrd", id="an over-long value"),
    pytest.param(put("feeType", "77"), "schema_miss", "feeType", id="a wrong code"),
    pytest.param(put("feedetailList", "none"), "schema_miss", "feedetailList", id="a wrong type"),
    pytest.param(put("medfeeSumamt", "39.601"), "schema_miss", "medfeeSumamt", id="a third decimal"),
    pytest.param(put("psnNo", "99000000000000009999"), "unknown_person", "psnNo", id="an unknown person"),
    pytest.param(put("userName", "别人"), "identity_mismatch", "idNo", id="a name that is not the person's"),
    pytest.param(put("medfeeSumamt", "39.61"), "total_mismatch", "medfeeSumamt", id="a total that is not the sum"),
    pytest.param(line(detItemFeeSumamt="39.61"), "line_amount", "detItemFeeSumamt", id="a line that is not cnt × pric"),
    pytest.param(line(medListCodg="XX"), "unknown_drug", "medListCodg", id="an unknown drug"),
    pytest.param(line(medListCodg=BARRED), "barred_online", "medListCodg", id="a drug barred from online sale"),
    pytest.param(put("orgCodg", "P99999999999"), "foreign_institution", "orgCodg", id="a foreign institution"),
    pytest.param(put("payAuthNo", "AUTH0"), "consent_unknown", "payAuthNo", id="an unknown consent"),
    pytest.param(line(cnt="0", detItemFeeSumamt="0.00"), "not_positive", "cnt", id="nothing bought"),
]


@pytest.mark.parametrize(("change", "rule", "field"), UPLOADS)
def test_a_wrong_upload_is_refused_by_its_rule_and_names_the_field(
    shop: Shop, change: Callable[[Json], Json], rule: str, field: str
) -> None:
    body = resealed(shop, "6201", change)
    before = truth(shop)
    code, message = opened(shop, shop.post(PATHS["6201"], body).body)
    last = shop.journal()[-1]
    assert (last["outcome"], last["refusal"]["rule"], last["refusal"]["field"]) == ("refused", rule, field)
    assert code != 0 and field in message and any("\u4e00" <= letter <= "\u9fff" for letter in message)
    assert last["refusal"]["en"]
    assert truth(shop) == before


def test_a_prescription_drug_is_refused_online_in_an_otc_city(shop: Shop) -> None:
    drugs = shop.act("/drugs?query=阿莫西林", method="GET")["drugs"]
    code = next(drug["med_list_codg"] for drug in drugs if drug["rx_flag"] == "1")
    body = resealed(shop, "6201", line(medListCodg=code))
    _, message = opened(shop, shop.post(PATHS["6201"], body).body)
    assert "非处方药" in message and shop.journal()[-1]["refusal"]["rule"] == "otc_only"


FRAMES = [
    pytest.param(lambda shop, good: good[:-9], "not_json", id="broken JSON"),
    pytest.param(lambda shop, good: b"[]", "not_object", id="not an object"),
    pytest.param(lambda shop, good: edited(good, appId="0" * 32), "unknown_app", id="an unknown appId"),
    pytest.param(
        lambda shop, good: shop.frame("6201", {"orgCodg": shop.org}, timestamp="20240701101000"),
        "stale_timestamp", id="a stale timestamp",
    ),
    pytest.param(lambda shop, good: edited(good, timestamp=digits14(shop.now_ms + 1_000)), "bad_signature",
                 id="a changed timestamp"),
    pytest.param(lambda shop, good: edited(good, signData="AAAA" * 21 + "AA=="), "bad_signature",
                 id="a foreign signature"),
    pytest.param(lambda shop, good: edited(good, encData="00" * 64), "bad_ciphertext", id="a foreign cipher"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "rule"), FRAMES)
def test_a_wrong_frame_is_refused_before_anything_is_looked_at(
    shop: Shop, spoil: Callable[[Shop, bytes], bytes], rule: str
) -> None:
    body = spoil(shop, resealed(shop, "6201", lambda data: data))
    before = truth(shop)
    code, _ = opened(shop, shop.post(PATHS["6201"], body).body)
    last = shop.journal()[-1]
    assert (code != 0, last["refusal"]["rule"], last["outcome"]) == (True, rule, "refused")
    assert truth(shop) == before


def test_the_same_sealed_message_twice_is_taken_once(shop: Shop) -> None:
    body = resealed(shop, "6201", lambda data: data)
    assert shop.post(PATHS["6201"], body).status == 200
    before = truth(shop)
    opened(shop, shop.post(PATHS["6201"], body).body)
    assert shop.journal()[-1]["refusal"]["rule"] == "seal_replayed"
    assert truth(shop) == before


def test_an_expired_consent_is_refused_at_6202(shop: Shop) -> None:
    order = shop.uploaded()
    shop.act("/clock", {"advance_ms": 600_001})
    before = truth(shop)
    answer = shop.sealed("6202", shop.placing(order))
    assert "payAuthNo" in str(answer.message) and truth(shop) == before


def test_a_short_account_is_refused_where_no_cash_part_is_possible(shop: Shop) -> None:
    shop.act("/switches", {"settle_at": "order"}, method="PATCH")
    order = shop.uploaded(shop.person("测试乙"))
    before = truth(shop)
    answer = shop.sealed("6202", shop.placing(order))
    assert "余额不足" in str(answer.message) and truth(shop) == before


def sale(shop: Shop, **info: object) -> Json:
    person = shop.person()
    return {
        "druginfo": {
            "psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"],
            "begntime": "2024-07-01 10:30:45", "medfee_sumamt": "39.60", "insutype": "310", "acct_used_flag": "1",
            "med_type": "41", **info,
        },
        "drugdetail": [
            {
                "feedetl_sn": "1", "rx_circ_flag": "0", "fee_ocur_time": "2024-07-01 10:30:45",
                "med_list_codg": STOMACH_POWDER, "medins_list_codg": "SKU1", "det_item_fee_sumamt": "39.60",
                "cnt": "2", "pric": "19.80",
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("infno", "rule"), [("9999", "unknown_interface"), ("6201", "unknown_interface"), ("", "missing_field")]
)
def test_an_unknown_interface_is_answered_in_the_institution_frame(shop: Shop, infno: str, rule: str) -> None:
    told = shop.institution(infno, {})
    assert (told["infcode"], told["output"]) == (-1, None)
    assert told["err_msg"] and shop.journal()[-1]["refusal"]["rule"] == rule


def test_a_repeated_message_id_is_refused_and_settles_nothing(shop: Shop) -> None:
    first = shop.institution("2102", sale(shop), msgid="P11010590001202407011030450777")
    assert first["infcode"] == 0
    before = truth(shop)
    told = shop.institution("2102", sale(shop), msgid="P11010590001202407011030450777")
    assert told["infcode"] == -1 and "msgid" in told["err_msg"] and truth(shop) == before


@pytest.mark.parametrize(
    ("info", "rule", "field"),
    [
        pytest.param({"psn_no": "99000000000000009999"}, "unknown_person", "psn_no", id="an unknown person"),
        pytest.param({"mdtrt_cert_no": "0"}, "certificate_mismatch", "mdtrt_cert_no", id="a foreign certificate"),
        pytest.param({"medfee_sumamt": "1.00"}, "total_mismatch", "medfee_sumamt", id="a wrong total"),
        pytest.param({"acct_used_flag": "7"}, "schema_miss", "acct_used_flag", id="a wrong code"),
        pytest.param({"insutype": "390"}, "insutype_wrong", "insutype", id="not insured so"),
    ],
)
def test_a_wrong_counter_sale_is_refused_in_the_institution_frame(
    shop: Shop, info: Json, rule: str, field: str
) -> None:
    asked, before = sale(shop, **info), truth(shop)
    told = shop.institution("2102", asked)
    assert (told["infcode"], told["output"]) == (-1, None)
    assert field in told["err_msg"] and shop.journal()[-1]["refusal"]["rule"] == rule
    assert truth(shop) == before


def test_nobody_signed_in_means_no_counter_sale() -> None:
    shop = Shop(a_platform(), courier="manual")
    told = shop.institution("2102", sale(shop))
    assert told["infcode"] == -1 and "9001" in told["err_msg"]


def test_a_gateway_refusal_is_not_an_institution_frame(shop: Shop) -> None:
    headers = {"x-tif-paasid": "nobody", "x-tif-timestamp": "0", "x-tif-nonce": "n", "x-tif-signature": "0"}
    reply = shop.post(INSTITUTION_PATH, b"{}", headers)
    told = jsontext.parse(reply.body)
    assert reply.status == 401 and isinstance(told, dict) and told["code"] == 401 and "infcode" not in told


def test_another_channels_order_is_as_good_as_unknown() -> None:
    platform = a_platform()
    mine = Shop(platform, courier="manual", channels=[{"name": "a", "orgs": "all"}, {"name": "b", "orgs": "all"}])
    order = mine.placed()
    mine.told = mine.act("/registration", method="GET")["channels"][1]
    other = Shop.__new__(Shop)
    other.__dict__.update(mine.__dict__)
    other.credentials = sealed.Credentials(
        mine.told["appId"], mine.told["appSecret"],
        type(mine.credentials.private).from_base64(mine.told["channelPrivateKey"]),
        type(mine.credentials.peer).from_base64(mine.told["platformPublicKey"]),
    )  # fmt: skip
    for code, data in (("6301", mine.asking(order)), ("6401", mine.asking(order)), ("6202", mine.placing(order))):
        answer = other.sealed(code, data)
        assert answer.data is None and "未查询到" in str(answer.message)
