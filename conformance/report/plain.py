"""Plain words for what a drawing shows: faults and tasks, so that nobody has to know their names."""

from collections.abc import Mapping
from types import MappingProxyType

from conformance.findings import Both

FAULTS: Mapping[str, Both] = MappingProxyType({
    "no_answer_before_commit": Both("未到达，无应答", "never arrived, no answer"),
    "no_answer_after_commit": Both("已生效，应答丢失", "took effect, answer lost"),
    "late_arrival": Both("途中滞留，后到", "held up, arrives late"),
    "http_status": Both("未处理，返回HTTP错误", "not handled, HTTP error"),
    "http_status_after_commit": Both("已生效，返回HTTP错误", "took effect, HTTP error"),
    "slow": Both("已生效，应答太迟", "took effect, answer late"),
    "garbled_body": Both("已生效，应答残缺", "took effect, answer cut off"),
    "truncated_body": Both("已生效，应答中断", "took effect, answer broken off"),
    "trickle": Both("已生效，应答断续", "took effect, answer drips"),
    "connection_reset": Both("连接被重置", "connection reset"),
    "login_page": Both("返回的是网页", "a web page instead"),
    "wrong_signature": Both("应答签名不对", "answer badly signed"),
    "retired_key": Both("用已停用的密钥签名", "signed with a retired key"),
    "unsealed_answer": Both("应答未加密签名", "answer not sealed"),
    "foreign_answer": Both("应答属于他单", "answer of another order"),
    "altered_amount": Both("应答金额被改", "amount altered"),
    "missing_field": Both("应答缺字段", "field missing"),
    "wrong_type": Both("应答字段类型不对", "field of wrong type"),
    "unknown_field": Both("应答多出字段", "unknown field"),
    "wrong_refmsgid": Both("应答号对不上", "wrong inf_refmsgid"),
    "replayed_answer": Both("旧应答重现", "old answer again"),
    "clock_skew": Both("应答时间偏差", "clock off"),
    "sign_in_expired": Both("签到已失效", "sign-in expired"),
    "core_refuses": Both("核心拒绝结算", "core refuses"),
    "core_silent": Both("核心无应答", "core silent"),
    "drug_withdrawn": Both("随后药品停用", "then a drug is withdrawn"),
    "balance_spent": Both("随后余额被用掉", "then the balance is spent"),
    "pharmacy_suspended": Both("随后药店被暂停", "then the pharmacy is suspended"),
    "day_cut": Both("随后跨到次日", "then the day ends"),
    "statement_row_missing": Both("对账结果缺一行", "a statement row missing"),
    "statement_row_extra": Both("对账结果多一行", "a statement row too many"),
    "statement_row_altered": Both("对账结果金额被改", "a statement row altered"),
    "price_limit_cut": Both("随后限价下调", "then the price cap is cut"),
    "duplicate_notice": Both("通知重复", "notice repeated"),
    "early_notice": Both("通知早于应答", "notice before the answer"),
    "reordered_notice": Both("通知次序颠倒", "notices out of order"),
    "notice_after_refund": Both("退款后才通知", "notice after the refund"),
    "late_notice": Both("通知晚到", "notice late"),
    "forged_notice": Both("通知系伪造", "forged notice"),
    "unknown_order_notice": Both("通知所指订单不存在", "notice of no order"),
    "no_notice": Both("通知未发出", "notice never sent"),
    "refund_insurance_fails": Both("医保部分退款失败", "insurance part fails"),
    "refund_cash_fails": Both("自费部分退款失败", "cash part fails"),
    "cash_return_fails": Both("自费款退不回", "cash cannot be returned"),
    "cash_answer_lost": Both("收银台已办，应答丢失", "desk did it, answer lost"),
    "cash_desk_down": Both("收银台故障", "cash desk down"),
})  # fmt: skip
"""Fault → what it does, in a few words; one that is not here keeps its name alone."""

TASKS: Mapping[str, Both] = MappingProxyType({
    "place_order": Both("下单", "order"), "counter_sale": Both("柜台售药", "sell at the counter"),
    "check": Both("去查询", "look it up"), "cancel": Both("取消", "cancel"), "refund": Both("退款", "refund"),
    "refund_delivery": Both("退配送费", "refund delivery"), "ship": Both("可否发货", "may it ship"),
    "counter_cancel": Both("柜台撤销", "cancel at the counter"), "sign_in": Both("签到", "sign in"),
    "reconcile": Both("对账", "reconcile"), "deliver": Both("交付", "hand over"), "review": Both("审方", "review"),
    "refuse_by_shop": Both("药店拒单", "the shop refuses"), "dispense": Both("发药", "dispense"),
    "take_back": Both("收回商品", "take goods back"), "out_of_stock": Both("缺货", "out of stock"),
    "receive_stock": Both("进货", "receive stock"), "map_drug": Both("目录对照", "map a drug"),
    "receive": Both("收货", "receive goods"), "believe": Both("你怎么看", "what do you hold"),
    "restart": Both("进程中断并重启", "process dies and restarts"),
})  # fmt: skip
"""What the suite asks of the channel, as a person would say it."""


def fault(name: str) -> Both:
    """A fault in plain words, its name behind them."""
    known = FAULTS.get(name)
    return Both(f"{known.zh}（{name}）", f"{known.en} ({name})") if known else Both(name, name)


def task(name: str) -> Both:
    """A task or verb in plain words; its own name when there are none."""
    return TASKS.get(name, Both(name, name))
