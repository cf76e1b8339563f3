"""The catalogue by file and by page, mappings and their approval, and what they do to a settlement."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator.domain.records import Drug
from simulator.worlds.catalogue import shipped
from simulator.worlds.importer import Import, read_catalogue
from tests.simulator.goods_shop import OWN_ID, mapping, must, page, settled, truth, withdrawal
from tests.simulator.shop import STOMACH_POWDER, Json, Shop, a_platform

EMPTY = (
    "1303", "1305", "1306", "1306A", "1307", "1308", "1309", "1310", "1311", "1313", "1314", "1315", "1320", "1321",
)  # fmt: skip
PAGED = ("1304", "1312", "1316", "1317", "1318", "1319")
FOREIGN = {"fixmedins_code": "P99999999999"}


@pytest.fixture
def shop() -> Shop:
    return opened()


def opened(**switches: str) -> Shop:
    made = Shop(a_platform(), courier="manual", switches=switches)
    made.sign_in()
    return made


def refused(shop: Shop, infno: str, data: Json, rule: str, field: str, **frame: Any) -> None:
    before = truth(shop)
    told = shop.institution(infno, data, **frame)
    last = shop.journal()[-1]["refusal"]
    assert (told["infcode"], told["output"]) == (-1, None)
    assert (last["rule"], last["field"]) == (rule, field) and field in told["err_msg"] and truth(shop) == before


def fetched(shop: Shop, infno: str, folder: Path, ver: str = "v0000") -> tuple[int, Import | None]:
    """What the answer counts, and what an importer reads out of the file; None for a file without rows."""
    told = must(shop, infno, {"data": {"ver": ver}})
    asked = {"file_qury_no": told["file_qury_no"], "filename": told["filename"], "fixmedins_code": "plc"}
    raw = shop.institution_reply("9102", {"fsDownloadIn": asked}).body
    path = folder / told["filename"]
    path.write_bytes(raw)
    count = int(told["data_cnt"])
    return count, read_catalogue(path) if count else None


def carried(drug: Drug) -> Drug:
    """A drug as far as the 97 columns go; shares, caps, prices and trace prefixes have no column there."""
    plain = Drug(med_list_codg="", reg_name="")
    kept = {
        name: getattr(plain, name)
        for name in ("pric_uplmt", "price", "online_barred", "trace_prefix", "code_status", "selfpay_bp")
    }
    return replace(drug, **kept)


def test_the_file_of_1301_gives_an_importer_the_same_drugs(shop: Shop, tmp_path: Path) -> None:
    count, found = fetched(shop, "1301", tmp_path)
    assert found is not None and found.rejected == () and count == len(shipped())
    by_code = {drug.med_list_codg: drug for drug in found.accepted}
    for drug in shipped():
        assert carried(by_code[drug.med_list_codg]) == carried(drug)


def test_a_version_held_is_answered_with_what_changed_since(shop: Shop, tmp_path: Path) -> None:
    shop.act("/world", {"change": "drug", "med_list_codg": STOMACH_POWDER, "vali_flag": "0"})
    count, found = fetched(shop, "1301", tmp_path, "v0001")
    assert found is not None and count == 1
    (drug,) = found.accepted
    assert (drug.med_list_codg, drug.vali_flag) == (STOMACH_POWDER, "0")
    assert fetched(shop, "1301", tmp_path, "v0002") == (0, None)
    assert fetched(shop, "1301", tmp_path, "99") == (0, None)
    assert fetched(shop, "1301", tmp_path, "0")[0] == len(shipped())


def test_asking_again_names_the_same_file(shop: Shop) -> None:
    first, again = (must(shop, "1301", {"data": {"ver": ver}}) for ver in ("v0000", "0"))
    assert first == again
    shop.act("/clock", {"advance_ms": 7 * 86_400_000})
    shop.sign_in()
    assert must(shop, "1301", {"data": {"ver": "0"}})["file_qury_no"] != first["file_qury_no"]


@pytest.mark.parametrize("infno", ["1302", *EMPTY])
def test_a_list_the_platform_does_not_hold_is_an_empty_file(shop: Shop, infno: str, tmp_path: Path) -> None:
    assert fetched(shop, infno, tmp_path) == (0, None)


def test_herbal_pieces_of_a_catalogue_come_with_1302_and_ethnic_drugs_with_1304(shop: Shop) -> None:
    for kind in ("102", "104"):
        shop.act("/world", {"change": "drug", "med_list_codg": STOMACH_POWDER, "list_type": kind})
        infno = {"102": "1302", "104": "1304"}[kind]
        if infno == "1302":
            assert must(shop, infno, {"data": {"ver": "0"}})["data_cnt"] == "1"
        else:
            (row,) = must(shop, infno, page())["data"]
            assert row["med_list_codg"] == STOMACH_POWDER
    assert must(shop, "1301", {"data": {"ver": "0"}})["data_cnt"] == str(len(shipped()) - 1)


@pytest.mark.parametrize("infno", ["1301", "1302", *EMPTY])
@pytest.mark.parametrize(
    ("ver", "rule"),
    [
        pytest.param(None, "schema_miss", id="a missing field"),
        pytest.param("v" * 21, "schema_miss", id="an over-long value"),
        pytest.param(7, "schema_miss", id="a wrong type"),
        pytest.param("newest", "version_unknown", id="no version"),
    ],
)
def test_a_wrong_version_is_refused(shop: Shop, infno: str, ver: object, rule: str) -> None:
    refused(shop, infno, {"data": {} if ver is None else {"ver": ver}}, rule, "ver")


def test_a_download_is_for_institutions_of_this_channel(shop: Shop) -> None:
    refused(shop, "1301", {"data": {"ver": "0"}}, "foreign_institution", "fixmedins_code", **FOREIGN)


@pytest.mark.parametrize("infno", PAGED)
@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        pytest.param({"updt_time": ""}, "schema_miss", "updt_time", id="a missing field"),
        pytest.param({"page_num": "12345"}, "schema_miss", "page_num", id="an over-long value"),
        pytest.param({"vali_flag": "7"}, "schema_miss", "vali_flag", id="a wrong code"),
        pytest.param({"page_size": True}, "schema_miss", "page_size", id="a wrong type"),
        pytest.param({"page_num": 0}, "page_size", "page_num", id="a page before the first"),
        pytest.param({"page_size": 101}, "page_size", "page_size", id="a page too long"),
    ],
)
def test_a_wrong_page_is_refused(shop: Shop, infno: str, fields: Json, rule: str, field: str) -> None:
    refused(shop, infno, page(**fields), rule, field)


@pytest.mark.parametrize("infno", PAGED)
def test_a_page_is_for_institutions_of_this_channel(shop: Shop, infno: str) -> None:
    refused(shop, infno, page(), "foreign_institution", "fixmedins_code", **FOREIGN)


def test_pages_add_up_to_the_catalogue(shop: Shop) -> None:
    for infno in ("1316", "1319"):
        told = [must(shop, infno, page(page_num=number)) for number in range(1, 5)]
        rows = [row for one in told for row in one["data"]]
        assert len(rows) == told[0]["recordCounts"] == len(shipped()) and told[0]["pages"] == 4
    (match,) = must(shop, "1316", page(med_list_codg=STOMACH_POWDER))["data"]
    assert (match["hilist_code"], match["list_type"]) == (STOMACH_POWDER, "101")
    assert must(shop, "1316", page(list_type="102"))["data"] == []


def test_1319_shows_the_shares_a_split_uses(shop: Shop) -> None:
    (row,) = must(shop, "1319", page(hilist_code=STOMACH_POWDER, selfpay_prop_psn_type="310"))["data"]
    paid = settled(shop)
    assert (row["selfpay_prop"], row["selfpay_prop_psn_type"], paid["preselfpay_amt"]) == ("0.0000", "310", "0.00")
    dear = next(drug for drug in shipped() if drug.chrgitm_lv == "03")
    (row,) = must(shop, "1319", page(hilist_code=dear.med_list_codg))["data"]
    assert row["selfpay_prop"] == "1.0000"
    assert must(shop, "1319", page(selfpay_prop_psn_type="777"))["data"] == []


def upload(shop: Shop, **fields: Any) -> None:
    must(shop, "3301", {"data": [mapping(**fields)]})


def shown(shop: Shop, **fields: Any) -> list[Json]:
    return list(must(shop, "1317", page(**fields))["data"])


def test_a_mapping_is_kept_shown_and_withdrawn(shop: Shop) -> None:
    upload(shop, spec="10g", memo="店内")
    (row,) = shown(shop)
    assert (row["medins_list_codg"], row["med_list_codg"], row["spec"], row["vali_flag"]) == (
        OWN_ID, STOMACH_POWDER, "10g", "1",
    )  # fmt: skip
    assert shown(shop, medins_list_name="胃") == [row] and shown(shop, medins_list_codg="OTHER") == []
    must(shop, "3302", withdrawal(shop))
    assert [row["vali_flag"] for row in shown(shop)] == ["0"] and shown(shop, vali_flag="1") == []
    upload(shop, med_list_codg=shipped()[0].med_list_codg)
    assert [row["vali_flag"] for row in shown(shop)] == ["1"]


def test_an_equal_mapping_changes_nothing_and_another_needs_3302_first(shop: Shop) -> None:
    upload(shop)
    upload(shop)
    assert len(shown(shop)) == 1
    told = {"data": [mapping(med_list_codg=shipped()[0].med_list_codg)]}
    refused(shop, "3301", told, "mapping_exists", "fixmedins_hilist_id")


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        pytest.param({"begndate": ""}, "schema_miss", "begndate", id="a missing field"),
        pytest.param({"fixmedins_hilist_id": "S" * 31}, "schema_miss", "fixmedins_hilist_id", id="an over-long value"),
        pytest.param({"med_list_codg": 7}, "schema_miss", "med_list_codg", id="a wrong type"),
        pytest.param({"med_list_codg": "NO-SUCH"}, "unknown_drug", "med_list_codg", id="an unknown drug"),
        pytest.param({"enddate": "2023-12-31"}, "dates_reversed", "enddate", id="an end before the begin"),
    ],
)
def test_a_wrong_mapping_refuses_all_rows(shop: Shop, fields: Json, rule: str, field: str) -> None:
    refused(shop, "3301", {"data": [mapping(fixmedins_hilist_id="SKU0"), mapping(**fields)]}, rule, field)


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        pytest.param({"list_type": ""}, "schema_miss", "list_type", id="a missing field"),
        pytest.param({"med_list_codg": "X" * 31}, "schema_miss", "med_list_codg", id="an over-long value"),
        pytest.param({"fixmedins_hilist_id": 7}, "schema_miss", "fixmedins_hilist_id", id="a wrong type"),
        pytest.param({"fixmedins_hilist_id": "NONE"}, "mapping_unknown", "fixmedins_hilist_id", id="an unknown one"),
        pytest.param({"list_type": "102"}, "mapping_unknown", "fixmedins_hilist_id", id="another kind"),
        pytest.param({"fixmedins_code": "P11010890002"}, "foreign_institution", "fixmedins_code", id="another's"),
    ],
)
def test_only_a_standing_mapping_of_ones_own_is_withdrawn(shop: Shop, fields: Json, rule: str, field: str) -> None:
    upload(shop)
    refused(shop, "3302", withdrawal(shop, **fields), rule, field)


def test_another_institutions_mappings_are_not_shown(shop: Shop) -> None:
    refused(shop, "1317", page(fixmedins_code="P11010890002"), "foreign_institution", "fixmedins_code")


def approve(shop: Shop, approved: bool = True) -> None:
    change = {"change": "mapping", "fixmedins_code": shop.org, "fixmedins_hilist_id": OWN_ID, "approved": approved}
    shop.act("/world", change)


def test_a_mapping_waits_for_approval_where_the_switch_says_so() -> None:
    shop = opened(mapping="pending")
    upload(shop)
    assert [row["vali_flag"] for row in shown(shop)] == ["0"]
    assert settled(shop)["fulamt_ownpay_amt"] == "0.00"
    approve(shop)
    assert [row["vali_flag"] for row in shown(shop)] == ["1"]
    upload(shop)
    assert [row["vali_flag"] for row in shown(shop)] == ["1"]


def test_a_line_without_an_approved_mapping_is_self_paid_where_one_is_required() -> None:
    shop = opened(mapping="required")
    assert settled(shop)["fulamt_ownpay_amt"] == "39.60"
    upload(shop)
    assert settled(shop)["fulamt_ownpay_amt"] == "39.60"
    approve(shop)
    assert settled(shop)["inscp_scp_amt"] == "39.60"
    approve(shop, approved=False)
    assert settled(shop)["fulamt_ownpay_amt"] == "39.60"
    approve(shop)
    must(shop, "3302", withdrawal(shop))
    assert settled(shop)["fulamt_ownpay_amt"] == "39.60"


def test_a_mapping_serves_within_its_dates() -> None:
    shop = opened(mapping="required")
    upload(shop, begndate="2024-07-02", enddate="2024-07-02")
    approve(shop)
    found = []
    for _ in range(3):
        found.append(settled(shop)["inscp_scp_amt"])
        shop.act("/clock", {"advance_ms": 86_400_000})
        shop.sign_in()
    assert found == ["0.00", "39.60", "0.00"]


def test_an_order_is_split_by_its_mapping_too() -> None:
    shop = opened(mapping="required")
    shop.placed()
    upload(shop)
    approve(shop)
    shop.placed()
    splits = [order["split"] for order in shop.act("/orders", method="GET")["orders"]]
    assert [split["lines"][0]["fulamt_ownpay_fen"] for split in splits] == [3_960, 0]
