"""The meter: reports every call, can break nothing, and lets a kill through as the very object it was."""

from collections.abc import Callable
from typing import Any

import pytest

from loadtests.metered import Failed, MeteredTransport, label
from simulator.wire.transport import HttpReply, HttpRequest, NoAnswer, NotDelivered

REQUEST = HttpRequest("POST", "/org/local/api/hos/pay_order", {}, b"{}")


class Kill(BaseException):
    """What ends a user in the middle of a call."""


class Answers:
    """A transport that does what it is told."""

    def __init__(self, act: Callable[[], HttpReply]) -> None:
        self.act = act

    def send(self, request: HttpRequest, *, timeout_ms: int) -> HttpReply:
        return self.act()


class Unreadable:
    """A reply whose every attribute is a trap."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"somebody read {name} of the reply")


def raising(fault: BaseException) -> Callable[[], HttpReply]:
    def act() -> HttpReply:
        raise fault

    return act


def metered(act: Callable[[], HttpReply], told: list[dict[str, Any]], ticks: list[int]) -> MeteredTransport:
    return MeteredTransport(Answers(act), lambda **call: told.append(call), lambda: ticks.pop(0))


def test_a_call_is_reported_with_its_interface_its_time_and_its_size() -> None:
    told: list[dict[str, Any]] = []
    reply = HttpReply(200, {}, b"abc")
    assert metered(lambda: reply, told, [1_000_000, 43_999_999]).send(REQUEST, timeout_ms=1) is reply
    assert told == [
        {
            "request_type": "pay_centre",
            "name": "6202",
            "response_time": 42,
            "response_length": 3,
            "exception": None,
        }
    ]
    assert type(told[0]["response_time"]) is int


@pytest.mark.parametrize("fault", [NoAnswer("slow"), NotDelivered("refused")])
def test_a_failed_call_is_reported_and_raised_as_it_was(fault: Exception) -> None:
    told: list[dict[str, Any]] = []
    with pytest.raises(type(fault)) as caught:
        metered(raising(fault), told, [0, 0]).send(REQUEST, timeout_ms=1)
    assert caught.value is fault
    assert told[0]["exception"] is fault


def test_a_server_that_fails_is_reported_as_a_failure() -> None:
    told: list[dict[str, Any]] = []
    metered(lambda: HttpReply(503, {}, b""), told, [0, 0]).send(REQUEST, timeout_ms=1)
    assert isinstance(told[0]["exception"], Failed)


@pytest.mark.parametrize("kill", [Kill(), KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
def test_a_kill_goes_through_untouched_and_unmetered(kill: BaseException) -> None:
    told: list[dict[str, Any]] = []
    with pytest.raises(type(kill)) as caught:
        metered(raising(kill), told, [0]).send(REQUEST, timeout_ms=1)
    assert caught.value is kill
    assert kill.__cause__ is None and kill.__context__ is None
    assert told == []


def test_a_kill_during_the_call_never_has_the_reply_read() -> None:
    inner = Answers(raising(Kill()))
    inner.reply = Unreadable()  # type: ignore[attr-defined]  # a reply that is there and must not be looked at
    with pytest.raises(Kill):
        MeteredTransport(inner, lambda **_: None).send(REQUEST, timeout_ms=1)


@pytest.mark.parametrize("fault", [ValueError("broken meter"), AssertionError()])
def test_a_broken_meter_breaks_nothing(fault: Exception) -> None:
    def fire(**_: object) -> None:
        raise fault

    reply = HttpReply(200, {}, b"")
    assert MeteredTransport(Answers(lambda: reply), fire).send(REQUEST, timeout_ms=1) is reply
    lost = NoAnswer("slow")
    with pytest.raises(NoAnswer) as caught:
        MeteredTransport(Answers(raising(lost)), fire).send(REQUEST, timeout_ms=1)
    assert caught.value is lost


LABELS = [
    ("/org/local/api/hos/pay_order", b"", ("pay_centre", "6202")),
    ("/house/api/evoucher/authQuery", b"", ("evoucher", "house.auth.query")),
    ("/fsi/api/rsfComIfsService/callService", b'{"infno":"1101","msgid":"1"}', ("institution", "1101")),
    ("/fsi/api/rsfComIfsService/callService", b'{"msgid":"1","infno" : "9001"}', ("institution", "9001")),
    ("/house/cash/open", b'{"infno":"9001"}', ("cash", "open")),
    ("/elsewhere?x=1", b"", ("other", "/elsewhere")),
]


@pytest.mark.parametrize(("path", "body", "expected"), LABELS)
def test_a_call_is_named_after_its_surface_and_interface(path: str, body: bytes, expected: tuple[str, str]) -> None:
    assert label(HttpRequest("POST", path, {}, body)) == expected
