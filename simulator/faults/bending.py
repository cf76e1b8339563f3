"""Effects on an answer while it is clear: amounts moved, fields gone, added or of another type, another order told."""

from collections.abc import Callable
from typing import Any

from schemas.amount import AmountError, to_fen, to_text
from simulator.domain.moment import stamp14
from simulator.exchange import Exchange, Json
from simulator.faults.armed import Armed

AMOUNTS = ("psnAcctPay", "feeSumamt", "fundPay", "acct_pay", "medfee_sumamt", "psn_cash_pay")
"""Taken when nobody names a field: the first of these that the answer holds, else its first plain field."""
UNKNOWN_FIELD = "zzNotPublished"


def alter(exchange: Exchange, armed: Armed) -> None:
    """An amount moves by ``fen``: the parts no longer make the sum."""
    if exchange.output is not None:
        exchange.output = _shifted(exchange.output, str(armed.params["field"]), int(armed.params["fen"]))


def _shifted(node: Json, wanted: str, fen: int) -> Json:
    """The same answer with its first matching amount moved by ``fen``."""
    for name in (wanted,) if wanted else AMOUNTS:
        try:
            if name in node:
                return {**node, name: to_text(to_fen(node[name]) + fen)}
        except AmountError:
            continue
    for name, child in node.items():
        if isinstance(child, dict) and (moved := _shifted(child, wanted, fen)) != child:
            return {**node, name: moved}
    return node


def swap(exchange: Exchange, armed: Armed) -> None:
    """The answer becomes that of an order which is paid, and not the one asked about."""
    if exchange.output is not None and "payOrdId" in exchange.output:
        told: Json = {}
        if "ordStas" in exchange.output:
            told = {
                "ordStas": armed.params["ordStas"],
                "traceTime": stamp14(exchange.at_ms),
                "setlType": "HI",
                "callType": "02",
            }
        other = another_order(str(exchange.output["payOrdId"]))
        exchange.output = {**exchange.output, "payOrdId": other, **told}


def another_order(number: str) -> str:
    """A payment order number of the same form that the room has not given out."""
    return f"{number[:-7]}{(int(number[-7:]) + 5_000_000) % 10_000_000:07d}"


def leave_out(exchange: Exchange, armed: Armed) -> None:
    """A field is gone."""
    _on_field(exchange, armed, lambda node, name: {key: value for key, value in node.items() if key != name})


def mistype(exchange: Exchange, armed: Armed) -> None:
    """A field holds a list where the contract has something plain."""
    _on_field(exchange, armed, lambda node, name: {**node, name: [node[name]]})


def add_field(exchange: Exchange, armed: Armed) -> None:
    """A field nobody published appears, in the answer and in its first node; a sound reader passes over it."""
    if exchange.output is not None:
        strange = {UNKNOWN_FIELD: "1"}
        nodes = [name for name, child in exchange.output.items() if isinstance(child, dict)][:1]
        inner = {name: {**exchange.output[name], **strange} for name in nodes}
        exchange.output = {**exchange.output, **inner, **strange}


def _on_field(exchange: Exchange, armed: Armed, change: Callable[[Json, str], Json]) -> None:
    if exchange.output is not None:
        name = str(armed.params["field"]) or _telling(exchange.output)
        exchange.output = _changed(exchange.output, name, change)


def _telling(output: Json) -> str:
    """The field a reader would miss most."""
    found = _plain(output)
    return next((name for name in AMOUNTS if name in found), found[0] if found else "")


def _plain(node: Json) -> list[str]:
    """Names of plain fields, of the node and then of the nodes inside it."""
    own = [name for name, value in node.items() if not isinstance(value, dict | list)]
    return own + [name for child in node.values() if isinstance(child, dict) for name in _plain(child)]


def _changed(node: Json, name: str, change: Callable[[Json, str], Json]) -> Json:
    if name in node:
        return change(node, name)
    for key, child in node.items():
        if isinstance(child, dict):
            other: dict[str, Any] = _changed(child, name, change)
            if other != child:
                return {**node, key: other}
    return node
