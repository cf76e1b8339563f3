"""The courier brings each notice until it is confirmed, and what faults make of it."""

from typing import Any

import httpx
import pytest
import respx

from schemas import jsontext
from simulator.edge.courier import TIMEOUT_MS
from simulator.wire import sealed
from simulator.wire.errors import WireError
from simulator.wire.timestamps import digits14
from tests.simulator.shop import Shop, a_platform

YES = b'{"success":true,"message":"ok"}'
MINUTE_MS = 60_000


class Inbox:
    """Remembers what came and answers as told."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.got = list(answers), []

    def __call__(self, raw: bytes) -> bytes:
        self.got.append(raw)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def shop_with(inbox: Any, **order: Any) -> Shop:
    platform = a_platform()
    platform.inboxes["inbox"] = inbox
    return Shop(platform, channels=[{"name": "channel", "callback_url": "local:inbox"}], courier="manual", **order)


def run(shop: Shop) -> Any:
    return shop.act("/courier/run", {})["delivered"]


def wait(shop: Shop, ms: int) -> None:
    shop.act("/clock", {"advance_ms": ms})


def test_a_paid_order_is_told_to_the_channel_once_and_closes() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    order = shop.paid()
    assert [one["state"] for one in run(shop)] == ["done"]
    assert run(shop) == []
    assert len(inbox.got) == 1
    assert shop.state(order) == "6"
    opened = sealed.open_sealed(inbox.got[0], shop.credentials)
    assert (opened.data["payOrdId"], opened.data["feeSumamt"]) == (order["payOrdId"], "39.60")


def test_an_unpaid_order_is_told_to_nobody() -> None:
    shop = shop_with(Inbox(YES))
    shop.placed()
    assert run(shop) == []


def test_each_delivery_has_a_line_with_the_reaction() -> None:
    shop = shop_with(Inbox(b'{"success":false,"message":"later"}', YES))
    order = shop.paid()
    run(shop)
    wait(shop, 15_000)
    run(shop)
    first, second = shop.journal("out")
    assert (first["outcome"], first["tries"], second["outcome"], second["tries"]) == ("refused", 1, "ok", 2)
    assert first["keys"]["payOrdId"] == order["payOrdId"]
    assert first["answer"] == {"success": False, "message": "later"}
    assert (first["code"], first["channel"], first["kind"]) == ("6302", "channel", "true")


@pytest.mark.parametrize(
    "answer", [b"", b"ok", b"[]", b"{}", b'{"code":0}', b'{"success":"maybe"}', b'{"data":{"success":null}}', b"\xff"]
)
def test_anything_but_a_clear_yes_counts_as_silence_and_is_tried_again(answer: bytes) -> None:
    shop = shop_with(Inbox(answer))
    order = shop.paid()
    assert [(one["success"], one["state"]) for one in run(shop)] == [(None, "due")]
    assert shop.journal("out")[0]["outcome"] == "silent"
    assert shop.state(order) == "4"


def test_a_sealed_yes_is_verified_and_a_forged_one_is_silence() -> None:
    shop = shop_with(lambda raw: answers.pop(0))
    data = {"success": True, "message": "ok"}
    right = sealed.seal(shop.credentials, data, timestamp=digits14(shop.now_ms), code=0)
    wrong = jsontext.parse(right)
    wrong["signData"] = jsontext.parse(shop.frame("6301", {"a": "b"}))["signData"]
    answers = [jsontext.compact(wrong), right]
    shop.paid()
    assert run(shop)[0]["success"] is None
    wait(shop, 15_000)
    assert run(shop)[0]["success"] is True
    assert [line["answer_sealed"] for line in shop.journal("out")] == [False, True]


def test_seven_tries_inside_the_hour_then_it_is_given_up_and_the_money_stays_taken() -> None:
    shop = shop_with(Inbox(b"no"))
    order = shop.paid()
    for pause_ms in (0, 15_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS):
        wait(shop, pause_ms)
        assert len(run(shop)) == 1
    assert shop.act("/notices", method="GET")["notices"][0]["state"] == "given_up"
    wait(shop, 600 * MINUTE_MS)
    assert run(shop) == []
    assert shop.state(order) == "4"


def test_an_inbox_that_breaks_or_does_not_exist_is_silence() -> None:
    def broken(raw: bytes) -> bytes:
        raise RuntimeError("crash before the answer")

    shop = shop_with(broken)
    shop.paid()
    assert run(shop)[0]["success"] is None
    shop.act("/callback", {"url": "local:nobody"})
    wait(shop, 15_000)
    assert "NotDelivered" in run(shop)[0]["note"]
    shop.act("/callback", {"url": ""})
    wait(shop, 30_000)
    assert "no callback" in run(shop)[0]["note"]


def test_an_inbox_may_call_the_platform_while_it_is_being_told() -> None:
    seen: list[str] = []

    def curious(raw: bytes) -> bytes:
        seen.append(shop.state(order))
        return YES

    shop = shop_with(curious)
    order = shop.paid()
    run(shop)
    assert seen == ["4"]
    assert shop.state(order) == "6"


def test_no_notice_is_ever_in_flight_twice_for_one_order() -> None:
    nested: list[Any] = []

    def greedy(raw: bytes) -> bytes:
        nested.append(run(shop))
        return YES

    shop = shop_with(greedy)
    shop.paid()
    run(shop)
    assert nested == [[]]


def test_a_duplicate_comes_after_success() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "duplicate_notice", "params": {"times": 2}})
    shop.paid()
    run(shop)
    assert len(inbox.got) == 3
    assert [line["kind"] for line in shop.journal("out")] == ["true", "duplicate", "duplicate"]


def test_a_late_notice_waits() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "late_notice", "params": {"ms": 60_000}})
    shop.paid()
    assert run(shop) == []
    wait(shop, 59_999)
    assert run(shop) == []
    wait(shop, 1)
    assert len(run(shop)) == 1


def test_a_withheld_notice_counts_as_a_try() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "no_notice"})
    shop.paid()
    assert run(shop)[0]["note"] == "withheld by a fault"
    assert inbox.got == []
    wait(shop, 15_000)
    assert run(shop)[0]["success"] is True


def test_a_forged_notice_comes_first_and_does_not_verify() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "forged_notice"})
    shop.paid()
    run(shop)
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_sealed(inbox.got[0], shop.credentials)
    sealed.open_sealed(inbox.got[1], shop.credentials)
    assert [line["kind"] for line in shop.journal("out")] == ["forged", "true"]


def test_a_forged_notice_may_speak_of_an_order_that_is_not_paid_and_moves_nothing() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    order = shop.placed()
    shop.act("/faults", {"name": "forged_notice", "params": {"pay_ord_id": order["payOrdId"]}})
    assert [one["kind"] for one in run(shop)] == ["forged"]
    assert len(inbox.got) == 1
    assert shop.state(order) == "1"


def test_the_simulated_buyer_pays_and_the_notice_follows() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox, switches={"confirm": "auto"})
    order = shop.placed()
    wait(shop, 1_000)
    assert len(run(shop)) == 1
    assert shop.state(order) == "6"


def test_a_web_address_is_posted_to_within_five_seconds() -> None:
    shop = shop_with(Inbox(YES))
    url = "http://127.0.0.1:9/inbox"
    shop.act("/callback", {"url": url})
    shop.paid()
    with respx.mock() as web:
        route = web.post(url).mock(side_effect=[httpx.ReadTimeout("late"), httpx.Response(200, content=YES)])
        assert "NoAnswer" in run(shop)[0]["note"]
        wait(shop, 15_000)
        assert run(shop)[0]["success"] is True
        assert route.calls[0].request.extensions["timeout"]["read"] == TIMEOUT_MS / 1_000
        assert route.calls[0].request.headers["content-type"].startswith("application/json")


def test_a_failing_status_is_silence_even_with_a_yes_in_it() -> None:
    shop = shop_with(Inbox(YES))
    url = "http://127.0.0.1:9/inbox"
    shop.act("/callback", {"url": url})
    shop.paid()
    with respx.mock() as web:
        web.post(url).mock(return_value=httpx.Response(500, content=YES))
        assert run(shop)[0]["success"] is None


def test_an_endless_answer_is_cut_off() -> None:
    shop = shop_with(Inbox(YES))
    url = "http://127.0.0.1:9/inbox"
    shop.act("/callback", {"url": url})
    shop.paid()
    with respx.mock() as web:
        web.post(url).mock(return_value=httpx.Response(200, content=b"x" * (1024 * 1024 + 1)))
        assert "longer" in run(shop)[0]["note"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/in",
        "ftp://127.0.0.1/in",
        "127.0.0.1:80",
        "http://",
        "http://10.0.0.1/",
        "http://127.0.0.1:x/",
    ],
)
def test_notices_go_to_this_machine_only_unless_allowed(url: str) -> None:
    shop = shop_with(Inbox(YES))
    status, told = shop.control("POST", "/rooms/main/callback", {"url": url})
    assert (status, told["error"]["field"]) == (400, "url")


def test_other_machines_may_be_allowed() -> None:
    shop = Shop(a_platform(allow_remote_callbacks=True))
    assert shop.act("/callback", {"url": "https://example.com/in"})["callback_url"] == "https://example.com/in"
