"""The words of a report in both languages."""

from conformance.findings import Both

NOTICE = Both(
    "自测 REHEARSAL – 非国家医疗保障局签发", "REHEARSAL – self-run, not issued by or affiliated with the NHSA"
)
NOT_NHSA = Both(
    "非国家医疗保障局签发，与其无隶属关系",
    "not issued by or affiliated with the National Healthcare Security Administration",
)
REHEARSAL = Both("自测 REHEARSAL：只证明未被改动，不证明由谁出具", "REHEARSAL: this proves integrity and not origin")
WHO_SIGNED = Both(
    "签名有效与否见下；由谁签署未核对，请用--issuer给出出具方公布的公钥",
    "who signed was not compared: give the key the issuer has published with --issuer",
)

CLASS = {
    "D": Both("D类：由套件驱动", "class D: driven by the suite"),
    "O": Both(
        "O类：旁观。流量由他人产生，只凭报文与账本判定",
        "class O: observed; others made the traffic, the wire alone was judged",
    ),
    "T": Both(
        "T类：存档。凭交来的报文记录判定，无人在场", "class T: judged from a trace that was handed in; nobody looked on"
    ),
}
MODE = {
    "in_process": Both("进程内", "in process"),
    "command": Both("命令驱动", "by command"),
    "http": Both("HTTP驱动", "over HTTP"),
    "observed": Both("旁观", "observed"),
}
OVERALL = {
    "conformant": Both("符合", "Conformant"),
    "not_conformant": Both("不符合", "Not conformant"),
    "incomplete": Both("不完整", "Incomplete"),
    "suite_error": Both("套件自身出错，结果作废", "Void: the suite itself failed"),
}
MEANING = {
    "conformant": Both("所有必须满足的要求都被验证并通过。", "Every mandatory requirement was exercised and passed."),
    "not_conformant": Both("至少一项必须满足的要求未通过。", "At least one mandatory requirement failed."),
    "incomplete": Both("没有发现不符合，但有要求未能验证。", "Nothing failed, but something could not be exercised."),
    "suite_error": Both(
        "问题出在套件或模拟器，不归咎于渠道。", "The fault lies with the suite or the simulator, not with the channel."
    ),
}
OUTCOME = {
    "suite_error": Both("套件出错", "suite error"),
    "failed": Both("未通过", "failed"),
    "untested": Both("未能验证", "untested"),
    "warned": Both("警告", "warned"),
    "passed": Both("通过", "passed"),
    "not_applicable": Both("不适用", "not applicable"),
    "unchecked": Both("不检查", "unchecked"),
}
NOT_ASKED = Both("未列入", "not asked")
LEVEL = {"must": Both("必须", "must"), "should": Both("应当", "should"), "may": Both("可以", "may")}
IMPACT = {
    "money": Both("资金", "money"),
    "privacy": Both("隐私", "privacy"),
    "security": Both("安全", "security"),
    "interop": Both("互通", "interop"),
    "hygiene": Both("规范", "hygiene"),
}
EXIT = {0: Both("符合", "conformant"), 1: Both("不符合", "not conformant"), 2: Both("不完整", "incomplete"),
        3: Both("配置错误", "configuration error"), 4: Both("套件错误", "suite error")}  # fmt: skip
WAYS = {
    "right": Both("渠道→平台", "channel → platform"),
    "left": Both("平台→渠道", "platform → channel"),
    "person": Both("买方→平台", "buyer → platform"),
    "suite": Both("套件→渠道", "suite → channel"),
}
