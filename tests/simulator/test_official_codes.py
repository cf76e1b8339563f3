"""The real table of drug codes: every row is read or rejected with its reason, and a real code sells at the counter."""

import os
from pathlib import Path
from typing import Any

import pytest

from simulator import assembly
from simulator.domain.records import Drug
from simulator.worlds.importer import Import, read_catalogue
from tests.simulator.shop import Shop, a_platform

ROWS = 13_738


@pytest.fixture(scope="module")
def official() -> Import:
    folder = os.environ.get("OFFICIAL_DATA")
    if not folder:
        pytest.skip("not run: set OFFICIAL_DATA to the folder of official tables")
    return read_catalogue(Path(folder) / "nhsa_drug_codes_verified.csv")


def test_every_row_is_accepted_or_rejected_with_its_reason(official: Import) -> None:
    assert len(official.accepted) + len(official.rejected) == ROWS
    assert all(row.field and row.reason_zh and row.reason_en for row in official.rejected)
    assert len({drug.med_list_codg for drug in official.accepted}) == len(official.accepted)


def sold(shop: Shop, drug: Drug, name: str) -> dict[str, Any]:
    """One pack at 20.00 to a person, and the answer of 2102."""
    person = shop.person(name)
    info = {
        "psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"],
        "begntime": "2024-07-01 10:30:45", "medfee_sumamt": "20.00", "insutype": person["insutype"],
        "acct_used_flag": "1", "med_type": "41",
    }  # fmt: skip
    line = {
        "feedetl_sn": "1", "rx_circ_flag": "0", "fee_ocur_time": "2024-07-01 10:30:45", "cnt": "1", "pric": "20.00",
        "det_item_fee_sumamt": "20.00", "med_list_codg": drug.med_list_codg, "medins_list_codg": "SKU",
    }  # fmt: skip
    told = shop.institution("2102", {"druginfo": info, "drugdetail": [line]})
    assert told["infcode"] == 0, told
    output = told["output"]
    assert isinstance(output, dict)
    return output


def test_a_real_code_restricted_by_sex_settles_at_the_counter_and_its_restriction_is_respected(
    official: Import,
) -> None:
    drug = next(
        drug for drug in official.accepted if [rule.kind for rule in drug.restrictions] == ["sex"]
        and drug.restrictions[0].value == "2"
    )  # fmt: skip
    platform = a_platform()
    assembly.shelve(platform, "catalogue/official", official.accepted)
    shop = Shop(platform, courier="manual", catalogue="official")
    shop.act("/world", {"change": "drug", "med_list_codg": drug.med_list_codg, "chrgitm_lv": "01", "selfpay_bp": 0})
    shop.sign_in()
    woman, man = sold(shop, drug, "测试子"), sold(shop, drug, "测试甲")
    assert (woman["detlcutinfo"][0]["inscp_scp_amt"], woman["detlcutinfo"][0]["memo"]) == ("20.00", "")
    assert man["detlcutinfo"][0]["fulamt_ownpay_amt"] == "20.00"
    assert drug.restrictions[0].text in man["detlcutinfo"][0]["memo"]
    assert man["setlinfo"]["acct_pay"] == woman["setlinfo"]["acct_pay"] == "20.00"
