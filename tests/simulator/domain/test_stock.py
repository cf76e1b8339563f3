"""What a pharmacy reports of its goods is taken row by row, against the settlement and the packs behind it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.domain import counter, goods_views, stock, trace_uses
from simulator.domain.counter import Sale
from simulator.domain.goods import KINDS, Goods
from simulator.domain.moment import read
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.domain.settlement_record import Settlement
from simulator.domain.stock import Outcome
from simulator.domain.trace_uses import TraceAlert, TraceUse
from tests.simulator.domain import goods_rows as rows
from tests.simulator.domain.goods_rows import BATCH, CODE, LISTED, OTHER, Row
from tests.simulator.domain.scene import BUYER, GIVER, SHOP, Scene, bill

ENVELOPE = {"opter": "0001", "opter_name": "测试员"}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def take(scene: Scene, infno: str, *told: Row) -> list[Outcome]:
    return stock.take(scene.unit, infno, SHOP, told, envelope=ENVELOPE)


def accepted(scene: Scene, infno: str, told: Row) -> Goods:
    (outcome,) = take(scene, infno, told)
    assert outcome.refusal is None, (outcome.refusal.rule, outcome.refusal.field)
    kept = scene.unit.get(Goods, outcome.goods_no)
    assert kept is not None
    return kept


def refused(scene: Scene, infno: str, told: Row) -> tuple[str, str]:
    before = books(scene)
    (outcome,) = take(scene, infno, told)
    assert outcome.refusal is not None and books(scene) == before
    return outcome.refusal.rule, outcome.refusal.field


def books(scene: Scene) -> list[list[Any]]:
    return [scene.unit.page(kind, "", 1_000) for kind in (Goods, TraceUse, TraceAlert)]


def settled(scene: Scene, cnt: str = "2", drug: str = "A", serial: str = "") -> Settlement:
    sale = Sale(
        bill=bill((drug, cnt, "10.00")), mdtrt_cert_type="02", mdtrt_cert_no=f"99{BUYER}", certno="", psn_name=""
    )
    return counter.settle(scene.unit, sale, app_id="APP", msgid=serial or f"M{scene.serial()}")[1]


def cancelled(scene: Scene, paid: Settlement) -> Settlement:
    return counter.cancel(
        scene.unit, org=SHOP, setl_id=paid.setl_id, mdtrt_id=paid.mdtrt_id, psn_no=BUYER, msgid=f"C{scene.serial()}",
        app_id="APP",
    )  # fmt: skip


def state(scene: Scene, code: str = CODE) -> str:
    last = trace_uses.last_use(scene.unit, code)
    return last.kind if last else ""


GOOD = [
    ("3501", rows.count()), ("3502", rows.change()), ("3503", rows.purchase()), ("3504", rows.purchase()),
    ("3505", rows.sale(None)),
]  # fmt: skip


@pytest.mark.parametrize(("infno", "told"), GOOD)
def test_a_good_row_is_kept_under_a_serial_of_thirty_characters(scene: Scene, infno: str, told: Row) -> None:
    kept = accepted(scene, infno, told)
    assert len(kept.goods_no) == 30 and kept.infno == infno and kept.opter_name == "测试员"
    assert kept.row["fixmedins_bchno"] == BATCH and kept.vali


@pytest.mark.parametrize(("infno", "told"), GOOD)
def test_the_same_row_again_is_refused_as_uploaded_already(scene: Scene, infno: str, told: Row) -> None:
    first = accepted(scene, infno, told)
    (again,) = take(scene, infno, told)
    assert again.refusal is not None
    assert (again.refusal.rule, again.refusal.values["value"]) == ("goods_repeated", first.goods_no)


@pytest.mark.parametrize(("infno", "told"), GOOD)
@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"med_list_codg": "NO-SUCH"}, "unknown_drug", "med_list_codg"),
        ({"expy_end": "2024-12-31"}, "dates_reversed", "expy_end"),
        ({"manu_date": "2025-02-30"}, "no_such_date", "manu_date"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_by_name(
    scene: Scene, infno: str, told: Row, changed: Row, rule: str, field: str
) -> None:
    assert refused(scene, infno, {**told, **changed}) == (rule, field)


@pytest.mark.parametrize(("infno", "told"), GOOD)
def test_a_quantity_below_one_unit_of_anything_is_refused(scene: Scene, infno: str, told: Row) -> None:
    field = KINDS[infno].cnt
    assert refused(scene, infno, {**told, field: "-1"}) == ("not_positive", field)
    if infno == "3501":
        accepted(scene, infno, {**told, field: "0"})
    else:
        assert refused(scene, infno, {**told, field: "0.0000"}) == ("not_positive", field)


def test_goods_without_a_national_code_are_taken(scene: Scene) -> None:
    accepted(scene, "3501", rows.count(med_list_codg="NMLC999"))


def test_a_bad_row_of_a_batch_does_not_hinder_the_next(scene: Scene) -> None:
    found = take(scene, "3501A", rows.count(), rows.count(med_list_codg="NO"), rows.count(), rows.count(inv_cnt="9"))
    assert [bool(one.refusal) for one in found] == [False, True, True, False]
    assert found[2].refusal is not None and found[2].refusal.rule == "goods_repeated"


def test_a_return_to_the_supplier_names_a_purchase_of_this_shop_or_none(scene: Scene) -> None:
    bought = accepted(scene, "3503", rows.purchase())
    accepted(scene, "3504", rows.purchase(medins_prod_purc_no=bought.goods_no))
    accepted(scene, "3504", rows.purchase(purc_retn_cnt="1"))
    wrong = ("purchase_unknown", "medins_prod_purc_no")
    assert refused(scene, "3504", rows.purchase(medins_prod_purc_no="PUR-NONE")) == wrong
    counted = accepted(scene, "3501", rows.count())
    assert refused(scene, "3504", rows.purchase(medins_prod_purc_no=counted.goods_no)) == wrong


def test_counts_and_changes_move_packs_in_and_out(scene: Scene) -> None:
    accepted(scene, "3501", rows.count(drugtracinfo=rows.codes(CODE)))
    accepted(scene, "3502A", rows.change(inv_chg_type="105", drugtracinfo=rows.codes(CODE)))
    accepted(scene, "3502A", rows.change(inv_chg_type="101", drugtracinfo=rows.codes(OTHER)[0]))
    assert (state(scene), state(scene, OTHER)) == ("out", "in")


SALES = [
    pytest.param({"setl_id": ""}, "setl_id_missing", "setl_id", id="no settlement named"),
    pytest.param({"setl_id": "NO-SUCH"}, "sale_unsettled", "setl_id", id="an unknown settlement"),
    pytest.param({"mdtrt_sn": "OTHER"}, "sale_visit", "mdtrt_sn", id="another visit"),
    pytest.param({"psn_no": GIVER}, "sale_person", "psn_no", id="another person"),
    pytest.param({"certno": "99X"}, "sale_person", "psn_no", id="another identity"),
    pytest.param({"med_list_codg": "B"}, "sale_drug", "med_list_codg", id="a drug that was not settled"),
    pytest.param({"rx_flag": "1"}, "rxno_missing", "rxno", id="a prescription medicine without prescription"),
    pytest.param({"sel_retn_cnt": "3"}, "sale_exceeds", "sel_retn_cnt", id="more than was settled"),
]


@pytest.mark.parametrize(("changed", "rule", "field"), SALES)
def test_an_insured_sale_stands_on_its_live_settlement(scene: Scene, changed: Row, rule: str, field: str) -> None:
    paid = settled(scene)
    assert refused(scene, "3505", rows.sale(paid, **changed)) == (rule, field)
    accepted(scene, "3505", rows.sale(paid, sel_retn_cnt="2", psn_no=BUYER))
    assert refused(scene, "3505", rows.sale(paid)) == ("sale_exceeds", "sel_retn_cnt")


def test_a_settlement_taken_back_or_of_another_shop_carries_no_sale(scene: Scene) -> None:
    paid = settled(scene)
    negative = cancelled(scene, paid)
    assert refused(scene, "3505", rows.sale(paid)) == ("sale_unsettled", "setl_id")
    assert refused(scene, "3505", rows.sale(negative)) == ("sale_unsettled", "setl_id")
    told = rows.sale(settled(scene))
    (elsewhere,) = stock.take(scene.unit, "3505", "P-ELSEWHERE", [told], envelope=ENVELOPE)
    assert elsewhere.refusal is not None and elsewhere.refusal.rule == "sale_unsettled"


@pytest.mark.parametrize("told", [{"MDTRT_SETL_TYPE": ""}, {"MDTRT_SETL_TYPE": None, "mdtrt_setl_type": "1"}])
def test_an_insured_sale_is_known_by_either_spelling_or_by_its_settlement(scene: Scene, told: Row) -> None:
    assert refused(scene, "3505", rows.sale(None, setl_id="NO-SUCH", **told)) == ("sale_unsettled", "setl_id")
    assert refused(scene, "3505", rows.sale(None, hi_feesetl_type="1", **told)) == ("setl_id_missing", "setl_id")


def test_a_self_paid_sale_may_name_its_buyer_who_must_exist(scene: Scene) -> None:
    accepted(scene, "3505", rows.sale(None, psn_no=BUYER, certno=f"99{BUYER}"))
    assert refused(scene, "3505", rows.sale(None, psn_no="NOBODY")) == ("unknown_person", "psn_no")
    assert refused(scene, "3505", rows.sale(None, psn_no=BUYER, certno="99X")) == ("identity_mismatch", "certno")


def test_a_sale_of_an_online_order_stands_on_its_centre_settlement(scene: Scene) -> None:
    order = scene.paid(("A", "1", "10.00"))
    paid = scene.unit.get(Settlement, order.setl_id)
    assert paid is not None
    accepted(scene, "3505A", rows.sale(paid, drugtracinfo=rows.codes(CODE)))
    scene.refund(order)
    assert state(scene) == "sale"
    accepted(scene, "3506A", rows.back(paid.mdtrt_id, drugtracinfo=rows.codes(CODE)))
    assert state(scene) == "return"


def test_a_reported_pack_stays_sold_until_it_comes_back(scene: Scene) -> None:
    paid = settled(scene)
    kept = accepted(scene, "3505A", rows.sale(paid, drugtracinfo=rows.codes(CODE)))
    cancelled(scene, paid)
    assert state(scene) == "sale"
    number = {"medins_prod_sel_no": kept.goods_no, "setl_id": paid.setl_id}
    accepted(scene, "3506A", rows.back(paid.mdtrt_id, drugtracinfo=rows.codes(CODE), **number))
    assert state(scene) == "return"
    accepted(scene, "3505A", rows.sale(None, drugtracinfo=rows.codes(CODE)))
    assert books(scene)[2] == []


RETURNS = [
    pytest.param({"mdtrt_sn": "OTHER"}, "sale_unknown", "mdtrt_sn", id="another visit"),
    pytest.param({"fixmedins_hilist_id": "SKU-B"}, "sale_unknown", "mdtrt_sn", id="other goods"),
    pytest.param({"medins_prod_sel_no": "NONE"}, "sale_unknown", "medins_prod_sel_no", id="an unknown sale"),
    pytest.param({"setl_id": "NONE"}, "sale_unknown", "setl_id", id="another settlement"),
    pytest.param({"sel_retn_cnt": "3"}, "return_exceeds", "sel_retn_cnt", id="more than was sold"),
    pytest.param({"drugtracinfo": rows.codes(OTHER)}, "trace_not_sold", "drugtracinfo", id="a pack not sold here"),
]


@pytest.mark.parametrize(("changed", "rule", "field"), RETURNS)
def test_only_what_was_sold_in_that_visit_comes_back(scene: Scene, changed: Row, rule: str, field: str) -> None:
    accepted(scene, "3505", rows.sale(None, sel_retn_cnt="2", drugtracinfo=rows.codes(CODE)))
    assert refused(scene, "3506", rows.back("OWN-1", **{"drugtracinfo": rows.codes(CODE), **changed})) == (rule, field)


def test_a_pack_comes_back_once(scene: Scene) -> None:
    accepted(scene, "3505", rows.sale(None, sel_retn_cnt="2", drugtracinfo=rows.codes(CODE)))
    told = rows.back("OWN-1", drugtracinfo=rows.codes(CODE))
    accepted(scene, "3506", told)
    assert refused(scene, "3506", {**told, "memo": "again"}) == ("trace_not_sold", "drugtracinfo")
    assert refused(scene, "3506", rows.back("OWN-1", sel_retn_cnt="2")) == ("return_exceeds", "sel_retn_cnt")


def removed(scene: Scene, data_type: str, batch: str = BATCH) -> str:
    (outcome,) = stock.remove(scene.unit, SHOP, [{"fixmedins_bchno": batch, "inv_data_type": data_type}])
    return outcome.refusal.rule if outcome.refusal else ""


def test_a_deleted_row_may_be_uploaded_again_and_its_packs_are_as_before(scene: Scene) -> None:
    accepted(scene, "3501", rows.count(drugtracinfo=rows.codes(CODE)))
    told = rows.sale(None, drugtracinfo=rows.codes(CODE))
    accepted(scene, "3505", told)
    assert removed(scene, "3") == "goods_unknown" and state(scene) == "sale"
    assert removed(scene, "4") == "" and state(scene) == "in"
    assert removed(scene, "4") == "goods_unknown" and removed(scene, "4", "OTHER") == "goods_unknown"
    accepted(scene, "3505", told)
    assert state(scene) == "sale" and books(scene)[2] == []


def test_another_shop_deletes_nothing_here(scene: Scene) -> None:
    accepted(scene, "3501", rows.count())
    told = [{"fixmedins_bchno": BATCH, "inv_data_type": "1"}]
    (outcome,) = stock.remove(scene.unit, "P-ELSEWHERE", told)
    assert outcome.refusal is not None and outcome.refusal.rule == "goods_unknown"


def look(scene: Scene, *infnos: str, **asked: str) -> list[dict[str, Any]]:
    told = {"fixmedins_code": SHOP, "begndate": "2026-01-05", "enddate": "2026-01-05", **asked}
    return goods_views.rows(scene.unit, SHOP, told, infnos)


def test_reported_rows_are_found_by_batch_or_code_within_their_own_days(scene: Scene) -> None:
    kept = accepted(scene, "3501", rows.count())
    accepted(scene, "3501", rows.count(fixmedins_bchno="BCH0002", invdate="2026-01-06"))
    (shown,) = look(scene, "3501", fixmedins_bchno=BATCH)
    assert (shown["medinsProdInvNo"], shown["invCnt"], shown["medinsListCodg"]) == (kept.goods_no, "10", LISTED)
    assert len(look(scene, "3501", medins_list_codg=LISTED)) == 1
    assert len(look(scene, "3501", medins_list_codg=LISTED, enddate="2026-01-06")) == 2
    assert look(scene, "3501", medins_list_codg="OTHER", fixmedins_bchno=BATCH) == []
    assert look(scene, "3501", medins_list_codg=LISTED, manu_lotnum="L2") == []
    assert look(scene, "3502", medins_list_codg=LISTED) == []


def test_deleted_rows_are_shown_to_who_asks_for_them(scene: Scene) -> None:
    accepted(scene, "3503", rows.purchase())
    accepted(scene, "3504", rows.purchase())
    assert [row["prodRetnFlag"] for row in look(scene, "3503", "3504", fixmedins_bchno=BATCH)] == ["0", "1"]
    removed(scene, "3")
    assert look(scene, "3503", "3504", fixmedins_bchno=BATCH) == []
    assert [row["valiFlag"] for row in look(scene, "3503", fixmedins_bchno=BATCH, vali_flag="0")] == ["0"]


def test_codes_are_found_where_they_came_in_and_where_they_went(scene: Scene) -> None:
    accepted(scene, "3501", rows.count(drugtracinfo=rows.codes(CODE, OTHER)))
    paid = settled(scene)
    accepted(scene, "3505A", rows.sale(paid, drugtracinfo=rows.codes(CODE)))
    asked = {"fixmedins_code": SHOP, "begndate": "2026-01-05", "enddate": "2026-01-05", "med_list_codg": "A"}
    came = goods_views.received(scene.unit, SHOP, asked)
    assert [row["drugTracCodg"] for row in came] == [CODE, OTHER] and came[0]["fixBlngAdmdvs"] == "110105"
    (went,) = goods_views.sold(scene.unit, SHOP, {"fixmedins_code": SHOP, "mdtrt_id": paid.mdtrt_id})
    assert (went["drugTracCodg"], went["psnNo"], went["mdtrtSetlType"], went["fixmedinsBchno"]) == (
        CODE, BUYER, "1", BATCH,
    )  # fmt: skip
    assert goods_views.sold(scene.unit, SHOP, {"fixmedins_code": SHOP, "certno": f"99{GIVER}"}) == []
    with pytest.raises(Refusal, match="foreign_institution"):
        goods_views.received(scene.unit, SHOP, {**asked, "fixmedins_code": "P-ELSEWHERE"})


def test_under_the_duty_a_reported_sale_owes_its_codes_too() -> None:
    scene = Scene(Switches(trace_duty="dates"))
    assert refused(scene, "3505A", rows.sale(None)) == ("trace_missing", "drugtracinfo")
    assert refused(scene, "3505A", rows.sale(None, drugtracinfo=rows.codes(CODE, OTHER))) == (
        "trace_count", "drugtracinfo",
    )  # fmt: skip
    accepted(scene, "3505A", rows.sale(None, drugtracinfo=rows.codes(CODE)))
    scene.unit.now_ms = read("2025-12-01 09:00:00")
    accepted(scene, "3505A", rows.sale(None, rtal_docno="R2"))


@given(
    some.lists(some.tuples(some.sampled_from(("3505", "3506")), some.integers(min_value=1, max_value=4)), max_size=8)
)
def test_never_more_is_reported_sold_than_settled_nor_returned_than_sold(steps: list[tuple[str, int]]) -> None:
    scene = Scene()
    paid, sold, returned = settled(scene, "4"), 0, 0
    for number, (infno, cnt) in enumerate(steps):
        told = rows.sale(paid) if infno == "3505" else rows.back(paid.mdtrt_id)
        (outcome,) = take(scene, infno, {**told, "sel_retn_cnt": str(cnt), "memo": str(number)})
        fits = sold - returned + cnt <= 4 if infno == "3505" else returned + cnt <= sold
        assert (outcome.refusal is None) is fits
        sold, returned = (
            sold + cnt * (fits and infno == "3505"),
            returned + cnt * (fits and infno == "3506"),
        )
    kept = scene.unit.page(Goods, "", 100)
    assert sum(Decimal(one.row["sel_retn_cnt"]) for one in kept) == sold + returned
