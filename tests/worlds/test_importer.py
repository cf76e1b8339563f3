"""Every row of a catalogue file is accepted, or refused with the column and the reason."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulator.domain.records import Drug, Restriction
from simulator.worlds.importer import CatalogueError, Import, read_catalogue, read_text
from simulator.worlds.layouts import TEXT_COLUMNS

CODE = "XA01ABD075A002010100483"
OTHER = "ZA04AAF0155010103164"
OFFICIAL = (
    "med_list_codg,reg_name,kind,class_code,name_code,dosform_code,spec_no,pack_no,company_code,rule_type,rule_value"
)
OFFICIAL_ROW = f"{CODE},地喹氯铵含片,西药,A01AB,D075,A002,01,01,00483,,"


def csv_of(header: str, *rows: str) -> Import:
    return read_text("\n".join((header, *rows)) + "\n")


def own_csv(**cells: str) -> Import:
    """A file in our own layout with one row, changed in the named cells."""
    row = {
        "med_list_codg": CODE,
        "reg_name": "地喹氯铵含片",
        "kind": "西药",
        "rx_flag": "0",
        "otc_type": "乙",
        "chrgitm_lv": "03",
        "selfpay_bp": "10000",
        "pric_uplmt": "",
        "price": "6.80",
        "online_barred": "0",
        "bas_medn_flag": "0",
        "code_status": "real",
        "trace_prefix": "8990001",
        "vali_flag": "1",
        "rule_type": "",
        "rule_value": "",
    } | cells
    return csv_of(",".join(row), ",".join(row.values()))


def line_1301(*, width: int = 97, **cells: str) -> str:
    """A line of the text file of 1301; cells are named as in ``TEXT_COLUMNS``, the rest is ``null``."""
    row = ["null"] * width
    full = {
        "med_list_codg": CODE,
        "reg_name": "地喹氯铵含片",
        "otc_flag_name": "乙类非处方药",
        "chrgitm_lv": "乙",
        "vali_flag": "1",
    } | cells
    for name, text in full.items():
        row[TEXT_COLUMNS[name][0] - 1] = text
    return "\t".join(row)


def only(found: Import) -> Drug:
    assert found.rejected == ()
    (drug,) = found.accepted
    return drug


def test_the_official_rule_list_is_read() -> None:
    drug = only(csv_of(OFFICIAL, OFFICIAL_ROW))
    assert (drug.med_list_codg, drug.reg_name, drug.code_status) == (CODE, "地喹氯铵含片", "real")
    assert (drug.med_chrgitm_type, drug.list_type) == ("09", "101")


def test_a_list_without_otc_flag_is_kept_out_of_otc_sales_unless_told_otherwise() -> None:
    text = f"{OFFICIAL}\n{OFFICIAL_ROW}\n"
    cautious, bold = read_text(text), read_text(text, rx_flag_if_unknown="0")
    assert (only(cautious).rx_flag, only(bold).rx_flag) == ("1", "0")
    assert [(note.line, note.field) for note in cautious.notes] == [(0, "rx_flag"), (0, "chrgitm_lv")]
    assert "处方药" in cautious.notes[0].note_zh
    assert "OTC" in bold.notes[0].note_en


def test_an_empty_flag_is_an_assumption_about_that_row() -> None:
    found = own_csv(rx_flag="", otc_type="", chrgitm_lv="")
    drug = only(found)
    assert (drug.rx_flag, drug.chrgitm_lv) == ("1", "03")
    assert [(note.line, note.code, note.field) for note in found.notes] == [
        (2, CODE, "rx_flag"),
        (2, CODE, "chrgitm_lv"),
    ]


def test_our_own_layout_is_read() -> None:
    drug = only(own_csv(pric_uplmt="5.125000", rule_type="限定性别对象", rule_value="女"))
    assert (drug.otc_type, drug.selfpay_bp, drug.price, drug.pric_uplmt) == ("乙", 10_000, "6.80", "5.125000")
    assert drug.restrictions == (Restriction(kind="sex", value="2", text="限定性别对象：女"),)


def test_headings_are_known_by_their_chinese_names_in_any_order() -> None:
    found = csv_of("备注,注册名称, 医疗目录编码 ,批准文号", f"x,地喹氯铵含片,{CODE},国药准字H20067255")
    drug = only(found)
    assert (drug.reg_name, drug.aprvno) == ("地喹氯铵含片", "国药准字H20067255")


def test_a_share_left_open_follows_the_level() -> None:
    shares = {level: only(own_csv(chrgitm_lv=level, selfpay_bp="")).selfpay_bp for level in ("甲", "02", "丙类")}
    assert shares == {"甲": 0, "02": 1_000, "丙类": 10_000}


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"med_list_codg": ""}, "med_list_codg", "missing"),
        ({"med_list_codg": "XA01ABD075A00201010048"}, "med_list_codg", "22 characters"),
        ({"med_list_codg": "XA01ABD0755002010100483"}, "med_list_codg", "dosform_code"),
        ({"med_list_codg": "NMLC999"}, "med_list_codg", "without a code"),
        ({"reg_name": ""}, "reg_name", "missing"),
        ({"reg_name": "null"}, "reg_name", "missing"),
        ({"reg_name": "药" * 201}, "reg_name", "longer"),
        ({"kind": "中成药"}, "kind", "not kind X"),
        ({"kind": "器械"}, "kind", "not kind X"),
        ({"rx_flag": "2"}, "rx_flag", "not 0/1"),
        ({"rx_flag": "1"}, "otc_type", "cannot be OTC"),
        ({"otc_type": "丙"}, "otc_type", "甲/乙"),
        ({"chrgitm_lv": "04"}, "chrgitm_lv", "unknown class"),
        ({"selfpay_bp": "10001"}, "selfpay_bp", "0 to 10000"),
        ({"selfpay_bp": "-1"}, "selfpay_bp", "0 to 10000"),
        ({"selfpay_bp": "１０"}, "selfpay_bp", "0 to 10000"),
        ({"price": "6,80".replace(",", "x")}, "price", "no price"),
        ({"price": "0.00"}, "price", "above zero"),
        ({"price": "-1"}, "price", "no price"),
        ({"price": "1.2345678"}, "price", "6 decimals"),
        ({"pric_uplmt": "1e3"}, "pric_uplmt", "no price"),
        ({"online_barred": "是"}, "online_barred", "not 0/1"),
        ({"bas_medn_flag": "Y"}, "bas_medn_flag", "not 0/1"),
        ({"vali_flag": "3"}, "vali_flag", "not 0/1"),
        ({"code_status": "maybe"}, "code_status", "not one of"),
        ({"trace_prefix": "7990001"}, "trace_prefix", "8 and 6 digits"),
        ({"trace_prefix": "899000"}, "trace_prefix", "8 and 6 digits"),
    ],
)
def test_a_bad_row_is_refused_with_its_column_and_reason(cells: dict[str, str], field: str, said: str) -> None:
    found = own_csv(**cells)
    assert found.accepted == ()
    (rejected,) = found.rejected
    assert (rejected.line, rejected.field) == (2, field)
    assert said in rejected.reason_en
    assert rejected.reason_zh


def test_columns_that_contradict_the_code_are_refused() -> None:
    found = csv_of(OFFICIAL, OFFICIAL_ROW.replace(",00483,", ",00484,"))
    (rejected,) = found.rejected
    assert rejected.field == "company_code"
    assert "00484" in rejected.reason_zh


def test_a_repeated_code_is_refused_and_names_the_first_line() -> None:
    found = csv_of(OFFICIAL, OFFICIAL_ROW, OFFICIAL_ROW)
    assert len(found.accepted) == 1
    (rejected,) = found.rejected
    assert (rejected.line, rejected.field, rejected.code) == (3, "med_list_codg", CODE)
    assert "line 2" in rejected.reason_en
    assert "第 2 行" in rejected.reason_zh


def test_a_trace_prefix_names_one_pack_only_and_a_refused_row_claims_nothing() -> None:
    head = "med_list_codg,reg_name,trace_prefix"
    found = csv_of(head, f"{CODE},甲药,8990001", f"{OTHER},乙药,8990001", f"{OTHER},乙药,8990002")
    assert [drug.trace_prefix for drug in found.accepted] == ["8990001", "8990002"]
    assert [(row.line, row.field) for row in found.rejected] == [(3, "trace_prefix")]


def test_a_row_with_another_number_of_columns_is_refused_and_the_next_one_read() -> None:
    found = csv_of(OFFICIAL, f"{OTHER},双黄连", OFFICIAL_ROW)
    assert [drug.med_list_codg for drug in found.accepted] == [CODE]
    (rejected,) = found.rejected
    assert (rejected.line, rejected.code) == (2, OTHER)
    assert "11 columns expected, 2 found" in rejected.reason_en


def test_blank_lines_are_no_rows() -> None:
    found = csv_of(OFFICIAL, "", OFFICIAL_ROW, ",,,,,,,,,,", "")
    assert (len(found.accepted), len(found.rejected)) == (1, 0)


def test_a_cell_may_hold_a_line_break_and_the_line_counted_is_the_last() -> None:
    found = csv_of("med_list_codg,reg_name,备注", f'{CODE},甲药,"一\n二"', f"{CODE},甲药,")
    assert found.rejected[0].line == 4


def test_a_rule_nobody_knows_is_kept_met_nowhere_and_noted() -> None:
    found = own_csv(rule_type="限定职业", rule_value="教师")
    (restriction,) = only(found).restrictions
    assert (restriction.kind, restriction.value, restriction.text) == ("other", "教师", "限定职业：教师")
    (note,) = found.notes
    assert (note.line, note.field) == (2, "rule_type")
    assert "限定职业：教师" in note.note_zh


def test_the_text_file_of_1301_is_read() -> None:
    line = line_1301(
        dosform="含片",
        spec="0.25mg",
        pacspec="24片/盒",
        maker="汕头明治",
        aprvno="国药准字H20067255",
        bas_medn_flag="1",
    )
    drug = only(read_text(line + "\r\n"))
    assert drug == Drug(
        med_list_codg=CODE,
        reg_name="地喹氯铵含片",
        dosform="含片",
        spec="0.25mg",
        pacspec="24片/盒",
        maker="汕头明治",
        aprvno="国药准字H20067255",
        otc_type="乙",
        chrgitm_lv="02",
        selfpay_bp=1_000,
        bas_medn_flag="1",
        code_status="real",
    )


def test_the_first_line_of_1301_is_a_row_already() -> None:
    found = read_text("\n".join((line_1301(), line_1301(med_list_codg=OTHER, reg_name="双黄连口服液"))))
    assert [drug.med_list_codg for drug in found.accepted] == [CODE, OTHER]


def test_1301_falls_back_to_the_generic_name() -> None:
    cells = line_1301(reg_name="null").split("\t")
    cells[3] = "地喹氯铵"
    assert only(read_text("\t".join(cells))).reg_name == "地喹氯铵"


def test_the_older_edition_with_92_columns_is_read() -> None:
    assert only(read_text(line_1301(width=92))).chrgitm_lv == "02"


@pytest.mark.parametrize(
    ("cells", "rx_flag", "otc_type"),
    [
        ({"otc_flag_name": "甲类非处方药"}, "0", "甲"),
        ({"otc_flag_name": "非处方药"}, "0", ""),
        ({"otc_flag_name": "OTC乙"}, "0", "乙"),
        ({"otc_flag_name": "处方药"}, "1", ""),
        ({"otc_flag_name": "双跨"}, "1", ""),
        ({"otc_flag_name": "null", "otc_flag": "1"}, "0", "甲"),
        ({"otc_flag_name": "null", "otc_flag": "2"}, "0", "乙"),
        ({"otc_flag_name": "null", "otc_flag": "0"}, "1", ""),
        ({"otc_flag_name": "null", "otc_flag": "null"}, "1", ""),
    ],
)
def test_the_otc_flag_of_1301_is_read_by_its_name_first(cells: dict[str, str], rx_flag: str, otc_type: str) -> None:
    drug = only(read_text(line_1301(**cells)))
    assert (drug.rx_flag, drug.otc_type) == (rx_flag, otc_type)


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        (line_1301(width=96), "", "97 columns expected, 96 found"),
        (line_1301() + "\tx", "", "98 found"),
        (line_1301(med_list_codg="null"), "med_list_codg", "missing"),
        (line_1301(reg_name="null"), "reg_name", "missing"),
        (line_1301(otc_flag_name="也许"), "otc_flag_name", "unknown OTC label"),
        (line_1301(otc_flag_name="null", otc_flag="9"), "otc_flag", "unknown OTC flag"),
        (line_1301(chrgitm_lv="丁"), "chrgitm_lv", "unknown class"),
        (line_1301(vali_flag="有效"), "vali_flag", "not 0/1"),
    ],
)
def test_a_bad_line_of_1301_is_refused(line: str, field: str, said: str) -> None:
    found = read_text("\n".join((line, line_1301(med_list_codg=OTHER, reg_name="双黄连口服液"))))
    (rejected,) = found.rejected
    assert (rejected.line, rejected.field) == (1, field)
    assert said in rejected.reason_en
    assert len(found.accepted) == 1


def test_a_withdrawn_drug_of_1301_is_read_as_withdrawn() -> None:
    assert only(read_text(line_1301(vali_flag="0"))).vali_flag == "0"


@pytest.mark.parametrize(
    ("scope", "kind", "value", "noted"),
    [
        ("限儿童。", "age_max", "14", False),
        ("限女性", "sex", "2", False),
        ("限二级及以上医疗机构使用", "hospital_level", "2", False),
        ("限有明确药敏证据者", "other", "限有明确药敏证据者", True),
        ("null", "other", "", True),
    ],
)
def test_the_restricted_use_of_1301_is_understood_or_noted(scope: str, kind: str, value: str, noted: bool) -> None:
    found = read_text(line_1301(lmt_used_flag="1", lmt_used_scope=scope))
    (restriction,) = only(found).restrictions
    assert (restriction.kind, restriction.value) == (kind, value)
    assert bool(found.notes) == noted


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def test_a_zip_with_the_file_inside_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "1301.zip"
    path.write_bytes(zipped(catalogue=line_1301().encode()))
    assert len(read_catalogue(path).accepted) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_heading(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(f"{OFFICIAL}\r\n{OFFICIAL_ROW}\r\n".encode("utf-8-sig"))
    assert len(read_catalogue(str(path)).accepted) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(), "exactly one file"),
        (zipped(a=b"x", b=b"y"), "a, b"),
        (b"PK\x03\x04 no archive", "cannot be opened"),
        (zipped(a=b"x" * 1_000)[:-40], "cannot be opened"),
        ("医疗目录编码,注册名称\n".encode("gb18030"), "UTF-8"),
        (b"", "no column"),
        (b"code,price\n1,2\n", "no column"),
        (f"{OFFICIAL}\n".encode() + b'"' + b"x" * 200_000 + b'"\n', "line"),
    ],
)
def test_a_file_that_is_no_catalogue_raises(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=said):
        read_catalogue(path)


@given(some.lists(some.text(some.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12), max_size=8))
def test_whatever_stands_in_the_rows_each_is_accepted_or_refused(rows: list[str]) -> None:
    text = "\n".join((line_1301(), *rows))
    found = read_text(text)
    given_rows = [row for row in text.split("\n") if row.strip() and row.strip().lower() != "null"]
    assert len(found.accepted) + len(found.rejected) == len(given_rows)
