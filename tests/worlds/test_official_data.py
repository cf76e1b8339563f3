"""The published code lists, where they are at hand."""

import csv
import os
from pathlib import Path

import pytest

from simulator.domain import drugcode
from simulator.worlds.catalogue import shipped
from simulator.worlds.importer import read_catalogue

RULE_LIST = "nhsa_drug_codes_verified.csv"
PACK_LIST = "drug_catalogue.csv"


def official(name: str) -> Path:
    """A file of the published lists, or the reason why the test cannot run."""
    folder = os.environ.get("OFFICIAL_DATA")
    if not folder:
        pytest.skip("not run: set OFFICIAL_DATA to the folder of the published code lists")
    path = Path(folder) / name
    if not path.is_file():
        pytest.skip(f"not run: {name} is not in OFFICIAL_DATA")
    return path


def rows(name: str) -> list[dict[str, str]]:
    with official(name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_real_code_of_ours_belongs_to_its_name() -> None:
    known = {row["med_list_codg"]: row["reg_name"] for row in rows(RULE_LIST)}
    known |= {row["med_list_codg"]: row["reg_name"] for row in rows(PACK_LIST) if row["code_status"] == "VERIFIED"}
    real = {drug.med_list_codg: drug.reg_name for drug in shipped() if drug.code_status == "real"}
    assert len(real) >= 20
    assert {code: known.get(code) for code in real} == real


def test_no_invented_code_of_ours_is_a_real_one() -> None:
    real = {row["med_list_codg"] for row in rows(RULE_LIST)}
    assert not real & {drug.med_list_codg for drug in shipped() if drug.code_status == "synthetic"}


def test_the_whole_rule_list_is_accepted_and_every_restriction_understood() -> None:
    found = read_catalogue(official(RULE_LIST))
    assert len(found.accepted) == len(rows(RULE_LIST))
    assert found.rejected == ()
    assert {note.line for note in found.notes} == {0}
    assert all(drug.restrictions for drug in found.accepted)


def test_restrictions_of_ours_are_those_of_the_rule_list() -> None:
    listed = {drug.med_list_codg: drug.restrictions for drug in read_catalogue(official(RULE_LIST)).accepted}
    ours = {drug.med_list_codg: drug.restrictions for drug in shipped() if drug.restrictions}
    assert ours
    assert {code: listed[code] for code in ours} == ours


def test_the_pack_list_is_accepted_but_for_goods_without_a_code() -> None:
    found = read_catalogue(official(PACK_LIST))
    without = [row for row in rows(PACK_LIST) if not row["med_list_codg"]]
    assert {row.reason_en for row in found.rejected} == {"the code is missing"}
    assert (len(found.accepted), len(found.rejected)) == (len(rows(PACK_LIST)) - len(without), len(without))


def test_every_service_code_has_the_published_structure() -> None:
    for row in rows("service_item_codes.csv"):
        assert drugcode.read(row["item_code"]).kind is drugcode.Kind.SERVICE
