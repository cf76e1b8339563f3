"""Each fault strikes at its place of the path, as often as ordered, and never hides what truly happened."""

from typing import Any

import pytest

from schemas import jsontext
from simulator.faults.kinds import KINDS
from simulator.wire import sealed
from simulator.wire.errors import WireError
from simulator.wire.transport import HttpReply, NoAnswer
from tests.simulator.shop import PATHS, Shop, a_platform


@pytest.fixture
def shop() -> Shop:
    return Shop(a_platform())


def arm(shop: Shop, name: str, **order: Any) -> str:
    return str(shop.act("/faults", {"name": name, **order})["fault_id"])


def place(shop: Shop, order: Any, **send: Any) -> HttpReply:
    return shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order)), **send)


def last(shop: Shop) -> Any:
    return shop.journal()[-1]


def test_no_answer_before_commit_leaves_nothing_behind(shop: Shop) -> None:
    order = shop.uploaded()
    fault_id = arm(shop, "no_answer_before_commit", match={"code": "6202"})
    frame = shop.frame("6202", shop.placing(order))
    with pytest.raises(NoAnswer):
        shop.post(PATHS["6202"], frame)
    line = last(shop)
    assert line["fault"] == {"id": fault_id, "name": "no_answer_before_commit", "place": "request"}
    assert (line["outcome"], line["kept"], line["code"]) == ("silent", False, "6202")
    assert shop.state(order) == "0"
    assert not sealed.open_answer(shop.post(PATHS["6202"], frame).body, shop.credentials).refused


def test_no_answer_after_commit_keeps_everything(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "no_answer_after_commit", match={"code": "6202"})
    with pytest.raises(NoAnswer):
        place(shop, order)
    assert (last(shop)["outcome"], last(shop)["kept"]) == ("silent", True)
    assert shop.state(order) == "1"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_an_http_status_before_commit_carries_what_was_ordered(shop: Shop, status: int) -> None:
    order = shop.uploaded()
    arm(shop, "http_status", match={"code": "6202"}, params={"status": status, "retry_after": "7", "body": "busy"})
    reply = place(shop, order)
    assert (reply.status, reply.headers["retry-after"], reply.body) == (status, "7", b"busy")
    assert shop.state(order) == "0"


def test_an_http_status_after_commit_hides_a_success(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "http_status_after_commit", match={"code": "6202"}, params={"status": 502})
    assert place(shop, order).status == 502
    assert (last(shop)["kept"], last(shop)["status"]) == (True, 502)
    assert shop.state(order) == "1"


def test_a_slow_answer_is_no_answer_to_whoever_waits_less(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "slow", match={"code": "6202"}, params={"ms": 8_000})
    with pytest.raises(NoAnswer):
        place(shop, order, timeout_ms=7_999)
    assert last(shop)["delay_ms"] == 8_000
    arm(shop, "slow", match={"code": "6202"}, params={"ms": 8_000})
    assert place(shop, order, timeout_ms=8_000).status == 200


def test_a_garbled_body_is_no_json(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "garbled_body", match={"code": "6202"}, seed=3)
    with pytest.raises(jsontext.JsonError):
        jsontext.parse(place(shop, order).body)
    assert shop.state(order) == "1"


def test_a_wrong_signature_does_not_verify(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "wrong_signature", match={"code": "6202"})
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_answer(place(shop, order).body, shop.credentials)
    assert shop.state(order) == "1"


def test_an_altered_amount_is_signed_and_wrong(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "altered_amount", match={"code": "6202"}, params={"field": "psnAcctPay", "fen": -1})
    told = sealed.open_answer(place(shop, order).body, shop.credentials)
    assert told.data["psnAcctPay"] == "39.59"
    assert shop.sealed("6301", shop.asking(order)).data["psnAcctPay"] == "39.60"


def test_a_fault_lets_the_first_matches_pass_and_strikes_as_often_as_ordered(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "http_status", match={"code": "6301"}, after=1, count=2)
    statuses = [shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order))).status for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert shop.act("/faults", method="GET")["faults"][0]["struck"] == 2
    assert shop.act("/faults", method="GET")["faults"][0]["waiting"] is False


def test_a_fault_with_count_zero_strikes_until_it_is_cleared(shop: Shop) -> None:
    order = shop.uploaded()
    fault_id = arm(shop, "http_status", match={"code": "6301"}, count=0)
    frame = shop.frame("6301", shop.asking(order))
    assert [shop.post(PATHS["6301"], frame).status for _ in range(3)] == [503] * 3
    assert shop.act(f"/faults/{fault_id}", method="DELETE") == {"cleared": [fault_id]}
    assert shop.post(PATHS["6301"], frame).status == 200


@pytest.mark.parametrize(
    "match", [{"code": "6202"}, {"payOrdId": "another"}, {"org": "P11010890002"}, {"code": "6301", "idType": "99"}]
)
def test_a_fault_spares_messages_it_does_not_match(shop: Shop, match: Any) -> None:
    order = shop.uploaded()
    arm(shop, "no_answer_before_commit", match=match)
    assert shop.state(order) == "0"


def test_a_fault_may_be_matched_on_an_order_in_either_spelling(shop: Shop) -> None:
    order = shop.uploaded()
    for name in ("payOrdId", "pay_ord_id"):
        arm(shop, "no_answer_before_commit", match={name: order["payOrdId"]})
        with pytest.raises(NoAnswer):
            shop.state(order)


def test_two_faults_on_two_messages_make_the_worst_case(shop: Shop) -> None:
    order = shop.uploaded()
    arm(shop, "no_answer_after_commit", match={"code": "6202"})
    arm(shop, "http_status", match={"code": "6301"}, count=2)
    with pytest.raises(NoAnswer):
        place(shop, order)
    frame = shop.frame("6301", shop.asking(order))
    assert [shop.post(PATHS["6301"], frame).status for _ in range(2)] == [503, 503]
    assert shop.state(order) == "1"


def test_the_core_refuses_at_confirmation(shop: Shop) -> None:
    order = shop.placed()
    arm(shop, "core_refuses", match={"pay_ord_id": order["payOrdId"]})
    assert shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})["ordStas"] == "15"


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"name": "nonsense"}, "name"),
        ({}, "name"),
        ({"name": "slow", "place": "request"}, "place"),
        ({"name": "slow", "params": {"seconds": 3}}, "params"),
        ({"name": "slow", "params": {"ms": "3"}}, "params.ms"),
        ({"name": "slow", "count": -1}, "count"),
        ({"name": "slow", "after": "1"}, "after"),
        ({"name": "slow", "match": ["6202"]}, "match"),
    ],
)
def test_a_badly_ordered_fault_is_refused_naming_the_field_and_arms_nothing(shop: Shop, order: Any, field: str) -> None:
    status, told = shop.control("POST", "/rooms/main/faults", order)
    assert status == 400
    assert told["error"]["field"] == field
    assert shop.act("/faults", method="GET")["faults"] == []


def test_an_unknown_fault_is_answered_with_the_names_there_are(shop: Shop) -> None:
    _, told = shop.control("POST", "/rooms/main/faults", {"name": "nonsense"})
    assert all(name in told["error"]["zh"] and name in told["error"]["en"] for name in KINDS)


def test_health_lists_every_fault_with_its_words() -> None:
    listed = Shop(a_platform()).control.must("GET", "/health")["faults"]
    assert listed.keys() == KINDS.keys()
    assert all(kind["zh"] and kind["en"] and kind["places"] for kind in listed.values())
