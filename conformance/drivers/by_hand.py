"""A channel that no program drives: a person gets each task in words, does it, and says what the channel shows.

The same contract as every other driver. Tasks and states are read from ``schemas/suite/driver.json``, so that a new one
needs no change here. Time stands in nobody's power: a person claims neither ``clock`` nor ``jobs`` nor ``restart``.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from conformance.drivers import contract
from conformance.drivers.desk import Desk, text_or, yes_or_no
from conformance.drivers.driver import Answer
from schemas import amount, jsontext

LIMIT_MS: Final = 30 * 60_000
"""How long a person may take for one answer."""
RETRY: Final[Mapping[str, Any]] = {"timeout_ms": 10_000, "query_waits_ms": [], "window_ms": 60_000}
_RAILS: Final = {"online": ("online",), "counter": ("counter",), "both": ("online", "counter")}
_DONE, _REFUSED, _UNABLE, _UNKNOWN = "ok", "refused", "unable", "unsupported"
_ENDS: Final = {
    _DONE: "办理了 done",
    _REFUSED: "试了，被拒绝 tried and refused",
    _UNABLE: "无法尝试 could not try",
    _UNKNOWN: "渠道没有这项业务 the channel has no such task",
}
CALLBACK: Final = re.compile(contract.definitions()["configure_ok"]["properties"]["callback_url"]["pattern"])
_ASIDE: Final = ("task", "order")


class ByHand:
    """Drives through a person. ``needs``: the families that each rail rests on."""

    def __init__(self, desk: Desk, needs: Mapping[str, tuple[str, ...]]) -> None:
        self._desk = desk
        self._needs = needs
        self._hello: Answer | None = None
        self._callback = ""
        self._beliefs: dict[str, dict[str, Any]] = {}
        self._states = states()

    def ask(self, verb: str, body: Mapping[str, Any]) -> Answer:
        """One exchange. Raises ``DriverFault`` when nobody answers."""
        known: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
            "hello": self._introduce, "configure": self._configure, "reset": self._reset, "perform": self._perform,
            "believe": self._believe, "list": self._list, "end": lambda _: {"ok": {}},
        }  # fmt: skip
        return known[verb](body) if verb in known else {"unsupported": True}

    def close(self) -> None:
        """Nothing of ours is left open: the terminal is the person's."""

    def waits(self, who: str, what: str) -> None:
        """Tell the person who acts now."""
        self._desk.waits(who, what)

    def _introduce(self, body: Mapping[str, Any]) -> Answer:
        if self._hello is None:
            names = {"vendor": "厂商 vendor", "product": "产品 product", "version": "版本 version"}
            told = {name: self._desk.until(f"{label} (Enter = -)", text_or("-")) for name, label in names.items()}
            options = {"online": "线上 online", "counter": "柜台 counter", "both": "两者 both"}
            rails = _RAILS[self._desk.choice("渠道的业务线 / the channel's rails", options)]
            families = sorted({name for rail in rails for name in self._needs.get(rail, ())})
            self._hello = {
                "ok": {
                    "contract": "1", **told, "rails": list(rails), "families": families, "capabilities": [],
                    "retry": dict(RETRY),
                }
            }  # fmt: skip
        return self._hello

    def _configure(self, body: Mapping[str, Any]) -> Answer:
        self._desk.say("\n── 新场景的连接参数，均为测试密钥 / settings of a new scenario, all TEST keys")
        self._tell(body)
        kept = f" (Enter = {self._callback})" if self._callback else ""
        question = (
            f"渠道接收通知的地址 http://127.0.0.1:端口/…{kept} / where the channel takes notices; - 无法配置 cannot"
        )
        told = self._desk.until(question, self._address)
        if told == "-":
            return _declined("unable", self._why())
        self._callback = told
        return {"ok": {"callback_url": told, "timeout_ms": RETRY["timeout_ms"]}}

    def _address(self, told: str) -> str:
        if told == "-" or CALLBACK.match(told or self._callback):
            return told or self._callback
        raise ValueError("须为本机地址 / an address of this machine: http://127.0.0.1:PORT/PATH")

    def _reset(self, body: Mapping[str, Any]) -> Answer:
        self._beliefs.clear()
        self._desk.line("清空渠道的旧订单，完成后按Enter / make the channel forget its orders, then press Enter")
        return {"ok": {}}

    def _perform(self, body: Mapping[str, Any]) -> Answer:
        order = str(body.get("order", ""))
        self._desk.say(f"\n── 任务 task: {body.get('task')}  {order}")
        self._tell({name: value for name, value in body.items() if name not in _ASIDE})
        end = self._desk.choice("在渠道中办理，然后回答 / do it in the channel, then answer", _ENDS)
        if end == _UNKNOWN:
            return {"unsupported": True}
        if end != _DONE:
            return _declined(end, self._why())
        return {"ok": {"order": order, "state": self._state(order)} if order else {}}

    def _believe(self, body: Mapping[str, Any]) -> Answer:
        order = str(body["order"])
        before = self._beliefs.get(order)
        self._desk.say(f"\n── 渠道现在怎么看订单 what does the channel hold of order {order}?")
        if (
            before is not None
            and self._desk.choice(
                "与上次相同吗 / as before?",
                {"same": f"相同 as before: {before['state']}", "other": "有变化 changed"},
                "same",
            )
            == "same"
        ):
            return {"ok": before}
        self._beliefs[order] = self._belief(order, before or {})
        return {"ok": self._beliefs[order]}

    def _belief(self, order: str, before: Mapping[str, Any]) -> dict[str, Any]:
        desk = self._desk
        state = self._state(order)
        taken = (
            "已扣、未退：个人账户 基金 自费（元，空格分隔，Enter = 0 0 0）/ taken and not given back: account fund cash"
        )
        account_fen, fund_fen, cash_fen = desk.until(f"{taken} (yuan)", yuan(3, (0, 0, 0)))
        agreed = (int(before.get("total_fen", 0)), int(before.get("delivery_fen", 0)))
        price = (
            f"药品合计 配送包装费（元，Enter = {_shown(agreed)}）/ price of the medicines, delivery and packing (yuan)"
        )
        total_fen, delivery_fen = desk.until(price, yuan(2, agreed))
        may_ship = desk.until("可以发货吗 y/n / may the goods leave?", yes_or_no)
        shown = desk.until("买方看到的文字 / what the buyer reads", text_or(self._states[state].split()[-1]))
        numbers = desk.line("支付订单号，空格分隔，没有则Enter / payment order numbers (payOrdId), or Enter").split()
        return {
            "order": order, "state": state, "account_fen": account_fen, "fund_fen": fund_fen, "cash_fen": cash_fen,
            "total_fen": total_fen, "delivery_fen": delivery_fen, "may_ship": may_ship, "shown_zh": shown,
            "pay_ord_ids": list(dict.fromkeys(numbers)), "attempts": len(set(numbers)),
        }  # fmt: skip

    def _list(self, body: Mapping[str, Any]) -> Answer:
        question = "人工处理清单：订单=原因，分号分隔；没有则Enter / manual-review list: order=reason; …, or Enter"
        orders = [{"order": name, "state": held["state"]} for name, held in self._beliefs.items()]
        return {"ok": {"orders": orders, "manual_review": self._desk.until(question, reviews)}}

    def _state(self, order: str) -> str:
        return self._desk.choice(f"订单{order}的状态 / state of order {order}", self._states)

    def _why(self) -> str:
        return self._desk.until("原因 / why (Enter = –)", text_or("–"))

    def _tell(self, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            self._desk.say(f"   {name}: {jsontext.compact(value).decode()}")


def states() -> dict[str, str]:
    """The closed list of beliefs, with its words."""
    return {state: f"{state}  {en}  {zh}" for state, (zh, en) in contract.states().items()}


def yuan(count: int, default: tuple[int, ...]) -> Callable[[str], tuple[int, ...]]:
    """So many amounts in yuan, as fen; Enter takes the default."""

    def read(told: str) -> tuple[int, ...]:
        words = told.split()
        if not words:
            return default
        if len(words) != count:
            raise ValueError(f"需要{count}个金额 / {count} amounts are needed")
        fens = tuple(map(amount.to_fen, words))
        if min(fens) < 0:
            raise ValueError("金额不能为负 / no amount is below zero")
        return fens

    return read


def reviews(told: str) -> list[dict[str, str]]:
    """``order=reason; order=reason``.

    Raises:
        ValueError: another form.
    """
    found = []
    for part in (one.strip() for one in told.replace("；", ";").split(";")):
        if not part:
            continue
        order, _, why = part.partition("=")
        if not (order.strip() and why.strip()):
            raise ValueError(f"写作 订单=原因 / write order=reason: {part}")
        found.append({"order": order.strip(), "why": why.strip()})
    return found


def _declined(kind: str, why: str) -> Answer:
    return {kind: {"reason_zh": why, "reason_en": why}}


def _shown(fens: tuple[int, ...]) -> str:
    return " ".join(map(amount.to_text, fens))
