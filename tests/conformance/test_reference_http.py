"""The channel at its HTTP edge: what the other side of a socket may do to an answer, and what is concluded from it."""

from collections.abc import Callable

import httpx
import pytest
import respx

from conformance.channels.reference.over_http import HttpTransport
from schemas import jsontext
from simulator.edge.local import LocalTransport
from simulator.wire.sealed import Credentials, seal
from simulator.wire.sm2 import PrivateKey
from simulator.wire.transport import HttpRequest, NoAnswer, NotDelivered
from simulator.worlds.keyring import channel_keys
from tests.conformance.reference_lab import Lab

BASE = "http://127.0.0.1:8470"
PLACE, ASK = "/r/lab/org/local/api/hos/pay_order", "/r/lab/org/local/api/hos/query_order_info"
REQUEST = HttpRequest("POST", "/path", {"x-a": "1"}, b"body")


@respx.mock
def test_a_request_goes_to_the_base_address_as_it_is():
    route = respx.post(f"{BASE}/r/lab/path").mock(
        return_value=httpx.Response(503, headers={"Retry-After": "7"}, text="no")
    )
    transport = HttpTransport(f"{BASE}/r/lab")
    reply = transport.send(REQUEST, timeout_ms=1000)
    assert (reply.status, reply.headers["retry-after"], reply.body) == (503, "7", b"no")
    sent = route.calls.last.request
    assert (sent.content, sent.headers["x-a"]) == (b"body", "1")
    transport.close()


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (httpx.ConnectError("refused"), NotDelivered), (httpx.ConnectTimeout("slow"), NotDelivered),
        (httpx.PoolTimeout("busy"), NotDelivered), (httpx.ReadTimeout("slow"), NoAnswer),
        (httpx.WriteTimeout("slow"), NoAnswer), (httpx.ReadError("reset"), NoAnswer),
        (httpx.WriteError("reset"), NoAnswer), (httpx.RemoteProtocolError("cut off"), NoAnswer),
    ],
)  # fmt: skip
@respx.mock
def test_what_went_wrong_decides_what_may_be_concluded(fault, meaning):
    respx.post(f"{BASE}/path").mock(side_effect=fault)
    transport = HttpTransport(BASE)
    with pytest.raises(meaning):
        transport.send(REQUEST, timeout_ms=1000)
    transport.close()


def test_nobody_listening_is_not_delivered():
    transport = HttpTransport("http://127.0.0.1:9")
    with pytest.raises(NotDelivered):
        transport.send(REQUEST, timeout_ms=1000)
    transport.close()


class Wired(Lab):
    """A lab whose channel speaks HTTP; ``spoil`` sees each request and the platform's answer and may change it."""

    def __init__(self) -> None:
        self.spoil: dict[str, Callable[[httpx.Response], httpx.Response | Exception]] = {}
        super().__init__()

    def transport(self, base_path):
        return HttpTransport(BASE + base_path)

    def forward(self, request: httpx.Request) -> httpx.Response:
        """Let the platform answer, then spoil it, once."""
        path = request.url.path
        asked = HttpRequest(request.method, path, dict(request.headers), request.content)
        reply = LocalTransport(self.platform).send(asked, timeout_ms=5000)
        answer = httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)
        spoilt = self.spoil.pop(path, lambda same: same)(answer)
        if isinstance(spoilt, Exception):
            raise spoilt
        return spoilt

    def credentials(self, private: PrivateKey | None = None) -> Credentials:
        """The platform's pen, or a forger's."""
        keys = channel_keys(7, self.registered["name"])
        return Credentials(
            self.registered["appId"],
            self.registered["appSecret"],
            private or keys.platform_private,
            keys.private.public,
        )


@pytest.fixture
def lab():
    """A lab over HTTP."""
    with respx.mock(base_url=BASE) as router:
        wired = Wired.__new__(Wired)
        router.route().mock(side_effect=wired.forward)
        wired.__init__()
        yield wired


def body(data, **outer):
    """A 200 answer with that JSON."""
    return lambda _: httpx.Response(200, content=jsontext.compact({**data, **outer}))


def unsigned_success(answer: httpx.Response) -> httpx.Response:
    """The true answer without its signature."""
    frame = {name: value for name, value in jsontext.parse(answer.content).items() if name != "signData"}
    return httpx.Response(200, content=jsontext.compact(frame))


SPOILERS = {
    "time-out": lambda _: httpx.ReadTimeout("slow"),
    "reset": lambda _: httpx.ReadError("reset"),
    "garbage": lambda _: httpx.Response(200, content=b"<html>OK</html>"),
    "empty": lambda _: httpx.Response(200, content=b""),
    "cut off": lambda answer: httpx.Response(200, content=answer.content[:40]),
    "gateway error": lambda _: httpx.Response(504, text="gateway time-out"),
    "unsigned": unsigned_success,
    "bare success": body({"code": 0, "message": "成功", "success": True}),
    "bare refusal": body({"code": 500, "message": "系统繁忙"}),
    "redirect": lambda _: httpx.Response(302, headers={"location": "/elsewhere"}),
}


@pytest.mark.parametrize("spoiler", SPOILERS, ids=list(SPOILERS))
def test_an_answer_to_6202_nobody_stands_behind_is_doubt(lab, spoiler):
    lab.spoil[PLACE] = SPOILERS[spoiler]
    assert lab.place()["ok"]["state"] == "in_doubt"
    assert lab.cash_book() == []
    lab.advance(2_000)
    lab.jobs()
    assert lab.state() == "not_paid"
    assert len(lab.ledger("PAY")) == 0


def test_nothing_delivered_is_no_doubt_and_is_sent_again(lab):
    lab.spoil[PLACE] = lambda _: httpx.ConnectError("refused")
    assert lab.place()["ok"]["state"] == "not_paid"


@pytest.mark.parametrize(
    "changes",
    [
        {"payOrdId": "ORD110100202407011000000000009"},
        {"ordStas": "not a code"},
        {"feeSumamt": "79,60"},
        {"payOrdId": ""},
    ],
    ids=["foreign order", "unknown code", "unreadable amount", "no order"],
)
def test_a_signed_answer_that_does_not_fit_our_question_is_no_answer(lab, changes):
    told = {"feeSumamt": "79.60", "ownPayAmt": "29.60", "psnAcctPay": "50.00", "fundPay": "0.00", "ordStas": "1"}

    def other(answer):
        order = lab.control("GET", "/lab/orders")["orders"][-1]["pay_ord_id"]
        data = {"payOrdId": order, **told, **changes}
        raw = seal(lab.credentials(), data, timestamp="20240701100000", code=0, message="成功", success=True)
        return httpx.Response(200, content=raw)

    lab.spoil[PLACE] = other
    assert lab.place()["ok"]["state"] == "in_doubt"


def test_an_answer_signed_by_somebody_else_is_no_answer(lab):
    forger = PrivateKey.from_seed("TEST-ONLY forger")
    lab.place()
    lab.confirm()
    forged = seal(
        lab.credentials(forger), {"payOrdId": "x", "ordStas": "12"}, timestamp="20240701100000", code=0, success=True
    )
    lab.spoil[ASK] = lambda _: httpx.Response(200, content=forged)
    assert lab.perform("check")["ok"]["state"] == "in_doubt"


@pytest.mark.parametrize("retry_after", ["120", "Mon, 01 Jul 2024 02:02:00 GMT"])
def test_retry_after_is_read_as_seconds_or_as_a_date(lab, retry_after):
    lab.place()
    lab.spoil[ASK] = lambda _: httpx.Response(503, headers={"Retry-After": retry_after})
    lab.perform("check")
    assert lab.jobs()["next_due_ms"] == lab.room["now_ms"] + 120_000


def test_rubbish_in_retry_after_is_ignored(lab):
    lab.place()
    lab.spoil[ASK] = lambda _: httpx.Response(429, headers={"Retry-After": "soon"})
    lab.perform("check")
    assert lab.jobs()["next_due_ms"] < lab.room["now_ms"] + 60_000
