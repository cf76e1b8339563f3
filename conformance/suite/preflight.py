"""Before anything is judged: can everybody talk to everybody, with the right keys, and does the channel tell the truth?

Each check names what was expected, what was seen and what to do. A failure here is a matter of configuration (exit
code 3) and says nothing about the channel's conformance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.drivers.driver import Driver, DriverFault
from conformance.evidence import Evidence
from conformance.findings import UNSAID, Both, Broken
from conformance.probes.beliefs import tells_twins_apart
from conformance.report.drawing import rows, told
from conformance.scenarios.listing import scenarios
from conformance.suite.control import ControlFault
from conformance.suite.run import Bench, ConfigureFault, play
from conformance.telling import refused, said, shown

Json = Mapping[str, Any]
CONTRACT = "1"
NO_SUCH_VERB = "recite_poetry"
_TRIAL = {"online": "twins", "counter": "counter-sale"}
"""The scenario each rail is tried with; the first that the channel claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be so before a run makes sense."""

    what: Both
    ok: bool
    expected: Both = UNSAID
    seen: Both = UNSAID
    hint: Both = UNSAID
    story: tuple[Both, ...] = ()
    """What was said on the way, line by line."""


def hello_of(driver: Driver) -> Json:
    """What the channel says of itself.

    Raises:
        DriverFault: it says nothing that the contract knows.
    """
    answer = driver.ask("hello", {})
    if "ok" not in answer:
        raise DriverFault(
            zh="hello没有得到ok",
            en="hello was not answered with ok",
            remedy_zh="hello应返回版本、业务线与能力",
            remedy_en="hello answers with versions, rails and capabilities",
        )
    hello: Json = answer["ok"]
    return hello


def preflight(bench: Bench, driver: Driver) -> Iterator[Check]:
    """Every check in order; the first that fails is the last one made."""
    for check in _checks(bench, driver):
        yield check
        if not check.ok:
            return


def _checks(bench: Bench, driver: Driver) -> Iterator[Check]:
    yield _platform(bench)
    try:
        hello = hello_of(driver)
        yield _hello(hello)
        yield _unknown_verb(driver.ask(NO_SUCH_VERB, {}))
        trial = next(scenarios()[name] for rail, name in _TRIAL.items() if rail in hello["rails"])
        evidence = play(bench, driver, hello, trial)
    except DriverFault as fault:
        yield driver_fault(fault)
    except ConfigureFault as fault:
        yield Check(
            what=Both("渠道接受连接参数", "the channel takes its settings"),
            ok=False,
            expected=Both("configure返回ok", "configure answers ok"),
            seen=fault.both,
            hint=Both("核对适配器对configure各字段的处理", "see how the adapter reads the fields of configure"),
        )
    except ControlFault as fault:
        yield _control_fault(fault)
    else:
        yield from _trial(evidence)


def _platform(bench: Bench) -> Check:
    try:
        bench.control.call("GET", "/health")
    except ControlFault as fault:
        return _control_fault(fault)
    return Check(what=Both("模拟器可达", "the simulator is there"), ok=True)


def _control_fault(fault: ControlFault) -> Check:
    return Check(
        what=Both("模拟器可达", "the simulator is there"),
        ok=False,
        expected=Both("控制接口应答", "the control API answers"),
        seen=Both(str(fault), str(fault)),
        hint=Both("核对--simulator地址与--control-token", "check --simulator and --control-token"),
    )


def driver_fault(fault: DriverFault) -> Check:
    """An adapter that hangs, died, or speaks something else, as a check that failed."""
    return Check(
        what=Both("适配器按约定应答", "the adapter speaks the contract"),
        ok=False,
        expected=Both("schemas/suite/driver.json", "schemas/suite/driver.json"),
        seen=Both(fault.zh, fault.en),
        hint=Both(fault.remedy_zh, fault.remedy_en),
    )


def _hello(hello: Json) -> Check:
    claimed = f"contract {hello['contract']}, rails {', '.join(hello['rails'])}"
    return Check(
        what=Both("适配器自我介绍", "the adapter introduces itself"),
        ok=hello["contract"] == CONTRACT,
        expected=Both(f"约定版本{CONTRACT}", f"contract {CONTRACT}"),
        seen=Both(claimed, claimed),
        hint=Both("升级适配器", "bring the adapter up to date"),
    )


def _unknown_verb(answer: Json) -> Check:
    return Check(
        what=Both("不认识的动词如实回答", "an unknown verb is owned up to"),
        ok=answer.get("unsupported") is True,
        expected=Both("unsupported", "unsupported"),
        seen=Both(shown(answer), shown(answer)),
        hint=Both('对不认识的动词返回{"unsupported": true}', 'answer verbs you do not know with {"unsupported": true}'),
    )


def _trial(evidence: Evidence) -> Iterator[Check]:
    record = evidence.record
    if broken := record.get("broken_off"):
        words = Both(broken["zh"], broken["en"])
        yield Check(
            what=Both("适配器走完试单", "the adapter sees a trial order through"),
            ok=False,
            expected=Both("每个问题都有符合约定的应答", "an answer to each question, as the contract wants it"),
            seen=words,
            hint=Both(
                "修正该应答；并查看适配器的标准错误输出", "mend that answer; see the adapter's standard error too"
            ),
            story=_story(evidence),
        )
        return
    yield _reaches_platform(evidence)
    yield _keys(evidence)
    yield _inbox(evidence)
    yield _happy(evidence)
    if "twins" in evidence.facts:
        yield _twins(evidence)


def _reaches_platform(evidence: Evidence) -> Check:
    no = next((said(asked) for asked in evidence.asked("perform") if asked.kind != "ok"), UNSAID)
    words = Both(f"；适配器说：{no.zh}", f"; the adapter says: {no.en}") if no != UNSAID else UNSAID
    return Check(
        what=Both("渠道能访问模拟器", "the channel reaches the simulator"),
        ok=bool(evidence.calls()),
        expected=Both("日志中有渠道的报文", "messages of the channel in the journal"),
        seen=Both(f"没有任何报文{words.zh}", f"no message at all{words.en}"),
        hint=Both("核对适配器使用的base_url与base_path", "check how the adapter uses base_url and base_path"),
    )


_KEY_HINTS = {
    "unknown_app": Both("核对app_id", "check app_id"),
    "bad_signature": Both(
        "核对private_key、app_secret与签名原文的拼接", "check private_key, app_secret and how the sign text is built"
    ),
    "der_signature": Both("签名应为r‖s共64字节", "a signature is r‖s, 64 bytes"),
    "bad_ciphertext": Both("核对app_secret与SM4密钥的推导", "check app_secret and how the SM4 key is derived"),
    "stale_timestamp": Both(
        "核对渠道的时钟与时区（北京时间）", "check the channel's clock and time zone (Beijing time)"
    ),
    "gateway_stale": Both("核对渠道的时钟", "check the channel's clock"),
    "gateway_unknown_key": Both("核对gateway.paasid或accessKey", "check gateway.paasid or accessKey"),
    "gateway_signature": Both("核对gateway.secret或secretKey", "check gateway.secret or secretKey"),
    "foreign_institution": Both("核对institutions", "check institutions"),
}


def _keys(evidence: Evidence) -> Check:
    turned_away = next((line for line in evidence.calls() if line.rule in _KEY_HINTS), None)
    return Check(
        what=Both("密钥、时钟与身份一致", "keys, clock and identity agree"),
        ok=turned_away is None,
        expected=Both("报文通过验签", "messages that verify"),
        seen=refused(turned_away) if turned_away else UNSAID,
        hint=_KEY_HINTS[turned_away.rule] if turned_away else UNSAID,
    )


def _inbox(evidence: Evidence) -> Check:
    tries = [line for line in evidence.notices() if line.fault == ""]
    reached = not tries or any(line.raw.get("status") for line in tries)
    note = "; ".join(str(note) for line in tries[:1] for note in line.raw.get("notes", ()))
    return Check(
        what=Both("模拟器能访问渠道的收件地址", "the simulator reaches the channel's inbox"),
        ok=reached,
        expected=Both("对6302的应答", "an answer to 6302"),
        seen=Both(note, note),
        hint=Both("核对configure返回的callback_url", "check the callback_url that configure answers"),
    )


def _happy(evidence: Evidence) -> Check:
    subject = evidence.facts["subject"]
    state = next((row["state"] for row in evidence.beliefs("quiescent") if row["order"] == subject), "")
    answered = [said(asked) for asked in evidence.asked() if asked.order == subject][-1:]
    refusals = [refused(line) for line in evidence.calls() if line.rule][-2:]
    held = [Both(state, state)] if state else answered
    return Check(
        what=Both("一张正常订单走完全程", "one ordinary order goes all the way"),
        ok=state == "paid",
        expected=Both("paid", "paid"),
        seen=Both("；".join(one.zh for one in held + refusals), "; ".join(one.en for one in held + refusals)),
        hint=Both(
            "从下面第一条被拒或无应答的报文查起；要看全文，用yibao-simulator serve起一个模拟器，"
            "让渠道连它的main房间，再用yibao-simulator watch跟看",
            "begin with the first message below that was refused or not answered; to see whole messages start "
            "yibao-simulator serve, point the channel at its room main and follow it with yibao-simulator watch",
        ),
        story=_story(evidence),
    )


def _story(evidence: Evidence) -> tuple[Both, ...]:
    return tuple(told(row) for row in rows(evidence, ()))


def _twins(evidence: Evidence) -> Check:
    broken = next((finding for finding in tells_twins_apart(evidence, {}) if isinstance(finding, Broken)), None)
    return Check(
        what=Both("两张相同订单，一张付款：判断不同", "of two equal orders one is paid: the beliefs differ"),
        ok=broken is None,
        expected=broken.expected if broken else UNSAID,
        seen=broken.actual if broken else UNSAID,
        hint=Both("believe应读取渠道真实的订单状态", "believe must read the channel's real records"),
    )
