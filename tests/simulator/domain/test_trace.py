"""A pack is in stock, sold once, and back only the way it went: trace codes under every switch (coding.md 3)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.domain import counter, trace_rules, trace_uses
from simulator.domain.counter import Sale
from simulator.domain.moment import read
from simulator.domain.records import Drug
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.domain.scans import Scan, of_online_line, of_row, of_sale
from simulator.domain.settlement_record import Settlement
from simulator.domain.trace_uses import IN, OUT, RETURN, SALE, TraceAlert, TraceUse
from tests.simulator.domain.scene import BUYER, SHOP, Scene, bill

CODE, OTHER = "83000010000000000001", "83000010000000000002"
TODAY, SUMMER_2025, SPRING_2025 = "2026-01-05 09:00:00", "2025-07-01 09:00:00", "2025-06-30 09:00:00"


def scene(now: str = TODAY, **switches: str) -> Scene:
    made = Scene(Switches(**switches))  # type: ignore[arg-type]  # the tests name switches that hold texts
    made.unit.now_ms = read(now)
    return made


def settled(made: Scene, *codes: str, cnt: str = "1", drug: str = "A", trdn_flag: str = "0") -> Settlement:
    """A 2102 of one line with these codes."""
    plain = bill((drug, cnt, "10.00"))
    scans = tuple(Scan(code, trdn_flag) for code in codes)
    told = replace(plain, lines=(replace(plain.lines[0], scans=scans),))
    sale = Sale(bill=told, mdtrt_cert_type="02", mdtrt_cert_no=f"99{BUYER}", certno="", psn_name="")
    return counter.settle(made.unit, sale, app_id="APP", msgid=f"MSG{made.serial()}")[1]


def refused(rule: str, made: Scene, *codes: str, **sale: str) -> None:
    before = made.unit.page(TraceUse, "", 100)
    with pytest.raises(Refusal) as caught:
        settled(made, *codes, **sale)
    assert (caught.value.rule, caught.value.field) == (rule, "drug_trac_codg")
    assert made.unit.page(TraceUse, "", 100) == before


def kinds(made: Scene) -> list[str]:
    return [alert.kind for alert in made.unit.page(TraceAlert, "", 100)]


def state(made: Scene, code: str = CODE) -> str:
    last = trace_uses.last_use(made.unit, code)
    return last.kind if last else ""


def stock_in(made: Scene, code: str = CODE, shop: str = SHOP, kind: str = IN) -> list[TraceAlert]:
    return trace_uses.move(
        made.unit, kind, [Scan(code)], fixmedins_code=shop, med_list_codg="A", goods_no=f"G{made.serial()}"
    )


def test_a_settlement_sells_the_packs_it_names() -> None:
    made = scene()
    stock_in(made)
    assert state(made) == IN
    paid = settled(made, CODE)
    last = trace_uses.last_use(made.unit, CODE)
    assert last is not None
    assert (last.kind, last.setl_id, last.mdtrt_sn, last.with_settlement) == (SALE, paid.setl_id, paid.mdtrt_id, True)
    assert kinds(made) == []


def test_a_cancelled_settlement_frees_packs_nobody_reported_as_sold() -> None:
    made = scene()
    stock_in(made)
    paid = settled(made, CODE)
    counter.cancel(
        made.unit, org=SHOP, setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=BUYER, msgid="C1", app_id="APP"
    )
    assert state(made) == IN
    settled(made, CODE)
    assert kinds(made) == []


def test_a_pack_sold_twice_is_noted_and_settles_all_the_same() -> None:
    made = scene()
    settled(made, CODE)
    settled(made, CODE)
    assert kinds(made) == ["repeat"]


def test_the_same_code_in_two_lines_of_a_bill_is_a_repeat_too() -> None:
    made = scene()
    settled(made, CODE, CODE, cnt="2")
    assert kinds(made) == ["repeat"]


def test_a_split_pack_may_be_sold_again_and_again() -> None:
    made = scene(trace_repeat="refuse")
    for _ in range(3):
        settled(made, CODE, trdn_flag="1")
    assert kinds(made) == []


def test_a_pack_sold_twice_is_refused_where_the_switch_says_so() -> None:
    made = scene(trace_repeat="refuse")
    settled(made, CODE)
    refused("trace_repeated", made, CODE)
    refused("trace_repeated", made, OTHER, OTHER, cnt="2")


@pytest.mark.parametrize(
    ("code", "prefix", "alerts"),
    [
        ("83000010000000000001", "8300001", []),
        ("83000010000000000001", "", []),
        ("83000010000000000001", "8300002", ["prefix"]),
        ("(01)06901234567892(21)X1", "8300001", ["format"]),
        ("12345678901234567890", "8300001", ["format"]),
    ],
)
def test_a_code_of_another_form_or_product_is_noted_and_never_refused(
    code: str, prefix: str, alerts: list[str]
) -> None:
    made = scene(trace_repeat="refuse")
    made.change(made.unit.get(Drug, "A"), trace_prefix=prefix)
    settled(made, code)
    assert kinds(made) == alerts


def test_a_pack_another_shop_holds_or_that_left_the_stock_is_noted_when_sold() -> None:
    made = scene()
    stock_in(made, shop="P-ELSEWHERE")
    stock_in(made, OTHER)
    stock_in(made, OTHER, kind=OUT)
    settled(made, CODE, OTHER, cnt="2")
    assert kinds(made) == ["elsewhere", "out"]


def test_a_sold_pack_that_is_counted_stays_sold() -> None:
    made = scene()
    settled(made, CODE)
    assert [alert.kind for alert in stock_in(made)] == ["sold"] and state(made) == SALE


@pytest.mark.parametrize(
    ("now", "insured", "owed"),
    [
        (SPRING_2025, True, False),
        (SUMMER_2025, True, True),
        (SUMMER_2025, False, False),
        ("2025-12-31 23:59:59", False, False),
        ("2026-01-01 00:00:00", False, True),
    ],
)
def test_the_duty_follows_the_published_dates(now: str, insured: bool, owed: bool) -> None:
    assert trace_rules.owed(scene(now, trace_duty="dates").unit, insured=insured) is owed
    assert not trace_rules.owed(scene(now).unit, insured=insured)


def test_under_the_duty_every_pack_has_its_code() -> None:
    made = scene(SUMMER_2025, trace_duty="dates")
    refused("trace_missing", made)
    refused("trace_count", made, CODE, cnt="2")
    refused("trace_count", made, CODE, CODE, cnt="2")
    refused("trace_count", made, CODE, cnt="0.5")
    settled(made, CODE, OTHER, cnt="2")
    settled(made, "83000010000000000003", cnt="0.5", trdn_flag="1")


def test_what_carries_no_drug_trace_code_owes_none() -> None:
    made = scene(SUMMER_2025, trace_duty="dates")
    made.change(made.unit.get(Drug, "A"), list_type="102")
    settled(made)


def test_a_virtual_code_serves_one_sale_of_one_drug_of_one_shop() -> None:
    made = scene(SUMMER_2025, trace_duty="dates")
    issued = [
        trace_uses.issue_virtual(
            made.unit, fixmedins_code=shop, med_list_codg="A", fixmedins_hilist_id="SKU", fixmedins_bchno="B1"
        ).drug_trac_codg
        for shop in (SHOP, SHOP, "P-ELSEWHERE")
    ]
    assert len(set(issued)) == 3 and all(len(code) <= 30 for code in issued)
    refused("trace_virtual_foreign", made, issued[0], drug="B")
    refused("trace_virtual_foreign", made, issued[2])
    refused("trace_virtual_used", made, issued[0], issued[0], cnt="2", trdn_flag="1")
    settled(made, issued[0])
    refused("trace_virtual_used", made, issued[0])
    refused("trace_virtual_used", made, issued[0], trdn_flag="1")
    settled(made, issued[1])
    assert kinds(made) == []


def test_codes_are_found_in_both_spellings_and_in_the_place_the_switch_allows() -> None:
    line = {"feedetl_sn": "1", "durg_trac_info": [{"feedetl_sn": "1", "drug_trac_codg": CODE, "trdn_flag": "0"}]}
    root = {"drug_trac_info": [{"feedetl_sn": "1", "drug_trac_codg": OTHER, "trdn_flag": "1"}, {"feedetl_sn": "2"}]}
    found = {place: of_sale(root, [line], place).get("1", ()) for place in ("either", "line", "root")}
    assert found == {
        "either": (Scan(OTHER, "1"), Scan(CODE)), "line": (Scan(CODE),), "root": (Scan(OTHER, "1"),),
    }  # fmt: skip


def test_codes_of_a_row_come_as_a_list_as_one_object_or_flat() -> None:
    node = {"drug_trac_codg": CODE}
    assert of_row({"drugtracinfo": [node, {"drug_trac_codg": ""}], "trdn_flag": "1"}) == (Scan(CODE, "1"),)
    assert of_row({"drugtracinfo": node, "drug_trac_codg": OTHER}) == (Scan(CODE),)
    assert of_row({"drugtracinfo": None, "drug_trac_codg": OTHER}) == (Scan(OTHER),)
    assert of_row({"drugtracinfo": []}) == ()
    assert of_online_line({"extData": {"drugTracInfo": [{"drugTracCodg": CODE}]}}) == (Scan(CODE),)
    assert of_online_line({"extData": "free text"}) == ()


@given(some.lists(some.sampled_from(("in", "out", "settle", "return", "cancel")), max_size=8))
def test_a_pack_is_never_sold_twice_without_an_alert_or_a_return_between(steps: list[str]) -> None:
    """Whatever happens to a pack, an unreported sale ends with its settlement and a second one is noted."""
    made = scene()
    live: list[Settlement] = []
    for step in steps:
        sold, alerts = state(made) == SALE, len(kinds(made))
        if step in ("in", "out"):
            stock_in(made, kind=step)
            assert (state(made) == SALE) is sold
        elif step == "settle":
            live.append(settled(made, CODE))
            assert ("repeat" in kinds(made)[alerts:]) is sold and state(made) == SALE
        elif step == "return":
            no = trace_uses.return_objection(made.unit, [Scan(CODE)], fixmedins_code=SHOP, mdtrt_sn="")
            assert no is not None and state(made) != RETURN
        elif live:
            paid = live.pop()
            counter.cancel(
                made.unit, org=SHOP, setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=BUYER,
                msgid=f"C{made.serial()}", app_id="APP",
            )  # fmt: skip
            assert (state(made) == SALE) is bool(live)
