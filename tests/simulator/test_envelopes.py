"""The pay centre's other two frames, and the habits by which live platforms differ in the sealed one."""

from base64 import b64decode
from typing import Any

import pytest

from schemas import jsontext
from simulator.stages.single import UNPUBLISHED
from simulator.wire import canonical, sealed, sm4, tif
from simulator.wire.errors import WireError
from tests.simulator.shop import PATHS, STOMACH_POWDER, Json, Shop, a_platform
from tests.simulator.test_bad_input import sale, truth
from tests.simulator.test_courier import YES, Inbox, run, shop_with
from tests.simulator.test_switches_life import refunding

SINGLE = "/pmc/api"


def framed(shop: Shop, code: str, data: object, *, infno: str = "", signed: bool = True, **fields: object) -> Any:
    """A V-B exchange: the institution's frame on an address of the pay centre."""
    number = next(shop.serials)
    frame = {
        "infno": infno or code, "msgid": f"{shop.org}20240701103045{number:04d}", "insuplc_admdvs": "110100",
        "mdtrtarea_admvs": "110100", "medins_code": shop.org, "insur_code": "110100", "input": {"data": data}, **fields,
    }  # fmt: skip
    gateway = shop.told["tif"]
    headers = tif.headers(gateway["paasid"], gateway["secret"], now_ms=shop.now_ms, nonce=str(number)) if signed else {}
    body = jsontext.compact({name: value for name, value in frame.items() if value is not ...})
    return jsontext.parse(shop.post(PATHS[code], body, headers).body)


def wrapped(**switches: object) -> Shop:
    return shop_with(Inbox(YES), switches={"pay_frame": "infno", **switches})


def last(shop: Shop) -> Json:
    line = shop.journal()[-1]
    assert isinstance(line, dict)
    return line


def test_an_order_lives_its_whole_life_in_the_institutions_frame() -> None:
    shop = wrapped()
    person = shop.person()
    basket = shop.basket(person, shop.consent(person))
    told = framed(shop, "6201", basket)
    assert told["infcode"] == 0 and len(told["inf_refmsgid"]) == 30
    order = {**told["output"]["data"], "basket": basket, "person": person, "payAuthNo": basket["payAuthNo"]}
    split = framed(shop, "6202", shop.placing(order))["output"]["data"]
    assert (split["ordStas"], split["psnAcctPay"]) == ("1", "39.60")
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert framed(shop, "6301", shop.asking(order))["output"]["data"]["ordStas"] == "4"
    assert [one["success"] for one in run(shop)] == [True]
    body = refunding(shop, order, "ALL", "39.60")
    assert framed(shop, "6203", body)["output"]["data"]["refStatus"] == "SUCC"
    assert framed(shop, "6301", shop.asking(order))["output"]["data"]["ordStas"] == "7"
    line = last(shop)
    assert (line["code"], line["surface"], line["channel"], line["sealed"]) == ("6301", "pay_centre", "channel", True)


def uploaded(shop: Shop) -> Json:
    person = shop.person()
    basket = shop.basket(person, shop.consent(person))
    told = framed(shop, "6201", basket)["output"]["data"]
    return {**told, "basket": basket, "person": person, "payAuthNo": basket["payAuthNo"]}


def test_the_address_decides_and_a_slip_in_infno_is_noted() -> None:
    shop = wrapped()
    order = uploaded(shop)
    told = framed(shop, "6401", shop.asking(order), infno="6301")
    assert told["output"]["data"]["success"] is True
    assert last(shop)["notes"] == ["infno 6301 on the address of 6401"] and last(shop)["code"] == "6401"
    paid = uploaded(shop)
    framed(shop, "6202", shop.placing(paid))
    shop.act("/person/confirm", {"pay_ord_id": paid["payOrdId"]})
    told = framed(shop, "6203", refunding(shop, paid, "ALL", "39.60"), infno="6301")
    assert told["output"]["data"]["refStatus"] == "SUCC"


WRONG_FRAMES = [
    pytest.param({"infno": ...}, "missing_field", "infno", id="no infno"),
    pytest.param({"msgid": ""}, "missing_field", "msgid", id="no msgid"),
    pytest.param({"msgid": 5}, "bad_encoding", "msgid", id="a number for a msgid"),
    pytest.param({"msgid": "9" * 31}, "bad_encoding", "msgid", id="a msgid too long"),
    pytest.param({"input": {}}, "missing_field", "input.data", id="no data"),
    pytest.param({"input": {"data": [1]}}, "not_object", "input.data", id="a list of data"),
    pytest.param({"medins_code": ...}, "missing_field", "medins_code", id="no institution"),
    pytest.param({"medins_code": 5}, "missing_field", "medins_code", id="a number for an institution"),
    pytest.param({"medins_code": "P99999999999"}, "foreign_institution", "medins_code", id="a foreign institution"),
]


@pytest.mark.parametrize(("change", "why", "field"), WRONG_FRAMES)
def test_a_wrong_frame_is_refused_in_the_institutions_form(change: Json, why: str, field: str) -> None:
    shop = wrapped()
    order = uploaded(shop)
    before = truth(shop)
    told = framed(shop, "6401", shop.asking(order), **change)
    assert (told["infcode"], told["output"]) == (-1, None) and field in told["err_msg"]
    assert (last(shop)["refusal"]["rule"], last(shop)["refusal"]["field"]) == (why, field)
    assert truth(shop) == before


WRONG_DATA = [
    pytest.param({"payToken": ...}, "schema_miss", "payToken", id="a missing field"),
    pytest.param({"payOrdId": "9" * 41}, "schema_miss", "payOrdId", id="an over-long value"),
    pytest.param({"idNo": ["x"]}, "schema_miss", "idNo", id="a wrong type"),
    pytest.param({"orgCodg": ["x"]}, "schema_miss", "orgCodg", id="a list of institutions"),
    pytest.param({"orgCodg": "P99999999999"}, "foreign_institution", "orgCodg", id="another's institution"),
    pytest.param({"payToken": "TKN0"}, "unknown_order", "payOrdId", id="a wrong token"),
]


@pytest.mark.parametrize(("change", "why", "field"), WRONG_DATA)
def test_wrong_data_is_refused_as_under_seal(change: Json, why: str, field: str) -> None:
    shop = wrapped()
    order = uploaded(shop)
    before = truth(shop)
    data = {name: value for name, value in (shop.asking(order) | change).items() if value is not ...}
    told = framed(shop, "6401", data)
    assert told["infcode"] == -1 and field in told["err_msg"] and last(shop)["refusal"]["rule"] == why
    assert truth(shop) == before


def test_a_message_id_counts_where_there_is_no_seal() -> None:
    shop = wrapped()
    order = uploaded(shop)
    msgid = f"{shop.org}202407011030459999"
    assert framed(shop, "6202", shop.placing(order), msgid=msgid)["infcode"] == 0
    assert framed(shop, "6202", shop.placing(order), msgid=msgid)["infcode"] == -1
    assert last(shop)["refusal"]["rule"] == "msgid_used"


def test_a_frame_unsigned_at_the_gateway_passes_only_while_plain_is_on() -> None:
    shop = wrapped()
    order = uploaded(shop)
    assert framed(shop, "6301", shop.asking(order), signed=False)["infcode"] == 0
    assert last(shop)["sealed"] is False
    shop.act("/switches", {"plain": False}, method="PATCH")
    told = framed(shop, "6301", shop.asking(order), signed=False)
    assert told["code"] == 401 and "infcode" not in told


def test_each_room_speaks_one_frame_to_the_pay_centre() -> None:
    shop = wrapped()
    order = uploaded(shop)
    reply = shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order)))
    told = jsontext.parse(reply.body)
    assert told["infcode"] == -1 and "infno" in told["err_msg"]
    usual = Shop(a_platform())
    assert framed(usual, "6301", {"payOrdId": "X"})["success"] is False
    assert last(usual)["refusal"]["rule"] == "unknown_app"


@pytest.mark.parametrize(
    ("levels", "path"), [(0, ()), (1, ("data",)), (2, ("data", "output")), (9, ("data", "output", "body"))]
)
def test_a_relay_wraps_the_answer_up_to_three_times(levels: int, path: tuple[str, ...]) -> None:
    shop = wrapped(relay_levels=levels)
    person = shop.person()
    told = framed(shop, "6201", shop.basket(person, shop.consent(person)))
    for name in path:
        assert list(told) == [name]
        told = told[name]
    assert told["infcode"] == 0 and told["output"]["data"]["payOrdId"]


def test_nobody_is_readable_in_the_journal_of_a_wrapped_message() -> None:
    shop = wrapped()
    order = uploaded(shop)
    line = str(shop.journal()[-1])
    assert all(secret not in line for secret in (order["payAuthNo"], order["payToken"], order["person"]["certno"]))


def older(shop: Shop, person: Json, pay_auth_no: str) -> Json:
    """An upload as the regional platforms of 2020 and 2021 took it."""
    serial = next(shop.serials)
    return {
        "orgCodg": shop.org, "psnNo": person["psn_no"], "insutype": "310", "medOrgOrd": f"OLD{serial}",
        "idNo": person["certno"], "userName": person["psn_name"], "idType": "01", "payAuthNo": pay_auth_no,
        "insuCode": "110100", "rgstSn": f"RG{serial}", "medType": "41", "acctUsedFlag": "1", "feeSumamt": "59.40",
        "chrgDate": "20240701", "chrgTime": "103045", "erFlag": "0", "trumFlag": "0",
        "diseList": [{"diseDetlType": "1", "diseDetlSrtNo": "1", "diseDetlCodg": "J00", "diseDetlName": "感冒"}],
        "rxList": [
            {
                "rxno": "RX1", "rxDetlNo": "1", "itemNo": "SKU1", "hiItem": STOMACH_POWDER, "itemName": "蒙脱石散",
                "itemPric": "19.80", "itemCnt": "3", "itemAmt": "59.40", "rxDate": "2024-07-01", "drCertNo": "D1",
                "drName": "药师", "rsDeptCodg": "A01", "rsDept": "药店",
            }
        ],
    }  # fmt: skip


def single(**switches: object) -> Shop:
    return shop_with(Inbox(YES), switches={"pay_frame": "single", **switches})


def test_one_address_serves_what_is_published_of_it() -> None:
    shop = single()
    person = shop.person()
    auth = shop.consent(person)
    data = older(shop, person, auth)
    told = shop.to(SINGLE, data, trans_type="hos.upload.fee")
    assert told.data and told.trans_type == "hos.upload.fee"
    (row,) = told.data["extData"]["result"]
    assert (row["hosRxDetlNo"], row["amt"], row["ownpayAmt"], row["fulamtOwnpayFlag"]) == ("1", "59.40", "0.00", "0")
    assert last(shop)["code"] == "6201" and last(shop)["notes"] == [
        "diseList has no place in an upload of medicine",
        *[note for note in last(shop)["notes"] if note.startswith("unknown field")],
    ]
    order = {**told.data, "person": person, "payAuthNo": auth, "basket": {"chrgBchno": data["medOrgOrd"]}}
    assert shop.sealed("6202", shop.placing(order)).data["ordStas"] == "1", "for placing no operation is published"
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    body = refunding(shop, order, "ALL", "59.40")
    assert shop.to(SINGLE, body, trans_type="hos.refund.setl").data["refStatus"] == "SUCC"
    other = shop.to(SINGLE, older(shop, person, shop.consent(person)), trans_type="hos.upload.fee").data
    told = shop.to(SINGLE, shop.asking({**other, "person": person}), trans_type="hos.revoke.order")
    assert told.data["success"] is True and told.trans_type == "hos.revoke.order"


def test_one_address_reads_a_persons_code_too() -> None:
    shop = single()
    qr = shop.act("/person/show_code", {"psn_no": shop.person()["psn_no"]})["qr"]
    data = {"orgId": shop.org, "businessType": "02121", "operatorId": "1", "operatorName": "测试员", "officeId": "1",
            "officeName": "药店"}  # fmt: skip
    told = shop.to(SINGLE, data, trans_type="ec.query", extra={"qrCode": qr})
    assert told.data["idNo"] == shop.person()["certno"]


WRONG_OLDER = [
    pytest.param({"idNo": ""}, "schema_miss", "idNo", id="a missing field"),
    pytest.param({"medOrgOrd": "9" * 41}, "schema_miss", "medOrgOrd", id="an over-long value"),
    pytest.param({"acctUsedFlag": "9"}, "schema_miss", "acctUsedFlag", id="a wrong code"),
    pytest.param({"rxList": "none"}, "schema_miss", "feedetailList", id="a wrong type"),
    pytest.param({"rxList": ["none"]}, "schema_miss", "feedetailList", id="a row that is none"),
    pytest.param({"chrgDate": "soon"}, "schema_miss", "begntime", id="no date"),
    pytest.param({"feeSumamt": "1.00"}, "total_mismatch", "medfeeSumamt", id="a wrong total"),
    pytest.param({"orgCodg": "P99999999999"}, "foreign_institution", "orgCodg", id="a foreign institution"),
    pytest.param({"psnNo": "99000000000000009999"}, "unknown_person", "psnNo", id="an unknown person"),
]


@pytest.mark.parametrize(("change", "why", "field"), WRONG_OLDER)
def test_a_wrong_older_upload_is_refused_under_the_newer_names(change: Json, why: str, field: str) -> None:
    shop = single()
    person = shop.person()
    data = older(shop, person, shop.consent(person)) | change
    before = truth(shop)
    told = shop.to(SINGLE, data, trans_type="hos.upload.fee")
    assert told.refused and field in told.message
    assert last(shop)["refusal"]["rule"] == why and truth(shop) == before


@pytest.mark.parametrize("operation", UNPUBLISHED)
def test_an_operation_without_published_fields_says_so(operation: str) -> None:
    shop = single()
    told = shop.to(SINGLE, {"orgCodg": shop.org}, trans_type=operation)
    assert told.refused and operation in told.message and last(shop)["refusal"]["rule"] == "operation_unpublished"


@pytest.mark.parametrize(("switches", "operation"), [({"pay_frame": "single"}, "hos.steal"), ({}, "hos.upload.fee")])
def test_an_unknown_operation_and_a_room_without_that_address_refuse(switches: Json, operation: str) -> None:
    shop = shop_with(Inbox(YES), switches=switches)
    assert shop.to(SINGLE, {"orgCodg": shop.org}, trans_type=operation).refused
    assert last(shop)["refusal"]["rule"] == "unknown_interface"


def test_a_newer_upload_passes_under_the_older_name() -> None:
    shop = single()
    person = shop.person()
    told = shop.to(SINGLE, shop.basket(person, shop.consent(person)), trans_type="hos.upload.fee")
    assert told.data and told.data["payOrdId"]


@pytest.mark.parametrize("hex_case", ["upper", "lower"])
def test_either_case_of_hex_is_read_and_the_rooms_own_is_sent(hex_case: str) -> None:
    shop = shop_with(Inbox(YES), switches={"hex_case": hex_case})
    order = shop.paid()
    for sent in ("upper", "lower"):
        reply = jsontext.parse(shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order), hex_as=sent)).body)
        assert reply["code"] == 0 and reply["encData"] == getattr(reply["encData"], hex_case)()
    assert last(shop)["notes"] == ["lower_case_hex"]
    run(shop)
    inbox = shop.platform.inboxes["inbox"]
    notice = jsontext.parse(inbox.got[0])
    assert notice["encData"] == getattr(notice["encData"], hex_case)()


@pytest.mark.parametrize("form", ["numbers", "strings"])
def test_numbers_and_booleans_are_signed_as_the_room_says(form: Any) -> None:
    shop = shop_with(Inbox(YES), switches={"signed_as": form})
    order = shop.uploaded()
    frame = jsontext.parse(shop.post(PATHS["6401"], shop.frame("6401", shop.asking(order))).body)
    key = sm4.derive_key(shop.credentials.app_id, shop.credentials.app_secret)
    clear = jsontext.parse(sm4.decrypt(key, frame["encData"]))
    assert clear["success"] is True, "a boolean: the two forms differ"

    def verifies(wanted: Any) -> bool:
        text = canonical.sign_text(frame, clear, shop.credentials.app_secret, form=wanted)
        return shop.credentials.peer.verify(text, b64decode(frame["signData"]))

    assert verifies(form) and not verifies("strings" if form == "numbers" else "numbers")
    strict = sealed.Leniency(either_number_form=False)
    if form == "strings":
        with pytest.raises(WireError):
            sealed.open_answer(jsontext.compact(frame), shop.credentials, lenient=strict)
    else:
        assert sealed.open_answer(jsontext.compact(frame), shop.credentials, lenient=strict).data


@pytest.mark.parametrize("form", ["numbers", "strings"])
def test_a_channel_may_sign_numbers_either_way(form: Any) -> None:
    shop = shop_with(Inbox(YES))
    order = shop.paid()
    body = refunding(shop, order, "ALL", "39.60") | {"totlRefdAmt": 40, "cashRefdAmt": 0}
    told = shop.to(PATHS["6203"], body, signed_as=form)
    assert told.refused and last(shop)["refusal"]["rule"] == "refund_amount", "the seal held; the amount was read"
    assert last(shop)["notes"] == ([] if form == "numbers" else ["signed_as_strings"])


@pytest.mark.parametrize(("infcode", "good", "bad"), [("number", 0, -1), ("string", "0", "-1")])
def test_infcode_is_a_number_or_a_text_in_both_frames(infcode: str, good: object, bad: object) -> None:
    shop = wrapped(infcode=infcode, sign_in="off")
    assert shop.institution("2102", sale(shop))["infcode"] == good
    assert shop.institution("2102", sale(shop, medfee_sumamt="1.00"))["infcode"] == bad
    order = uploaded(shop)
    assert framed(shop, "6301", shop.asking(order))["infcode"] == good
    assert framed(shop, "6301", shop.asking(order) | {"payToken": "T"})["infcode"] == bad


NODES = [
    ("both", "durg_trac_info", True), ("both", "drug_trac_info", True),
    ("durg_trac_info", "durg_trac_info", True), ("durg_trac_info", "drug_trac_info", False),
    ("drug_trac_info", "drug_trac_info", True), ("drug_trac_info", "durg_trac_info", False),
]  # fmt: skip


@pytest.mark.parametrize(("accepted", "node", "seen"), NODES)
@pytest.mark.parametrize("place", ["line", "root"])
def test_2102_carries_its_codes_under_the_name_and_at_the_place_the_room_reads(
    accepted: str, node: str, seen: bool, place: str
) -> None:
    shop = shop_with(Inbox(YES), switches={"sign_in": "off", "trace_node": accepted, "trace_place": place,
                                           "trace_duty": "dates"}, start="2026-02-01 10:00:00")  # fmt: skip
    data = sale(shop, medfee_sumamt="19.80")
    line = {**data["drugdetail"][0], "cnt": "1", "det_item_fee_sumamt": "19.80"}
    codes = {node: [{"feedetl_sn": "1", "drug_trac_codg": "81234567890123456789", "trdn_flag": "0"}]}
    data["drugdetail"] = [line | codes if place == "line" else line]
    told = shop.institution("2102", data | (codes if place == "root" else {}))
    assert (told["infcode"] == 0) is seen, told
