"""Trace codes at the wire: where 2102 carries them, what the duty asks, what supervision is told."""

from typing import Any

import pytest

from tests.simulator.goods_shop import CODE, OTHER, OWN_ID, look, message, must, row, settled, truth
from tests.simulator.shop import STOMACH_POWDER, Json, Shop, a_platform
from tests.simulator.test_bad_input import sale

DUTY = {"trace_duty": "dates"}


def opened(start: str = "2024-07-01 10:30:45", **switches: str) -> Shop:
    shop = Shop(a_platform(), courier="manual", start=start, switches=switches)
    shop.sign_in()
    return shop


def tied(shop: Shop) -> list[str]:
    return [use["drug_trac_codg"] for use in shop.act("/traces", method="GET")["traces"]]


def alerts(shop: Shop) -> list[str]:
    return [alert["kind"] for alert in shop.act("/alerts", method="GET")["alerts"]]


def refused(shop: Shop, infno: str, data: Json, rule: str, field: str) -> None:
    before = truth(shop)
    told = shop.institution(infno, data)
    last = shop.journal()[-1]["refusal"]
    assert told["infcode"] == -1 and field in told["err_msg"] and truth(shop) == before
    assert (last["rule"], last["field"]) == (rule, field)


@pytest.mark.parametrize("spelling", ["durg_trac_info", "drug_trac_info"])
@pytest.mark.parametrize(
    ("place", "at_root", "seen"),
    [
        ("either", True, True), ("either", False, True), ("line", False, True), ("line", True, False),
        ("root", True, True), ("root", False, False),
    ],
)  # fmt: skip
def test_2102_carries_codes_in_both_spellings_where_the_dialect_looks(
    spelling: str, place: str, at_root: bool, seen: bool
) -> None:
    shop = opened(trace_place=place)
    settled(shop, CODE, OTHER, spelling=spelling, at_root=at_root)
    assert tied(shop) == ([CODE, OTHER] if seen else [])


@pytest.mark.parametrize("node", ["both", "durg_trac_info", "drug_trac_info"])
def test_an_edition_that_spells_the_node_one_way_sees_no_other(node: str) -> None:
    for spelling in ("durg_trac_info", "drug_trac_info"):
        shop = opened(trace_node=node)
        settled(shop, CODE, OTHER, spelling=spelling)
        assert tied(shop) == ([CODE, OTHER] if node in ("both", spelling) else [])


def test_a_sale_without_codes_settles_by_default_and_before_the_duty_began() -> None:
    for shop in (opened(), opened("2025-06-30 10:00:00", **DUTY), opened("2026-03-01 10:00:00")):
        settled(shop)
        assert tied(shop) == []


def test_no_scan_no_settlement_once_the_duty_began() -> None:
    shop = opened("2025-07-01 10:00:00", **DUTY)
    refused(shop, "2102", sale(shop), "trace_missing", "drug_trac_codg")
    assert settled(shop, CODE, OTHER)["setl_id"]


def test_goods_without_a_code_settle_with_a_virtual_one_once() -> None:
    shop = opened("2025-07-01 10:00:00", **DUTY)
    asked = {
        "med_list_codg": STOMACH_POWDER, "fixmedins_hilist_id": OWN_ID, "fixmedins_hilist_name": "胃药",
        "fixmedins_bchno": "B1",
    }  # fmt: skip
    told = [must(shop, "3592B", {"data": asked})["result"] for _ in range(2)]
    first, second = (str(one["drug_trac_codg"]) for one in told)
    paid = settled(shop, first, second)
    again = sale(shop)
    again["drugdetail"][0]["durg_trac_info"] = [
        {"feedetl_sn": "1", "drug_trac_codg": code, "trdn_flag": "0"} for code in (first, OTHER)
    ]
    refused(shop, "2102", again, "trace_virtual_used", "drug_trac_codg")
    reported = row("3505A", paid, sel_retn_cnt="2", drugtracinfo=[{"drug_trac_codg": one} for one in (first, second)])
    (taken,) = must(shop, "3505A", message("3505A", reported))["selinfoDetail"]
    assert taken["retRslt"] == "1" and alerts(shop) == []


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"med_list_codg": "NO-SUCH"}, "unknown_drug", "med_list_codg"),
        ({"med_list_codg": ""}, "schema_miss", "med_list_codg"),
        ({"fixmedins_bchno": "B" * 31}, "schema_miss", "fixmedins_bchno"),
        ({"fixmedins_hilist_id": 7}, "schema_miss", "fixmedins_hilist_id"),
    ],
)
def test_a_virtual_code_is_asked_for_a_known_drug(fields: Json, rule: str, field: str) -> None:
    asked = {
        "med_list_codg": "NMLC999", "fixmedins_hilist_id": OWN_ID, "fixmedins_hilist_name": "胃药",
        "fixmedins_bchno": "B1", **fields,
    }  # fmt: skip
    refused(opened(), "3592B", {"data": asked}, rule, field)


def test_a_repeat_settles_and_is_told_to_supervision_unless_the_switch_refuses_it() -> None:
    lenient, strict = opened(), opened(trace_repeat="refuse")
    for shop in (lenient, strict):
        settled(shop, CODE, OTHER)
    settled(lenient, CODE, "89901190000000000003")
    assert alerts(lenient) == ["repeat"]
    again = sale(strict)
    again["durg_trac_info"] = [{"feedetl_sn": "1", "drug_trac_codg": CODE, "trdn_flag": "0"}]
    refused(strict, "2102", again, "trace_repeated", "drug_trac_codg")
    again["durg_trac_info"][0]["trdn_flag"] = "1"
    must(strict, "2102", again)


def test_a_reported_sale_tells_of_odd_codes_in_its_own_row() -> None:
    shop = opened()
    told = row("3505A", drugtracinfo=[{"drug_trac_codg": "IMPORTED-1"}])
    (taken,) = must(shop, "3505A", message("3505A", told))["selinfoDetail"]
    assert taken["retRslt"] == "1" and "IMPORTED-1" in taken["msgRslt"]
    (one,) = must(shop, "3513", look(shop))["output"]
    assert (one["drugTracCodg"], one["mdtrtSetlType"], one["bkkpSn"]) == ("IMPORTED-1", "2", "R1")
    assert must(shop, "3512", look(shop))["output"] == []


def uploading(shop: Shop, *codes: str) -> Any:
    """A 6201 of two packs with these codes in its line (house)."""
    person = shop.person()
    basket = shop.basket(person, shop.consent(person))
    if codes:
        told = [{"drugTracCodg": code} for code in codes]
        basket["feedetailList"][0]["extData"] = {"drugTracInfo": told}
    return shop.sealed("6201", basket)


def test_a_payment_order_owes_its_codes_before_dispatch_or_before_it_settles() -> None:
    later = opened("2025-07-01 10:00:00", **DUTY)
    assert uploading(later).data is not None
    strict = opened("2025-07-01 10:00:00", **DUTY, trace_before="settle")
    no = uploading(strict)
    assert no.data is None and "extData" in str(no.message)
    assert strict.journal()[-1]["refusal"]["rule"] == "trace_missing"
    assert uploading(strict, CODE, OTHER).data is not None


def test_codes_of_an_order_are_sold_with_its_settlement_and_taken_over_by_3505() -> None:
    shop = opened(trace_before="settle")
    order = shop.placed()
    person, again = order["person"], order["basket"]
    again = {**again, "medOrgOrd": "WITH-CODES", "payAuthNo": shop.consent(person)}
    again["feedetailList"] = [{**again["feedetailList"][0], "extData": {"drugTracInfo": [{"drugTracCodg": CODE}]}}]
    told = shop.sealed("6201", again)
    assert told.data, told
    with_codes = {**told.data, "basket": again, "person": person, "payAuthNo": again["payAuthNo"]}
    shop.sealed("6202", shop.placing(with_codes))
    assert tied(shop) == []
    shop.act("/person/confirm", {"pay_ord_id": with_codes["payOrdId"]})
    (paid,) = shop.act("/settlements", method="GET")["settlements"]
    (use,) = shop.act("/traces", method="GET")["traces"]
    assert (use["setl_id"], use["goods_no"]) == (paid["setl_id"], "")
    reported = row("3505A", paid, sel_retn_cnt="2", drugtracinfo=[{"drug_trac_codg": CODE}])
    (taken,) = must(shop, "3505A", message("3505A", reported))["selinfoDetail"]
    (use,) = shop.act("/traces", method="GET")["traces"]
    assert (taken["retRslt"], use["goods_no"]) == ("1", taken["medins_prod_sel_no"])


def test_a_code_sold_elsewhere_before_the_confirmation_fails_the_order() -> None:
    shop = opened(trace_repeat="refuse")
    person = shop.person()
    basket = shop.basket(person, shop.consent(person))
    basket["feedetailList"][0]["extData"] = {"drugTracInfo": [{"drugTracCodg": CODE}]}
    told = shop.sealed("6201", basket)
    order = {**(told.data or {}), "basket": basket, "person": person, "payAuthNo": basket["payAuthNo"]}
    shop.sealed("6202", shop.placing(order))
    settled(shop, CODE, OTHER)
    shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
    assert shop.state(order) == "15"
    (kept,) = shop.act("/orders", method="GET")["orders"]
    assert kept["reason"] == "trace_gone"
