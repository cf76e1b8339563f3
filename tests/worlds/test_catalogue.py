"""The shipped catalogue is large enough, well formed, and has the packs the suite counts on."""

import csv
import re
from collections import Counter
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from importlib.resources import files

from simulator.domain import drugcode
from simulator.domain.records import Drug
from simulator.worlds.catalogue import shipped
from simulator.worlds.importer import read_text

CENT = Decimal("0.01")
COLUMNS = (
    "med_list_codg,reg_name,kind,dosform,spec,pacspec,maker,aprvno,rx_flag,otc_type,chrgitm_lv,selfpay_bp,pric_uplmt,"
    "price,online_barred,code_status,trace_prefix,rule_type,rule_value"
)


def raw() -> str:
    return files("simulator.worlds").joinpath("catalogue.csv").read_text(encoding="utf-8")


def sold_online(drug: Drug) -> bool:
    return drug.rx_flag == "0" and not drug.online_barred


def test_every_row_is_accepted_without_an_assumption() -> None:
    found = read_text(raw())
    assert found.rejected == ()
    assert found.notes == ()
    assert len(found.accepted) == len(list(csv.reader(raw().splitlines()))) - 1
    assert raw().splitlines()[0] == COLUMNS


def test_it_has_the_promised_size() -> None:
    drugs = shipped()
    assert len(drugs) >= 220
    assert len({drug.reg_name for drug in drugs if drug.rx_flag == "0"}) >= 85
    assert len({drug.reg_name for drug in drugs if drug.rx_flag == "1"}) >= 25


def test_a_caller_cannot_change_it_for_others() -> None:
    shipped().clear()
    assert shipped()


def test_codes_and_trace_prefixes_are_unique() -> None:
    drugs = shipped()
    assert len({drug.med_list_codg for drug in drugs}) == len(drugs)
    assert len({drug.trace_prefix for drug in drugs}) == len(drugs)
    assert all(re.fullmatch(r"8\d{6}", drug.trace_prefix) for drug in drugs)


def test_invented_codes_carry_a_maker_number_of_the_free_range() -> None:
    for drug in shipped():
        company = drugcode.read(drug.med_list_codg).company_code
        assert company.startswith("99") == (drug.code_status == "synthetic"), drug.med_list_codg


def test_one_maker_number_stands_for_one_maker() -> None:
    pairs = {
        (drugcode.read(drug.med_list_codg).company_code, drug.maker)
        for drug in shipped()
        if drug.code_status == "synthetic"
    }
    assert len(pairs) == len({number for number, _ in pairs}) == len({maker for _, maker in pairs})


def test_one_name_has_one_class_and_name_segment_per_dosage_form() -> None:
    heads: dict[tuple[str, str], set[str]] = {}
    for drug in shipped():
        code = drugcode.read(drug.med_list_codg)
        heads.setdefault((drug.reg_name, code.dosform_code), set()).add(code.class_code + code.name_code)
    assert all(len(found) == 1 for found in heads.values())


def test_invented_rows_are_complete_and_real_ones_claim_no_more_than_is_known() -> None:
    for drug in shipped():
        assert drug.reg_name
        assert drug.dosform
        assert drug.price
        told = (drug.spec, drug.pacspec, drug.maker)
        assert all(told) if drug.code_status == "synthetic" or drug.aprvno else not any(told)


def test_level_and_first_share_agree() -> None:
    for drug in shipped():
        allowed = {"01": {0}, "02": {500, 1_000, 2_000}, "03": {10_000}}[drug.chrgitm_lv]
        assert drug.selfpay_bp in allowed, drug.med_list_codg


def test_an_otc_drug_has_a_class_and_a_prescription_drug_has_none() -> None:
    for drug in shipped():
        assert (drug.otc_type in {"甲", "乙"}) == (drug.rx_flag == "0"), drug.med_list_codg


def test_the_code_decides_the_charge_type() -> None:
    for drug in shipped():
        assert drug.med_chrgitm_type == {"X": "09", "Z": "11"}[drug.med_list_codg[0]]
        assert drug.list_type == "101"


def test_there_are_packs_above_their_price_cap() -> None:
    capped = [drug for drug in shipped() if drug.pric_uplmt and Decimal(drug.price) > Decimal(drug.pric_uplmt)]
    assert len([drug for drug in capped if sold_online(drug)]) >= 4
    assert {drug.chrgitm_lv for drug in capped} >= {"01", "02"}


def test_every_level_is_sold_online() -> None:
    counts = Counter(drug.chrgitm_lv for drug in shipped() if sold_online(drug))
    assert min(counts["01"], counts["02"], counts["03"]) >= 20


def test_loose_units_show_which_way_a_half_cent_is_rounded() -> None:
    loose = {drug.price: drug for drug in shipped() if len(drug.price.partition(".")[2]) >= 4}
    assert len(loose) >= 5
    assert "0.3350" in loose
    three = 3 * Decimal("0.3350")
    assert three.quantize(CENT, ROUND_HALF_UP) != three.quantize(CENT, ROUND_HALF_EVEN)
    assert all(sold_online(drug) for drug in loose.values())


def test_some_names_are_sold_both_with_and_without_prescription() -> None:
    flags: dict[str, set[str]] = {}
    for drug in shipped():
        flags.setdefault(drug.reg_name, set()).add(drug.rx_flag)
    assert len([name for name, found in flags.items() if len(found) == 2]) >= 3


def test_cold_medicines_with_ephedrine_are_barred_online() -> None:
    barred = {drug.reg_name for drug in shipped() if drug.online_barred and drug.rx_flag == "0"}
    assert {"复方盐酸伪麻黄碱缓释胶囊", "酚麻美敏片", "美扑伪麻片", "布洛伪麻片"} <= barred
    assert all("伪麻" not in drug.reg_name for drug in shipped() if not drug.online_barred)


def test_the_worked_settlement_can_be_bought() -> None:
    found = {(drug.chrgitm_lv, drug.selfpay_bp, drug.price) for drug in shipped() if sold_online(drug)}
    assert {("01", 0, "19.80"), ("02", 1_000, "25.00"), ("03", 10_000, "15.00")} <= found


def test_some_drugs_are_restricted_by_sex_age_and_course() -> None:
    kinds = {restriction.kind for drug in shipped() for restriction in drug.restrictions}
    assert {"sex", "age_max", "course_days"} <= kinds


def test_the_goods_of_the_launch_are_there() -> None:
    names = {drug.reg_name for drug in shipped()}
    assert names >= {
        "感冒灵颗粒",
        "布洛芬缓释胶囊",
        "藿香正气水",
        "小柴胡颗粒",
        "抗病毒口服液",
        "强力枇杷露",
        "板蓝根颗粒",
        "连花清瘟胶囊",
        "维生素C片",
        "云南白药气雾剂",
        "蒙脱石散",
        "口服补液盐散(Ⅲ)",
        "阿莫西林胶囊",
        "沙库巴曲缬沙坦钠片",
    }
