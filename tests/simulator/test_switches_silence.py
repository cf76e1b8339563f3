"""Where the texts are silent (order-life.md 9): the default and every hard variant, each seen on the wire."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.wire import sealed
from simulator.wire.transport import NoAnswer
from tests.simulator.shop import PATHS, Json, Shop
from tests.simulator.test_bad_input import sale
from tests.simulator.test_courier import Inbox, run, wait
from tests.simulator.test_switches_life import act, asked, balance, opened, refunding, rule

SECOND_MS, MINUTE_MS, DAY_MS = 1_000, 60_000, 86_400_000
Story = Callable[[Shop], Any]


def repeated_msgid(shop: Shop) -> Any:
    """9.1: the same counter sale twice under one id; what the second is answered and how often money moved."""
    shop.sign_in()
    before, body = balance(shop), sale(shop)
    first = shop.institution("2102", body, msgid=f"{shop.org}202407011030450777")
    again = shop.institution("2102", body, msgid=f"{shop.org}202407011030450777")
    return again == first, again["infcode"], (before - balance(shop)) // 3_960


def repeated_upload(shop: Shop) -> Any:
    """9.2: the same medOrgOrd twice while the first order lives."""
    order = shop.uploaded()
    told = shop.sealed("6201", order["basket"])
    return (told.data["payOrdId"] == order["payOrdId"]) if told.data else rule(shop)


def repeated_upload_after_the_end(shop: Shop) -> Any:
    """9.2: and once more after the first was withdrawn."""
    order = shop.uploaded()
    shop.sealed("6401", shop.asking(order))
    told = shop.sealed("6201", order["basket"])
    return (told.data["payOrdId"] == order["payOrdId"]) if told.data else rule(shop)


def repeated_placing(shop: Shop) -> Any:
    """9.3: the same orgBizSer twice, the second time when the order is paid."""
    order = shop.uploaded()
    placing = shop.placing(order)
    first = shop.sealed("6202", placing).data
    again = shop.sealed("6202", placing).data
    why = rule(shop)
    act(shop, "confirm", order)
    late = shop.sealed("6202", placing).data
    return (again == first and late == first and late is not None) or (again, late, why)


def repeated_refund(shop: Shop) -> Any:
    """9.4: the same appRefdSn at once and half a minute later; what became of the order."""
    order = shop.paid()
    body = refunding(shop, order, "ALL", "39.60")
    try:
        first = str(shop.sealed("6203", body).data["refStatus"])
    except NoAnswer:
        first = "silence"
    shop.sealed("6203", body)
    again = rule(shop) or "SUCC"
    wait(shop, 30 * SECOND_MS)
    last = shop.sealed("6203", body).data
    return first, again, last and last["refStatus"], shop.state(order)


def notices(shop: Shop) -> Any:
    """9.5: what the inbox gets within an hour, and after three."""
    shop.paid()
    within: list[str] = []
    for pause_ms in (0, 15_000, 60 * MINUTE_MS):
        wait(shop, pause_ms)
        within += [one["kind"] for one in run(shop)]
    wait(shop, 120 * MINUTE_MS)
    return within, [one["kind"] for one in run(shop)], [line["kind"] for line in shop.journal("out")]


def tries(shop: Shop) -> int:
    """9.5: how often a notice nobody answers is tried."""
    shop.platform.inboxes["inbox"] = Inbox(b"no")
    shop.paid()
    count = 0
    for _ in range(12):
        count += len(run(shop))
        wait(shop, 30 * MINUTE_MS)
    return count


def empty_answer(shop: Shop) -> str:
    """9.6: an empty 200."""
    shop.platform.inboxes["inbox"] = Inbox(b"")
    order = shop.paid()
    run(shop)
    return shop.state(order)


def consent_after(shop: Shop, minutes: int) -> str:
    order = shop.uploaded()
    wait(shop, minutes * MINUTE_MS)
    shop.sealed("6202", shop.placing(order))
    return rule(shop)


def consent_of_two_orders(shop: Shop) -> list[str]:
    """9.7: one consent for two uploads, then for placing the first, then the second."""
    first = shop.uploaded()
    second = shop.basket(first["person"], first["payAuthNo"])
    told = shop.sealed("6201", second)
    rules = [rule(shop)]
    shop.sealed("6202", shop.placing(first))
    rules.append(rule(shop))
    if told.data:
        shop.sealed("6202", shop.placing({**first, **told.data, "basket": second}))
        rules.append(rule(shop))
    return rules


def consent_at_refund(shop: Shop) -> Any:
    """9.8: the stored consent, then one given for the refund."""
    order = shop.paid()
    wait(shop, 60 * MINUTE_MS)
    shop.sealed("6203", refunding(shop, order, "ALL", "39.60"))
    stored = rule(shop)
    fresh = shop.consent(order["person"])
    shop.sealed("6203", refunding(shop, order, "ALL", "39.60", payAuthNo=fresh))
    return stored, rule(shop), shop.state(order)


def token_after_two_minutes(shop: Shop) -> str:
    """9.9: a counter sale on an ecToken two minutes old."""
    shop.sign_in()
    qr = shop.act("/person/show_code", {"psn_no": shop.person()["psn_no"]})["qr"]
    data = {"orgId": shop.org, "businessType": "02121", "operatorId": "1", "operatorName": "测试员", "officeId": "1",
            "officeName": "药店"}  # fmt: skip
    path = "/localcfc/api/hsecfc/localQrCodeQuery"
    token = shop.to(path, data, trans_type="ec.query", extra={"qrCode": qr}).data["ecToken"]
    wait(shop, 2 * MINUTE_MS)
    shop.institution("2102", sale(shop, mdtrt_cert_type="01", mdtrt_cert_no=token))
    return rule(shop)


def signed_in(shop: Shop) -> list[str]:
    """9.10: nobody signed in; the first of two numbers; no number; the last number after an hour."""
    question = {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": shop.person()["certno"]}}
    rules = []
    shop.institution("1101", question)
    rules.append(rule(shop))
    shop.sign_in()
    first = shop.sign_no
    shop.sign_in()
    for number in (first, ""):
        shop.institution("1101", question, sign_no=number)
        rules.append(rule(shop))
    wait(shop, 61 * MINUTE_MS)
    shop.institution("1101", question)
    return [*rules, rule(shop)]


def life_of_an_unpaid_order(shop: Shop) -> list[str]:
    """9.12: uploaded and placed orders after three minutes."""
    uploaded, placed = shop.uploaded(), shop.placed()
    wait(shop, 3 * MINUTE_MS)
    return [shop.state(uploaded), shop.state(placed)]


def withdrawn_twice(shop: Shop) -> Any:
    """9.13."""
    order = shop.uploaded()
    shop.sealed("6401", shop.asking(order))
    again = shop.sealed("6401", shop.asking(order))
    return again.success, rule(shop), shop.state(order)


def overtaken_sale(shop: Shop) -> Any:
    """9.14: the reversal comes before the sale it reverses."""
    shop.sign_in()
    msgid = f"{shop.org}202407011030450888"
    data = {"psn_no": shop.person()["psn_no"], "omsgid": msgid, "oinfno": "2102"}
    reversal = shop.institution("2601", {"data": data})
    late = shop.institution("2102", sale(shop), msgid=msgid)
    return reversal["infcode"], late["infcode"], rule(shop)


def refund_after_a_week(shop: Shop) -> str:
    """9.15."""
    order = shop.paid()
    wait(shop, 8 * DAY_MS)
    shop.sealed("6203", refunding(shop, order, "ALL", "39.60"))
    return rule(shop)


def totals(shop: Shop) -> list[str]:
    """9.16: totlRefdAmt of an insurance refund as the sum of its parts, then as the original total."""
    rules = []
    for part in (True, False):
        order = shop.placed(shop.person("测试乙"), packs=9)
        act(shop, "confirm", order)
        told = asked(shop, order)
        total = told["psnAcctPay"] if part else told["feeSumamt"]
        shop.act("/world/balance", {"psn_no": order["person"]["psn_no"], "fen": 5_000})
        shop.sealed("6203", refunding(shop, order, "HI", total))
        rules.append(rule(shop))
    return rules


def paid_notice(shop: Shop) -> Json:
    """9.18: the fields of 6302 as the inbox reads them."""
    order = shop.paid()
    inbox = shop.platform.inboxes["inbox"]
    run(shop)
    data = sealed.open_sealed(inbox.got[0], shop.credentials).data
    assert data and data["payOrdId"] == order["payOrdId"]
    return data


def names(data: Json) -> list[str]:
    watched = ("ordStas", "orgCode", "orgCodg", "ownPayAmt", "ownpayAmt", "selfAcctPay")
    return [name for name in watched if name in data]


def without_hospital_columns(shop: Shop) -> Any:
    """9.19: an OTC upload without what only a hospital has."""
    person = shop.person()
    told = shop.sealed("6201", shop.basket(person, shop.consent(person)))
    return rule(shop), told.message if told.refused else ""


def five_minutes_old(shop: Shop) -> str:
    """9.20: a frame sealed five minutes ago."""
    order = shop.placed()
    frame = shop.frame("6301", shop.asking(order))
    wait(shop, 5 * MINUTE_MS)
    shop.post(PATHS["6301"], frame)
    return rule(shop)


TABLE: list[tuple[str, Json, Story, object]] = [
    ("9.1", {}, repeated_msgid, (False, -1, 1)),
    ("9.1", {"msgid": "replay"}, repeated_msgid, (True, 0, 1)),
    ("9.1", {"msgid": "blind"}, repeated_msgid, (False, 0, 2)),
    ("9.2", {}, repeated_upload, True),
    ("9.2", {"repeat_med_org_ord": "refuse"}, repeated_upload, "med_org_ord_used"),
    ("9.2", {"repeat_med_org_ord": "second"}, repeated_upload, False),
    ("9.2", {}, repeated_upload_after_the_end, False),
    ("9.2", {"repeat_med_org_ord": "refuse"}, repeated_upload_after_the_end, "med_org_ord_used"),
    ("9.3", {}, repeated_placing, (None, None, "biz_ser_used")),
    ("9.3", {"repeat_biz_ser": "replay"}, repeated_placing, True),
    ("9.4", {}, repeated_refund, ("SUCC", "SUCC", "SUCC", "7")),
    ("9.4", {"repeat_refund": "refuse"}, repeated_refund, ("SUCC", "refund_repeated", None, "7")),
    ("9.4", {"repeat_refund": "slow"}, repeated_refund, ("silence", "refund_running", "SUCC", "7")),
    ("9.5", {}, notices, (["true"], [], ["true"])),
    ("9.5", {"notices": "none"}, notices, ([], [], [])),
    ("9.5", {"notices": "once"}, notices, (["true"], [], ["true"])),
    ("9.5", {"notices": "duplicate"}, notices, (["true"], [], ["true", "duplicate"])),
    ("9.5", {"notices": "late"}, notices, ([], ["true"], ["true"])),
    ("9.5", {"notices": "forged"}, notices, (["forged", "true"], [], ["forged", "true"])),
    ("9.5", {"notices": "before"}, notices, (["true"], [], ["true"])),
    ("9.5", {}, tries, 7),
    ("9.5", {"notices": "once"}, tries, 1),
    ("9.6", {}, empty_answer, "4"),
    ("9.6", {"empty_ack": True}, empty_answer, "6"),
    ("9.7", {}, lambda shop: consent_after(shop, 9), ""),
    ("9.7", {}, lambda shop: consent_after(shop, 11), "consent_expired"),
    ("9.7", {"pay_auth_ms": 2 * MINUTE_MS}, lambda shop: consent_after(shop, 3), "consent_expired"),
    ("9.7", {"pay_auth_ms": 120 * MINUTE_MS}, lambda shop: consent_after(shop, 119), ""),
    ("9.7", {}, consent_of_two_orders, ["", "", "consent_spent"]),
    ("9.7", {"consent_spent_by": "6201"}, consent_of_two_orders, ["consent_spent", ""]),
    ("9.8", {}, consent_at_refund, ("", "order_refunded", "7")),
    ("9.8", {"refund_consent": "fresh"}, consent_at_refund, ("refund_consent_old", "", "7")),
    ("9.9", {}, token_after_two_minutes, ""),
    ("9.9", {"ec_token_ms": MINUTE_MS}, token_after_two_minutes, "token_expired"),
    ("9.10", {}, signed_in, ["not_signed_in", "", "", ""]),
    ("9.10", {"sign_in": "hour"}, signed_in, ["not_signed_in", "", "", "not_signed_in"]),
    ("9.10", {"sign_in": "newest"}, signed_in, ["not_signed_in", "sign_no_invalid", "", ""]),
    ("9.10", {"sign_in": "required"}, signed_in, ["not_signed_in", "", "not_signed_in", ""]),
    ("9.10", {"sign_in": "off"}, signed_in, ["", "", "", ""]),
    ("9.12", {}, life_of_an_unpaid_order, ["0", "1"]),
    ("9.12", {"upload_ms": 2 * MINUTE_MS}, life_of_an_unpaid_order, ["12", "1"]),
    ("9.12", {"presettle_ms": 2 * MINUTE_MS}, life_of_an_unpaid_order, ["0", "12"]),
    ("9.13", {}, withdrawn_twice, (True, "", "12")),
    ("9.13", {"repeat_revoke": "refuse"}, withdrawn_twice, (False, "already_withdrawn", "12")),
    ("9.14", {}, overtaken_sale, (-1, -1, "msgid_reversed")),
    ("9.14", {"tombstone": False}, overtaken_sale, (-1, 0, "")),
    ("9.15", {}, refund_after_a_week, ""),
    ("9.15", {"refund_days": 7}, refund_after_a_week, "refund_too_late"),
    ("9.16", {"cash_by": "centre"}, totals, ["", ""]),
    ("9.16", {"cash_by": "centre", "totl_refd": "parts"}, totals, ["", "refund_amount"]),
    ("9.16", {"cash_by": "centre", "totl_refd": "original"}, totals, ["refund_amount", ""]),
    ("9.18", {}, lambda shop: names(paid_notice(shop)), ["orgCode", "ownPayAmt", "ownpayAmt", "selfAcctPay"]),
    ("9.18", {"own_pay_spelling": "ownPayAmt"}, lambda shop: names(paid_notice(shop))[1:2], ["ownPayAmt"]),
    ("9.18", {"own_pay_spelling": "ownpayAmt"}, lambda shop: names(paid_notice(shop))[1:2], ["ownpayAmt"]),
    ("9.18", {"notice_fields": "printed"}, lambda shop: names(paid_notice(shop)), ["ownPayAmt", "ownpayAmt"]),
    ("9.18", {"notice_fields": "with_state"}, lambda shop: paid_notice(shop)["ordStas"], "4"),
    ("9.18", {}, lambda shop: paid_notice(shop)["callType"], "02"),
    ("9.18", {"call_type": "2"}, lambda shop: paid_notice(shop)["callType"], "2"),
    ("9.19", {}, lambda shop: without_hospital_columns(shop)[0], ""),
    ("9.19", {"otc_fields": "as_printed"}, lambda shop: without_hospital_columns(shop)[0], "schema_miss"),
    ("9.20", {}, five_minutes_old, ""),
    ("9.20", {"seal_window_ms": 2 * MINUTE_MS}, five_minutes_old, "stale_timestamp"),
]


@pytest.mark.parametrize(("question", "switches", "story", "expected"), TABLE)
def test_an_open_question_has_its_default_and_its_hard_answer(
    question: str, switches: Json, story: Story, expected: object
) -> None:
    shop = opened(**switches)
    assert story(shop) == expected, question
    assert sum(shop.act("/ledger", method="GET")["accounts"].values()) == 0
