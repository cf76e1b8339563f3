"""The reference channel and goods: nothing leaves that is not paid, complete, scanned, reported and taken."""

from typing import Any

import pytest

from tests.conformance.reference_lab import PEOPLE, SHOP, Lab

MADE = "2024-01-10"


def packs(lab: Lab, **changes: Any) -> list[dict[str, Any]]:
    """What the shop scans for the basket of the lab: three packs of two drugs."""
    return [
        {
            "med_list_codg": line["med_list_codg"], "cnt": line["cnt"].split(".")[0], "batch": f"B{place}",
            "made": MADE, "trace_codes": [f"8990001000000000{place}{each:03d}" for each in range(int(line["cnt"]))],
            **changes,
        }
        for place, line in enumerate(lab.lines(), 1)
    ]  # fmt: skip


def paid(who: str = "己", order: str = "S1", lab: Lab | None = None) -> Lab:
    lab = lab or Lab()
    lab.place(who, order)
    lab.confirm(order)
    lab.notices()
    lab.jobs()
    return lab


def goods(lab: Lab) -> list[Any]:
    return [one for one in lab.control("GET", "/lab/goods")["goods"] if one["vali"]]


def test_paid_goods_leave_once_and_are_told_once() -> None:
    lab = paid()
    assert "ok" in lab.perform("dispense", packs=packs(lab))
    assert "ok" in lab.perform("dispense", packs=packs(lab))
    assert [one["infno"] for one in goods(lab)] == ["3505", "3505"]
    assert len(lab.sent("3505A")) == 1


def test_nothing_leaves_before_it_is_paid_and_nothing_is_told() -> None:
    lab = Lab()
    lab.place()
    assert "refused" in lab.perform("dispense", packs=packs(lab))
    assert lab.sent("3505A") == []


@pytest.mark.parametrize("kept", [slice(0, 1), slice(1, 2)])
def test_less_than_was_settled_does_not_leave(kept: slice) -> None:
    lab = paid()
    assert "refused" in lab.perform("dispense", packs=packs(lab)[kept])
    assert goods(lab) == []


def test_a_drug_nobody_ordered_does_not_leave() -> None:
    lab = paid()
    stranger = {**packs(lab)[0], "med_list_codg": "ZA01BAG9001010199001"}
    assert "refused" in lab.perform("dispense", packs=[*packs(lab), stranger])
    assert goods(lab) == []


def test_a_lost_report_is_looked_up_and_the_goods_leave() -> None:
    lab = paid()
    lab.fault("no_answer_after_commit", "3505A")
    assert "ok" in lab.perform("dispense", packs=packs(lab))
    assert len(lab.sent("3505A")) == 1 and len(lab.sent("3511")) == 2


def test_while_nobody_knows_the_goods_stay_and_a_restart_forgets_nothing() -> None:
    lab = paid()
    lab.fault("no_answer_after_commit", "3505A")
    lab.fault("no_answer_before_commit", "3511", count=1)
    assert "unable" in lab.perform("dispense", packs=packs(lab))
    lab.ask("restart", {"point": "now"})
    assert "ok" in lab.perform("dispense", packs=packs(lab))
    assert len(goods(lab)) == 2 and len(lab.sent("3505A")) == 1


def test_what_is_still_on_the_road_is_not_taken_back() -> None:
    lab = paid()
    lab.perform("dispense", packs=packs(lab))
    lab.perform("refund")
    assert "refused" in lab.perform("take_back", received=False)
    assert lab.sent("3506A") == []
    assert "ok" in lab.perform("take_back", received=True)
    assert sorted(one["infno"] for one in goods(lab)) == ["3505", "3505", "3506", "3506"]


def test_goods_that_never_left_have_nothing_to_take_back() -> None:
    lab = paid()
    assert "ok" in lab.perform("take_back", received=True)
    assert lab.sent("3506A") == []


def test_a_short_order_goes_back_whole() -> None:
    lab = paid()
    assert lab.perform("out_of_stock", missing=[lab.lines()[1]["med_list_codg"]])["ok"]["state"] == "refunded"
    assert len(lab.ledger("BACK")) == 1
    assert "refused" in lab.perform("dispense", packs=packs(lab))


def test_a_reset_forgets_packs() -> None:
    lab = paid()
    lab.perform("dispense", packs=packs(lab))
    lab.ask("reset", {})
    paid("甲", "S2", lab)
    assert "ok" in lab.perform("dispense", "S2", packs=packs(lab))


def receive(lab: Lab, *batches: str, **more: Any) -> dict[str, Any]:
    goods = [
        {
            "own_code": "SKU1", "name": "感冒药", "med_list_codg": lab.lines()[0]["med_list_codg"], "batch": batch,
            "lot": "L1", "made": "2024-01-10", "expires": "2026-01-09", "supplier": "批发", "maker": "药厂",
            "aprvno": "Z1", "price": "11.25", "cnt": "100", **more.pop(batch, {}),
        }
        for batch in batches
    ]  # fmt: skip
    return lab.ask("perform", {"task": "receive_stock", "org": SHOP, "goods": goods, **more})


def test_a_batch_the_platform_would_not_have_is_told_by_name() -> None:
    told = receive(Lab(), "IN1", "IN2", IN2={"expires": "2020-01-01"})["ok"]
    assert told["taken"] == ["IN1"] and [one["batch"] for one in told["failed"]] == ["IN2"]


def test_a_lost_delivery_is_looked_up_and_only_the_missing_is_sent_again() -> None:
    lab = Lab()
    lab.fault("no_answer_after_commit", "3503A")
    assert receive(lab, "IN1", "IN2")["ok"]["taken"] == ["IN1", "IN2"]
    assert len(lab.sent("3503A")) == 1
    lab.fault("no_answer_before_commit", "3503A")
    assert receive(lab, "IN3")["ok"]["taken"] == ["IN3"]
    assert [one["infno"] for one in goods(lab)] == ["3503"] * 3


def test_a_corrected_batch_stands_once() -> None:
    lab = Lab()
    receive(lab, "IN1")
    assert "ok" in receive(lab, "IN1", IN1={"cnt": "90"}, corrects=["IN1"])
    assert [one["row"]["purc_retn_cnt"] for one in goods(lab)] == ["90"]


def test_a_code_of_the_shop_is_sold_once_it_is_mapped() -> None:
    lab = Lab()
    drug = lab.lines()[0]
    own = [{**drug, "own_code": "SKU1"}]
    assert "refused" in lab.place(lines=own) and lab.sent("6201") == []
    told = {"task": "map_drug", "org": SHOP, "own_code": "SKU1", "name": "感冒药"}
    assert "ok" in lab.ask("perform", {**told, "med_list_codg": drug["med_list_codg"]})
    assert "refused" in lab.ask("perform", {**told, "med_list_codg": lab.lines()[1]["med_list_codg"]})
    assert "ok" in lab.place(lines=own)
    assert lab.sent("6201")[0]["request"]["feedetailList"][0]["medinsListCodg"] == "SKU1"


def test_a_limit_holds_over_lines_and_orders_and_not_over_what_was_given_back() -> None:
    lab = Lab()
    one = {**lab.lines()[0], "cnt": "1", "day_limit": 2}
    assert "refused" in lab.place(order="S1", lines=[{**one, "cnt": "2"}, one])
    paid_for = lab.place(order="S2", lines=[{**one, "cnt": "2"}])
    assert "ok" in paid_for and "refused" in lab.place(order="S3", lines=[one])
    lab.perform("cancel", "S2")
    assert "ok" in lab.place(order="S4", lines=[one])


@pytest.mark.parametrize(("codes", "sold"), [(["8A"], False), (["8A", "8B"], True), ([], False)])
def test_the_till_settles_only_what_it_scanned_once_the_duty_began(codes: list[str], sold: bool) -> None:
    lab = Lab()
    now_ms = lab.control("POST", "/lab/clock", {"to": "2025-07-01 10:00:00"})["now_ms"]
    lab.ask("clock", {"now_ms": now_ms})
    line = {**lab.lines()[0], "cnt": "2", "trace_codes": codes}
    told = lab.perform(
        "counter_sale", org=SHOP, lines=[line], acct_used_flag="1",
        certificate={"mdtrt_cert_type": "02", "mdtrt_cert_no": PEOPLE["己"].certno},
    )  # fmt: skip
    assert ("ok" in told, len(lab.sent("2102"))) == (sold, int(sold))
