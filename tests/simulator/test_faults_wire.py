"""What each fault of an answer does on the wire: over the sealed frame, the institution's frame and real sockets."""

from typing import Any

import httpx
import pytest

from schemas import jsontext
from schemas.amount import to_fen
from simulator.faults.bending import UNKNOWN_FIELD
from simulator.wire import sealed
from simulator.wire.transport import NoAnswer
from tests.simulator.shop import PATHS, Shop, a_platform
from tests.simulator.test_edge import QUERY, frames, served
from tests.simulator.till import Till

READ_PERSON = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": "", "psn_cert_type": "01", "psn_name": "测试甲"}}
HOUR_MS = 3_600_000


@pytest.fixture
def shop() -> Shop:
    made = Shop(a_platform(), courier="manual")
    made.sign_in()
    return made


def arm(shop: Shop, name: str, **order: Any) -> None:
    shop.act("/faults", {"name": name, **order})


def asked(shop: Shop, order: Any, *, plain: bool = False) -> Any:
    """What 6301 tells, opened."""
    return shop.sealed("6301", shop.asking(order), plain=plain)


def read(shop: Shop, **fields: Any) -> Any:
    """What 1101 answers on the institution's surface."""
    number = shop.person()["certno"]
    data = {**READ_PERSON["data"], "mdtrt_cert_no": number, "certno": number}
    return shop.institution("1101", {"data": data}, **fields)


@pytest.mark.parametrize("plain", [False, True])
def test_a_named_field_is_missing_of_another_type_or_new(shop: Shop, plain: bool) -> None:
    order = shop.placed()
    sound = asked(shop, order, plain=plain).data
    arm(shop, "missing_field", match={"code": "6301"}, params={"field": "ordStas"})
    assert asked(shop, order, plain=plain).data.keys() == sound.keys() - {"ordStas"}
    arm(shop, "wrong_type", match={"code": "6301"}, params={"field": "ordStas"})
    assert asked(shop, order, plain=plain).data["ordStas"] == [sound["ordStas"]]
    arm(shop, "unknown_field", match={"code": "6301"})
    strange = asked(shop, order, plain=plain).data
    assert strange.pop(UNKNOWN_FIELD) == "1"
    assert strange.keys() == sound.keys()


def test_with_no_field_named_the_amount_that_matters_most_is_hit(shop: Shop) -> None:
    order = shop.placed()
    arm(shop, "missing_field", match={"code": "6301"})
    assert "psnAcctPay" not in asked(shop, order).data
    arm(shop, "altered_amount", match={"code": "6301"}, params={"fen": 7})
    told, sound = asked(shop, order).data, asked(shop, order).data
    assert to_fen(told["psnAcctPay"]) == to_fen(sound["psnAcctPay"]) + 7


def test_fields_of_the_institutions_frame_are_hit_in_their_node(shop: Shop) -> None:
    sound = read(shop)["output"]["baseinfo"]
    arm(shop, "missing_field", match={"code": "1101"}, params={"field": "psn_no"})
    assert read(shop)["output"]["baseinfo"].keys() == sound.keys() - {"psn_no"}
    arm(shop, "wrong_type", match={"code": "1101"}, params={"field": "psn_no"})
    assert read(shop)["output"]["baseinfo"]["psn_no"] == [sound["psn_no"]]
    arm(shop, "unknown_field", match={"code": "1101"})
    told = read(shop)["output"]
    assert UNKNOWN_FIELD in told and UNKNOWN_FIELD in told["baseinfo"]


def test_the_answers_own_number_is_none_the_platform_gave(shop: Shop) -> None:
    arm(shop, "wrong_refmsgid", match={"code": "1101"})
    told = read(shop)
    assert (told["infcode"], told["inf_refmsgid"]) == (0, "999999" + "0" * 24)
    assert read(shop)["inf_refmsgid"] != told["inf_refmsgid"]


@pytest.mark.parametrize("plain", [False, True])
def test_an_old_answer_comes_again_byte_for_byte(shop: Shop, plain: bool) -> None:
    first, second = shop.placed(), shop.placed(packs=1)
    arm(shop, "replayed_answer", match={"code": "6301"})

    def told(order: Any) -> bytes:
        return shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order), plain=plain)).body

    kept = told(first)
    assert shop.journal()[-1]["fault"] is None
    assert told(second) == kept
    assert shop.journal()[-1]["fault"]["name"] == "replayed_answer"
    assert told(second) != kept
    assert shop.act("/faults", method="GET")["faults"][0]["struck"] == 1


def test_an_answers_clock_is_off_on_both_surfaces(shop: Shop) -> None:
    order = shop.placed()
    frame = shop.frame("6301", shop.asking(order))
    sound = jsontext.parse(shop.post(PATHS["6301"], frame).body)
    arm(shop, "clock_skew", match={"code": "6301"}, params={"ms": HOUR_MS})
    skewed = jsontext.parse(shop.post(PATHS["6301"], frame).body)
    assert isinstance(sound, dict) and isinstance(skewed, dict)
    assert (sound["timestamp"][8:10], skewed["timestamp"][8:10]) == ("10", "11")
    sound_time = read(shop)["respond_time"]
    arm(shop, "clock_skew", match={"code": "1101"}, params={"ms": -HOUR_MS})
    assert (sound_time[8:10], read(shop)["respond_time"][8:10]) == ("10", "09")


def test_an_expired_sign_in_refuses_until_somebody_signs_in_again(shop: Shop) -> None:
    assert read(shop)["infcode"] == 0
    arm(shop, "sign_in_expired", match={"code": "1101"})
    assert (read(shop)["infcode"], shop.journal()[-1]["refusal"]["rule"]) == (-1, "sign_no_invalid")
    assert read(shop)["infcode"] == -1
    assert shop.journal()[-1]["fault"] is None
    shop.sign_in()
    assert read(shop)["infcode"] == 0


def test_a_gateways_page_stands_where_json_was_due(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "login_page", match={"code": "6202"})
    reply = shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order)))
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html;charset=utf-8")
    assert reply.body.startswith(b"<!DOCTYPE html>")
    assert shop.state(order) == "1"


@pytest.mark.parametrize(("fault", "place", "state"), [
    ("connection_reset", "answer", "1"), ("connection_reset", "request", "0"), ("truncated_body", "answer", "1"),
])  # fmt: skip
def test_a_broken_connection_tells_nothing_of_what_happened(shop: Shop, fault: str, place: str, state: str) -> None:
    order = shop.uploaded()
    arm(shop, fault, place=place, match={"code": "6202"})
    with pytest.raises(NoAnswer, match="connection broke"):
        shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order)))
    assert shop.journal()[-1]["outcome"] == "silent"
    assert shop.state(order) == state


@pytest.mark.parametrize(("fault", "error", "words"), [
    ("connection_reset", httpx.ReadError, "reset"),
    ("truncated_body", httpx.RemoteProtocolError, "without sending complete message body"),
])  # fmt: skip
def test_over_a_socket_the_connection_is_reset_or_the_body_stops_and_the_server_blames_nobody(
    fault: str, error: type[Exception], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    arm(shop, fault, match={"code": "6301"})
    with served(shop) as client:
        with pytest.raises(error, match=words):
            client.post(QUERY, content=body)
        assert client.post(QUERY, content=body).status_code == 200
    assert "ERROR" not in capsys.readouterr().err


def test_over_a_socket_a_dripping_answer_begins_at_once_and_is_whole_in_the_end() -> None:
    shop = Shop(a_platform())
    (body,) = frames(shop, 1)
    arm(shop, "trickle", match={"code": "6301"}, params={"ms": 40})
    with served(shop) as client, client.stream("POST", QUERY, content=body) as reply:
        parts = list(reply.iter_raw())
    assert len(parts) > 1
    assert not sealed.open_answer(b"".join(parts), shop.credentials).refused


def test_a_dripping_answer_is_no_answer_to_whoever_waits_less(shop: Shop) -> None:
    order = shop.placed()
    arm(shop, "trickle", match={"code": "6301"}, params={"ms": 8_000})
    with pytest.raises(NoAnswer):
        shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order)), timeout_ms=7_999)


def test_a_reconciliation_result_lacks_a_row_has_one_more_or_lies_about_one() -> None:
    till = Till(Shop(a_platform(), courier="manual"))
    till.shop.sign_in()
    till.sell()
    till.sell(packs=1)
    sound = till.details("2024-07-01")
    for fault in ("statement_row_missing", "statement_row_extra", "statement_row_altered"):
        arm(till.shop, fault, match={"code": "9102"})
        told = till.details("2024-07-01")
        assert {
            "statement_row_missing": told == sound[1:],
            "statement_row_extra": told[:-1] == sound and told[-1]["setl_id"] != sound[-1]["setl_id"],
            "statement_row_altered": told[1:] == sound[1:] and told[0]["medfee"] != sound[0]["medfee"],
        }[fault], fault
    assert till.details("2024-07-01") == sound


def test_a_notice_about_an_order_nobody_has_is_well_signed_and_comes_first() -> None:
    got: list[bytes] = []

    def inbox(raw: bytes) -> bytes:
        got.append(raw)
        return b'{"success":true}'

    platform = a_platform()
    platform.inboxes["inbox"] = inbox
    shop = Shop(platform, channels=[{"name": "channel", "callback_url": "local:inbox"}], courier="manual")
    arm(shop, "unknown_order_notice")
    order = shop.paid()
    assert [one["kind"] for one in shop.act("/courier/run", {})["delivered"]] == ["unknown_order", "true"]
    strange, true = [sealed.open_sealed(raw, shop.credentials).data for raw in got]
    assert strange["payOrdId"] != order["payOrdId"] == true["payOrdId"]
    assert shop.state(order) == "6"


def test_an_unknown_parameter_is_named(shop: Shop) -> None:
    status, told = shop.control("POST", "/rooms/main/faults", {"name": "trickle", "params": {"seconds": 3, "ms": 1}})
    assert (status, told["error"]["field"]) == (400, "params")
    assert "seconds" in told["error"]["zh"] and "seconds" in told["error"]["en"] and "ms" in told["error"]["en"]
