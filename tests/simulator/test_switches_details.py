"""What a table of switches is too narrow for: notices before their answer, columns as printed, odd message ids."""

from typing import Any

import pytest

from simulator.wire import sealed
from tests.simulator.shop import PATHS, Json, Shop, a_platform
from tests.simulator.test_bad_input import sale, truth
from tests.simulator.test_courier import YES, Inbox, run, shop_with, wait
from tests.simulator.test_edge import served
from tests.simulator.test_switches_life import act, asked, balance, opened, refunding, rule


def test_a_notice_arrives_before_the_answer_of_the_6202_that_settled() -> None:
    seen: list[str] = []

    def inbox(raw: bytes) -> bytes:
        seen.append("notice")
        return YES

    shop = shop_with(inbox, switches={"settle_at": "order", "notices": "before"})
    order = shop.uploaded()
    frame = shop.frame("6202", shop.placing(order))
    reply = shop.post(PATHS["6202"], frame)
    seen.append("answer")
    assert seen == ["notice", "answer"]
    told = sealed.open_answer(reply.body, shop.credentials).data
    assert told and told["ordStas"] == "4", "the answer speaks of the moment it was made"
    assert shop.state(order) == "6"


def test_a_notice_before_its_answer_may_come_twice_and_its_inbox_may_ask_back() -> None:
    states: list[str] = []
    shop = shop_with(lambda raw: states.append(shop.state(order)) or YES,
                     switches={"settle_at": "order", "notices": "before"})  # fmt: skip
    order = shop.uploaded()
    shop.act("/faults", {"name": "duplicate_notice"})
    assert shop.sealed("6202", shop.placing(order)).data
    assert states == ["4", "6"]
    assert [line["kind"] for line in shop.journal("out")] == ["true", "duplicate"]


@pytest.mark.parametrize("switches", [{"notices": "before"}, {"settle_at": "order"}, {}])
def test_elsewhere_a_notice_waits_for_its_time(switches: Json) -> None:
    shop = opened(**switches)
    shop.placed()
    assert shop.journal("out") == []


def test_a_refused_6202_tells_nobody_first() -> None:
    shop = opened(settle_at="order", notices="before")
    paid = shop.placed()
    assert [line["kind"] for line in shop.journal("out")] == ["true"]
    assert shop.sealed("6202", shop.placing(paid)).refused
    assert len(shop.journal("out")) == 1


def test_over_http_too_the_notice_comes_before_the_answer() -> None:
    got: list[bytes] = []
    platform = a_platform()
    platform.inboxes["inbox"] = lambda raw: got.append(raw) or YES
    channels = [{"name": "channel", "callback_url": "local:inbox"}]
    switches = {"settle_at": "order", "notices": "before"}
    shop = Shop(platform, channels=channels, courier="manual", switches=switches)
    frame = shop.frame("6202", shop.placing(shop.uploaded()))
    with served(shop) as client:
        assert client.post(f"/r/main{PATHS['6202']}", content=frame).status_code == 200
        assert len(got) == 1


def test_a_slow_refund_is_done_before_it_is_answered() -> None:
    shop = opened(repeat_refund="slow")
    before = balance(shop)
    order = shop.paid()
    body = refunding(shop, order, "ALL", "39.60")
    reply = shop.post(PATHS["6203"], shop.frame("6203", body), timeout_ms=20_000)
    assert sealed.open_answer(reply.body, shop.credentials).data["refStatus"] == "SUCC"
    assert (shop.state(order), balance(shop)) == ("7", before)
    assert shop.journal()[-2]["delay_ms"] == 15_000
    other = shop.sealed("6203", body | {"totlRefdAmt": "1.00"})
    assert other.refused and rule(shop) == "refund_serial_used"


PRINTED = [
    pytest.param({"ecToken": ""}, "ecToken", id="the token"),
    pytest.param({"deptName": None}, "deptName", id="a department"),
    pytest.param({"caty": ""}, "caty", id="a clinical department"),
    pytest.param({"diseCodg": None}, "diseCodg", id="a disease"),
    pytest.param({"fetts": ""}, "fetts", id="a number of pregnancies"),
    pytest.param({"matnType": None}, "matnType", id="a kind of childbirth"),
    pytest.param({"bilgDrCodg": ""}, "bilgDrCodg", id="the doctor of a line"),
    pytest.param({"mdtrtId": None}, "mdtrtId", id="the visit of a line"),
]


def as_printed(shop: Shop, **changes: object) -> Json:
    """An OTC upload with every printed column filled."""
    person = shop.person()
    qr = shop.act("/person/show_code", {"psn_no": person["psn_no"]})["qr"]
    data = {"orgId": shop.org, "businessType": "02121", "operatorId": "1", "operatorName": "测试员", "officeId": "1",
            "officeName": "药店"}  # fmt: skip
    decoded = shop.to(
        "/localcfc/api/hsecfc/localQrCodeQuery", data, trans_type="ec.query", extra={"qrCode": qr}
    ).data  # fmt: skip
    line = {
        "mdtrtId": "V1", "psnNo": person["psn_no"], "bilgDeptCodg": "A01", "bilgDeptName": "药店", "bilgDrCodg": "D1",
        "bilgDrName": "药师", "hospApprFlag": "0",
    }  # fmt: skip
    head: Json = {
        "ecToken": decoded["ecToken"], "deptName": "药店", "caty": "A01", "diseCodg": "M1", "fetts": "0",
        "matnType": "0", "extData": {"opter": "1"}, "diseinfoList": [diagnosis()],
    }  # fmt: skip
    basket = shop.basket(person, "")
    head |= {name: value for name, value in changes.items() if name in head}
    line |= {name: value for name, value in changes.items() if name not in head}
    return {**basket, **head, "feedetailList": [{**basket["feedetailList"][0], **line}]}


def diagnosis() -> Json:
    return {
        "diagType": "1", "diagSrtNo": "1", "diagCode": "J00", "diagName": "感冒", "diagDept": "A01", "diseDorNo": "D1",
        "diseDorName": "药师", "diagTime": "2024-07-01 10:00:00", "valiFlag": "1",
    }  # fmt: skip


def test_an_upload_with_every_printed_column_is_taken_by_both() -> None:
    for otc_fields in ("relaxed", "as_printed"):
        shop = opened(otc_fields=otc_fields)
        told = shop.sealed("6201", as_printed(shop))
        assert told.data, told.message


@pytest.mark.parametrize(("change", "field"), PRINTED)
def test_a_printed_column_is_asked_for_by_name_where_the_room_says_so(change: Json, field: str) -> None:
    shop = opened(otc_fields="as_printed")
    data = as_printed(shop, **change)
    before = truth(shop)
    told = shop.sealed("6201", data)
    assert told.refused and field in told.message and "填" in told.message
    assert (rule(shop), shop.journal()[-1]["refusal"]["field"]) == ("schema_miss", field)
    assert truth(shop) == before


MSGIDS = [
    pytest.param("{org}202407011030450001", [], id="as it should be"),
    pytest.param("P99999999999202407011030450001", ["msgid_prefix"], id="another's prefix"),
    pytest.param("{org}202407010930450001", ["msgid_time"], id="an hour old"),
    pytest.param("{org}209913991030450001", ["msgid_time"], id="no time at all"),
    pytest.param("X1", ["msgid_prefix", "msgid_time"], id="nothing of the kind"),
]


@pytest.mark.parametrize(("msgid", "notes"), MSGIDS)
def test_an_odd_message_id_is_taken_and_noted(msgid: str, notes: list[str]) -> None:
    shop = opened(sign_in="off")
    told = shop.institution("2102", sale(shop), msgid=msgid.format(org=shop.org))
    assert (told["infcode"], shop.journal()[-1]["notes"]) == (0, notes)


def test_a_query_under_a_used_message_id_is_taken_and_noted() -> None:
    shop = opened(sign_in="off")
    msgid = f"{shop.org}202407011030450001"
    shop.institution("2102", sale(shop), msgid=msgid)
    question = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": shop.person()["certno"]}}
    assert shop.institution("1101", question, msgid=msgid)["infcode"] == 0
    assert shop.journal()[-1]["notes"] == ["msgid_repeated"]


def triple(shop: Shop, order: Json, **changes: str) -> Json:
    placing = {name: value for name, value in shop.placing(order).items() if name != "payAuthNo"}
    given = {"ecAuthCode": order["basket"]["ecToken"], "ecChnlAppId": shop.told["appId"],
             "ecChnlUserId": order["person"]["ec_user_id"]}  # fmt: skip
    return {**placing, **given, **changes}


def order_by_token(shop: Shop) -> Json:
    basket = as_printed(shop)
    told = shop.sealed("6201", basket)
    assert told.data
    return {**told.data, "basket": basket, "person": shop.person(), "payAuthNo": basket["ecToken"]}


def test_an_order_is_placed_with_the_e_vouchers_own_triple_instead_of_a_number() -> None:
    shop = opened()
    order = order_by_token(shop)
    told = shop.sealed("6202", triple(shop, order))
    assert told.data and told.data["ordStas"] == "1"
    assert act(shop, "confirm", order) == "4"
    assert asked(shop, order)["setlType"] == "HI"
    again = as_printed(shop, ecToken=order["basket"]["ecToken"]) | {"medOrgOrd": "M2"}
    assert shop.sealed("6201", again).refused and rule(shop) == "token_spent", "one settlement for one token"
    body: dict[str, Any] = refunding(shop, order, "ALL", "39.60", payAuthNo=None, ecToken=order["basket"]["ecToken"])
    assert shop.sealed("6203", body).data["refStatus"] == "SUCC"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ecChnlAppId": "F" * 32}, "consent_app"),
        ({"ecChnlUserId": "U0"}, "consent_foreign"),
        ({"ecAuthCode": "F" * 36}, "token_unknown"),
    ],
)
def test_a_triple_of_others_places_nothing(change: dict[str, str], why: str) -> None:
    shop = opened()
    order = order_by_token(shop)
    before = truth(shop)
    assert shop.sealed("6202", triple(shop, order, **change)).refused
    assert (rule(shop), truth(shop)) == (why, before)


def test_a_clear_channel_gets_clear_notices_and_may_answer_in_clear() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/callback", {"url": "local:inbox", "plain": True})
    order = shop.paid()
    assert [one["success"] for one in run(shop)] == [True]
    lenient = sealed.Leniency(plain=True)
    opened_notice = sealed.open_sealed(inbox.got[0], shop.credentials, lenient=lenient)
    assert not opened_notice.signed and opened_notice.data and opened_notice.data["payOrdId"] == order["payOrdId"]
    assert shop.journal("out")[0]["sealed"] is False
    told = shop.act("/callback", {"url": "local:inbox", "plain": False})
    assert told["plain"] is False
    shop.paid()
    wait(shop, 1)
    run(shop)
    assert sealed.open_sealed(inbox.got[-1], shop.credentials).signed


def test_a_channel_may_be_registered_clear_from_the_start() -> None:
    platform = a_platform()
    shop = Shop(platform, channels=[{"name": "first", "plain": True}, {"name": "second"}])
    told = shop.act("/registration", method="GET")["channels"]
    assert {one["name"]: one["plain"] for one in told} == {"first": True, "second": False}
    status, wrong = shop.control("POST", "/rooms", {"room": "x", "channels": [{"name": "a", "plain": "yes"}]})
    assert (status, wrong["error"]["field"]) == (400, "channels.plain")
