"""What is wrong with an adapter, said before any verdict: each verb once or twice, each answer to its field.

The preflight stops at the first thing that would make a run senseless. This one goes on and names them all; it judges
the adapter and says nothing of the channel.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.drivers.command import LIMITS_MS, OTHER_LIMIT_MS
from conformance.drivers.contract import CONTRACT
from conformance.drivers.driver import Answer, Driver, DriverFault
from conformance.findings import UNSAID, Both
from conformance.scenarios.listing import Scenario, scenarios
from conformance.suite.preflight import Check, driver_fault
from conformance.suite.run import Bench, open_room, settings_for
from conformance.telling import shown
from schemas.loader import document

Json = Mapping[str, Any]
NOBODY = "YIBAO-NO-SUCH-ORDER"
"""An order that no channel has."""
STRANGE = {"x_yibao_unknown": {"of": "tomorrow"}}
"""A property of a later contract: extra ones are allowed everywhere."""
TRIAL = {"online": "twins", "counter": "counter-sale"}


@dataclass(slots=True)
class Talk:
    """Asks an adapter, keeps how long each answer took and what the contract says against it."""

    driver: Driver
    slowest_ms: dict[str, int] = field(default_factory=dict)
    misses: list[Both] = field(default_factory=list)

    def ask(self, verb: str, body: Json) -> Answer:
        """One exchange; what does not fit the contract is kept for ``taken``."""
        began = time.monotonic_ns()
        answer = self.driver.ask(verb, body)
        took_ms = (time.monotonic_ns() - began) // 1_000_000
        self.slowest_ms[verb] = max(took_ms, self.slowest_ms.get(verb, 0))
        for miss in document(CONTRACT).check({"verb": verb, "body": dict(body), "answer": answer}):
            self.misses.append(Both(f"{verb}: {miss.path} {miss.zh}", f"{verb}: {miss.path} {miss.en}"))
        return answer

    def taken(self) -> list[Both]:
        """What was kept since the last time."""
        found, self.misses = self.misses, []
        return found


def checkup(bench: Bench, driver: Driver) -> Iterator[Check]:
    """Every check in order; it ends early only when the adapter ends or cannot be spoken to."""
    talk = Talk(driver)
    try:
        hello = talk.ask("hello", {})
        yield _fits(talk, Both("hello：自我介绍", "hello: who it is"))
        yield _alike(talk, hello)
        yield from _unknown(talk)
        scenario = _trial(_ok(hello))
        if scenario:
            yield from _in_a_room(bench, talk, _ok(hello), scenario)
        yield _quick(talk)
    except DriverFault as fault:
        yield driver_fault(fault)


def _fits(talk: Talk, what: Both, hint: Both = UNSAID) -> Check:
    """The answers since the last check fit the contract; every field that does not is named."""
    wrong = talk.taken()
    return Check(
        what=what,
        ok=not wrong,
        expected=Both("符合schemas/suite/driver.json", "fits schemas/suite/driver.json"),
        seen=Both("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong)),
        hint=hint if hint != UNSAID else Both("逐个修正上列字段", "mend the fields above one by one"),
    )


def _alike(talk: Talk, first: Answer) -> Check:
    again = talk.ask("hello", {})
    talk.taken()
    return Check(
        what=Both("hello两次应答相同", "hello says the same twice"),
        ok=again == first,
        expected=Both("同样的声明", "the same claims"),
        seen=Both(shown(again), shown(again)),
        hint=Both("声明不随时间变化", "what is claimed does not change with time"),
    )


def _unknown(talk: Talk) -> Iterator[Check]:
    asked = {"verb": ("recite_poetry", {}), "task": ("perform", {"task": "recite_poetry"})}
    words = {"verb": Both("不认识的动词", "an unknown verb"), "task": Both("不认识的任务", "an unknown task")}
    for name, (verb, body) in asked.items():
        answer = talk.ask(verb, body)
        talk.taken()
        yield Check(
            what=Both(f"{words[name].zh}如实回答", f"{words[name].en} is owned up to"),
            ok=answer == {"unsupported": True},
            expected=Both('{"unsupported": true}', '{"unsupported": true}'),
            seen=Both(shown(answer), shown(answer)),
            hint=Both("不认识的一律返回unsupported", "answer unsupported to whatever you do not know"),
        )


def _trial(hello: Json) -> Scenario | None:
    rails = hello.get("rails")
    return next((scenarios()[name] for rail, name in TRIAL.items() if isinstance(rails, list) and rail in rails), None)


def _in_a_room(bench: Bench, talk: Talk, hello: Json, scenario: Scenario) -> Iterator[Check]:
    room, registration = open_room(bench, scenario)
    told = hello.get("capabilities")
    claimed = [str(name) for name in told] if isinstance(told, list) else []
    try:
        settings = settings_for(bench, registration, room, frozenset(claimed))
        yield from _settings(talk, settings)
        yield from _forgetting(talk)
        yield from _stranger(talk)
        yield from _capabilities(talk, claimed, int(registration["now_ms"]))
    finally:
        room.call("DELETE", "")


def _settings(talk: Talk, settings: Json) -> Iterator[Check]:
    first = talk.ask("configure", {**settings, **STRANGE})
    yield _fits(talk, Both("configure：接受连接参数", "configure: it takes its settings"))
    again = talk.ask("configure", settings)
    talk.taken()
    yield _expected(
        Both("configure可重复，多余的字段不碍事", "configure may come again, and extra fields do no harm"),
        "ok" in first and first == again,
        Both("两次都是ok，参数相同", "ok both times, with the same settings"),
        Both(f"{shown(first)}；{shown(again)}", f"{shown(first)}; {shown(again)}"),
        Both(
            "不认识的字段忽略即可；每个场景都会重新configure",
            "ignore fields you do not know; it comes again each scenario",
        ),
    )


def _forgetting(talk: Talk) -> Iterator[Check]:
    answers = [talk.ask("reset", {}), talk.ask("reset", {})]
    listed = talk.ask("list", {})
    yield _fits(talk, Both("reset与list：应答格式", "reset and list: the form of the answers"))
    empty = _ok(listed).get("orders") == []
    yield _expected(
        Both("reset可重复，之后没有订单", "reset may come twice, and leaves no order"),
        all("ok" in answer for answer in answers) and empty,
        Both("两次ok，list的orders为空", "ok twice, then an empty list of orders"),
        Both(f"{shown(answers)}；{shown(listed)}", f"{shown(answers)}; {shown(listed)}"),
        Both(
            "reset清空渠道自己的订单；没有可清也答ok", "reset empties your own orders; with none left it is ok as well"
        ),
    )


def _stranger(talk: Talk) -> Iterator[Check]:
    answer = talk.ask("believe", {"order": NOBODY})
    yield _fits(talk, Both("believe：应答格式", "believe: the form of the answer"))
    yield _expected(
        Both("不存在的订单不编造判断", "no belief is made up for an order that does not exist"),
        _ok(answer).get("state", "not_sent") == "not_sent",
        Both("refused或unable", "refused or unable"),
        Both(shown(answer), shown(answer)),
        Both("believe只读渠道自己的记录", "believe reads your channel's own records and nothing else"),
    )


def _capabilities(talk: Talk, claimed: list[str], now_ms: int) -> Iterator[Check]:
    bodies: Mapping[str, Json] = {"jobs": {"job": "all"}, "clock": {"now_ms": now_ms}, "restart": {"point": "now"}}
    for name in ("clock", "jobs", "restart"):
        if name not in claimed:
            continue
        answer = talk.ask(name, bodies[name])
        after = talk.ask("list", {}) if name == "restart" else {"ok": {}}
        yield _fits(talk, Both(f"{name}：应答格式", f"{name}: the form of the answer"))
        yield _expected(
            Both(f"声明了{name}就做得到", f"{name} is claimed and can be done"),
            _done(name, answer) and "ok" in after,
            Both("ok", "ok"),
            Both(f"{shown(answer)}；{shown(after)}", f"{shown(answer)}; {shown(after)}"),
            Both(f"做不到就不要声明{name}", f"do not claim {name} unless it works"),
        )


def _ok(answer: Answer) -> Json:
    """The body of an ``ok``, whatever else is wrong with it."""
    told = answer.get("ok")
    return told if isinstance(told, Mapping) else {}


def _done(name: str, answer: Answer) -> bool:
    """A channel that was told to die may do so before it answers: the driver then says that it crashed."""
    return "ok" in answer or (name == "restart" and "unable" in answer)


def _quick(talk: Talk) -> Check:
    limits = {verb: LIMITS_MS.get(verb, OTHER_LIMIT_MS) for verb in talk.slowest_ms}
    slow = [verb for verb, took_ms in talk.slowest_ms.items() if took_ms * 2 > limits[verb]]
    told = ", ".join(f"{verb} {talk.slowest_ms[verb]} ms" for verb in slow)
    return Check(
        what=Both("应答够快", "the answers come in time"),
        ok=not slow,
        expected=Both("不超过时限的一半", "at most half of the limit of each verb"),
        seen=Both(told, told),
        hint=Both("超过时限的应答会使场景中断", "an answer beyond its limit breaks the scenario off"),
    )


def _expected(what: Both, ok: bool, expected: Both, seen: Both, hint: Both) -> Check:
    return Check(what=what, ok=ok, expected=expected, seen=seen, hint=hint)
