"""Effects on an answer that is already in its frame, and on how it leaves: silence, status, pace, bytes."""

import base64
from random import Random

from schemas import jsontext
from schemas.tabfile import TabFileError, pack, unpack
from simulator.exchange import CUT, RESET, TRICKLE, Exchange
from simulator.faults.armed import Armed

LOGIN_PAGE = "<!DOCTYPE html><html><head><title>登录</title></head><body>请先登录网关</body></html>"
_MOST_ROWS = 100_000
_AMOUNT = 7
"""Column of a reconciliation result: medfee_sumamt."""


def silence(exchange: Exchange, armed: Armed) -> None:
    """Nothing is answered."""
    exchange.silent = True


def status(exchange: Exchange, armed: Armed) -> None:
    """An HTTP status of the gateway instead of an answer, with ``Retry-After`` where one was ordered."""
    exchange.status = int(armed.params["status"])
    exchange.answer = str(armed.params["body"]).encode()
    if armed.params["retry_after"] != "":
        exchange.answer_headers["retry-after"] = str(armed.params["retry_after"])


def slow(exchange: Exchange, armed: Armed) -> None:
    """The whole answer leaves ``ms`` later."""
    exchange.delay_ms = int(armed.params["ms"])


def trickle(exchange: Exchange, armed: Armed) -> None:
    """The answer leaves at once, a few bytes at a time, and is whole after ``ms``."""
    exchange.delay_ms, exchange.manner = int(armed.params["ms"]), TRICKLE


def reset(exchange: Exchange, armed: Armed) -> None:
    """The connection is reset under the waiting client."""
    exchange.manner = RESET


def cut_off(exchange: Exchange, armed: Armed) -> None:
    """The whole length is announced, half of it is sent, then the connection closes."""
    exchange.manner = CUT


def garble(exchange: Exchange, armed: Armed) -> None:
    """The JSON stops in the middle although HTTP says that it is whole."""
    cut = Random(armed.seed).randrange(1, max(2, len(exchange.answer) - 1))
    exchange.answer = exchange.answer[:cut]


def page(exchange: Exchange, armed: Armed) -> None:
    """A page of the gateway with status 200 in place of JSON."""
    exchange.answer = str(armed.params["body"]).encode()
    exchange.answer_headers["content-type"] = "text/html;charset=utf-8"


def refmsgid(exchange: Exchange, armed: Armed) -> None:
    """The number by which the platform names its answer is none it ever gave."""
    try:
        framed = jsontext.parse(exchange.answer)
    except jsontext.JsonError:
        return
    if isinstance(framed, dict) and "inf_refmsgid" in framed:
        exchange.answer = jsontext.compact({**framed, "inf_refmsgid": str(armed.params["value"])})


def repeat(exchange: Exchange, armed: Armed) -> None:
    """The answer is, byte for byte, the one that an earlier matching message got."""
    if armed.kept:
        exchange.answer = base64.b64decode(armed.kept)


def keeping(answer: bytes) -> str:
    """How an answer is kept for ``repeat``."""
    return base64.b64encode(answer).decode()


def rows(exchange: Exchange, armed: Armed) -> None:
    """A fetched result list loses its first row, gets its last one twice under another id, or lies about the first."""
    try:
        found = unpack(exchange.answer, most_rows=_MOST_ROWS)
    except TabFileError:
        return
    if found and len(found[0]) > _AMOUNT:
        exchange.answer = pack("result", _EDITS[armed.name](found))


def _one_more(found: list[list[str]]) -> list[list[str]]:
    strange = list(found[-1])
    strange[2] = f"{strange[2]}9"[-30:]
    return [*found, strange]


def _altered(found: list[list[str]]) -> list[list[str]]:
    lied = list(found[0])
    lied[_AMOUNT] = f"9{lied[_AMOUNT].lstrip('-')}"
    return [lied, *found[1:]]


_EDITS = {
    "statement_row_missing": lambda found: found[1:],
    "statement_row_extra": _one_more,
    "statement_row_altered": _altered,
}
