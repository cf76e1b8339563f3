"""What the outpatient chain refuses: steps out of order, what the contract forbids, what contradicts the books."""

from typing import Any

import pytest

from simulator.domain.consent import decode, person_by, show_code
from tests.simulator.chain import POWDER, Chain, must, opened, refused, truth
from tests.simulator.identities import PARTS, amount
from tests.simulator.shop import Shop
from tests.simulator.test_bad_input import sale

Json = dict[str, Any]


@pytest.fixture
def shop() -> Shop:
    return opened()


# ------------------------------------------------------------------------------------------------ order of steps


def test_lines_come_after_the_visits_information(shop: Shop) -> None:
    chain = Chain(shop, shop.person())
    chain.mdtrt_id = must(shop.institution("2201", chain.registration()))["data"]["mdtrt_id"]
    refused(shop, shop.institution("2204", chain.fees(POWDER)), "visit_incomplete", "mdtrt_id")


def test_a_batch_is_uploaded_once_and_settled_once(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    refused(shop, shop.institution("2206", chain.settling()), "unknown_batch", "chrg_bchno")
    chain.upload()
    refused(shop, shop.institution("2204", chain.fees(POWDER)), "batch_exists", "chrg_bchno")
    refused(shop, shop.institution("2204", chain.fees(POWDER, batch="0000")), "batch_reserved", "chrg_bchno")
    refused(
        shop, shop.institution("2204", chain.fees(POWDER, batch="B2", feedetl_sn="1")), "duplicate_line", "feedetl_sn"
    )
    chain.settle()
    refused(shop, shop.institution("2206", chain.settling()), "batch_settled", "chrg_bchno")
    refused(shop, shop.institution("2203A", chain.completion()), "visit_settled", "mdtrt_id")


def test_unsettled_lines_are_withdrawn_one_batch_or_all(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    for batch in ("B1", "B2", "B3"):
        chain.upload(batch=batch)
    chain.settle("B3")

    def withdrawal(batch: str) -> Json:
        named = {"mdtrt_id": chain.mdtrt_id, "chrg_bchno": batch, "psn_no": chain.person["psn_no"]}
        return shop.institution("2205", {"data": named})

    must(withdrawal("B1"))
    refused(shop, withdrawal("B1"), "unknown_batch", "chrg_bchno")
    refused(shop, withdrawal("B3"), "batch_settled", "chrg_bchno")
    must(withdrawal("0000"))
    must(withdrawal("0000"))
    refused(shop, shop.institution("2206", chain.settling("B2")), "unknown_batch", "chrg_bchno")


def test_several_batches_may_come_in_one_upload(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    rows = [*chain.fees(POWDER)["feedetail"], *chain.fees((POWDER[0], "1", "500.01"), batch="B2")["feedetail"]]
    assert len(must(shop.institution("2204", {"feedetail": rows}))["result"]) == 2
    chain.total_fen = 50_001
    assert amount(chain.settle("B2")["setlinfo"], "medfee_sumamt") == 50_001


def test_each_settlement_has_its_own_cancellation(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    chain.upload()
    settled = chain.settle()["setlinfo"]
    named = {"setl_id": settled["setl_id"], "mdtrt_id": chain.mdtrt_id, "psn_no": chain.person["psn_no"]}
    refused(shop, shop.institution("2103", {"data": named}), "wrong_cancel", "setl_id")
    counter = must(shop.institution("2102", sale(shop)))["setlinfo"]
    named |= {"setl_id": counter["setl_id"], "mdtrt_id": counter["mdtrt_id"]}
    refused(shop, shop.institution("2208", {"data": named}), "wrong_cancel", "setl_id")


def test_an_e_voucher_is_read_at_registration_and_spent_by_the_settlement(shop: Shop) -> None:
    chain = Chain(shop, shop.person()).begin()
    chain.upload()
    room = shop.platform.store.room("main")
    assert room is not None
    unit = shop.platform.unit(room)
    buyer = person_by(unit, chain.person["psn_no"])
    token = decode(unit, show_code(unit, buyer).qr, shop.org, "01301")[1].ec_token
    shown = {"mdtrt_cert_type": "01", "mdtrt_cert_no": token}
    must(shop.institution("2201", chain.registration(**shown)))
    parts = {name: chain.presettle(**shown)["setlinfo"][name] for name in PARTS}
    must(shop.institution("2207", chain.settling(**shown, **parts)))
    refused(shop, shop.institution("2201", chain.registration(**shown)), "token_spent", "mdtrt_cert_no")


def test_trace_codes_come_with_the_settlement_where_they_are_due() -> None:
    shop = opened(start="2025-08-01 10:00:00", trace_duty="dates")
    chain = Chain(shop, shop.person()).begin()
    chain.upload([(POWDER[0], "2", "19.80")])
    told = chain.presettle()["setlinfo"]
    body = chain.settling(**{name: told[name] for name in PARTS})
    refused(shop, shop.institution("2207", body), "trace_missing", "drug_trac_codg")
    codes = [{"feedetl_sn": "1", "drug_trac_codg": f"8100000000000000000{n}", "trdn_flag": "0"} for n in (1, 2)]
    must(shop.institution("2207", {**body, "drug_trac_info": codes}))


# ------------------------------------------------------------------------------------------------ bad input


def prepared(shop: Shop) -> tuple[Chain, dict[str, Json]]:
    """A visit with an uploaded and a settled batch, and a right message of every interface of the chain."""
    chain = Chain(shop, shop.person()).begin()
    chain.upload(batch="B0")
    settled = chain.settle("B0")["setlinfo"]
    chain.upload()
    parts = {name: chain.presettle()["setlinfo"][name] for name in PARTS}
    named = {"mdtrt_id": chain.mdtrt_id, "psn_no": chain.person["psn_no"]}
    fresh = Chain(shop, chain.person).begin()
    return chain, {
        "2201": chain.registration(), "2203A": fresh.completion(), "2204": chain.fees(POWDER, batch="B2"),
        "2205": {"data": {**named, "chrg_bchno": "B1"}}, "2206": chain.settling(), "2207": chain.settling(**parts),
        "2208": {"data": {**named, "setl_id": settled["setl_id"]}},
    }  # fmt: skip


def spoilt(body: Json, field: str, value: object) -> Json:
    """The message with one field changed wherever its first node has it; None takes it away."""
    copy = {name: [dict(row) for row in node] if isinstance(node, list) else dict(node) for name, node in body.items()}
    for node in copy.values():
        for row in node if isinstance(node, list) else [node]:
            if field in row:
                row[field] = value
                if value is None:
                    del row[field]
                return copy
    raise KeyError(field)


LONG = {"2201": "ipt_otp_no", "2203A": "main_cond_dscr", "2204": "chrg_bchno", "2205": "chrg_bchno",
        "2206": "chrg_bchno", "2207": "chrg_bchno", "2208": "setl_id"}  # fmt: skip
MISSING = {"2201": "dept_code", "2203A": "med_type", "2204": "cnt", "2205": "chrg_bchno", "2206": "med_type",
           "2207": "inscp_scp_amt", "2208": "setl_id"}  # fmt: skip
CODES = {"2201": "mdtrt_cert_type", "2203A": "vali_flag", "2204": "rx_circ_flag", "2206": "acct_used_flag",
         "2207": "mdtrt_cert_type"}  # fmt: skip
TYPES = {"2201": "psn_name", "2203A": "begntime", "2204": "pric", "2205": "mdtrt_id", "2206": "medfee_sumamt",
         "2207": "medfee_sumamt", "2208": "psn_no"}  # fmt: skip
CHAIN = tuple(LONG)
STRANGER = "99000000000000009999"


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        *((code, field, None) for code, field in MISSING.items()),
        *((code, field, "9" * 4001) for code, field in LONG.items()),
        *((code, field, "77") for code, field in CODES.items()),
        *((code, field, ["no"]) for code, field in TYPES.items()),
    ],
)
def test_a_message_against_the_contract_is_refused_and_names_the_field(
    shop: Shop, code: str, field: str, value: object
) -> None:
    _, good = prepared(shop)
    before = truth(shop)
    refused(shop, shop.institution(code, spoilt(good[code], field, value)), "schema_miss", field)
    assert truth(shop) == before


@pytest.mark.parametrize("code", CHAIN)
def test_a_foreign_institution_and_an_unknown_person_get_nowhere(shop: Shop, code: str) -> None:
    _, good = prepared(shop)
    before = truth(shop)
    other = shop.told["orgCodgs"][1]
    answer = shop.institution(code, good[code], fixmedins_code="P99999999999")
    refused(shop, answer, "foreign_institution", "fixmedins_code")
    answer = shop.institution(code, spoilt(good[code], "psn_no", STRANGER))
    nobody = ("unknown_person", "psn_no")
    nothing = ("unknown_settlement", "setl_id") if code == "2208" else ("unknown_visit", "mdtrt_id")
    refused(shop, answer, *(nobody if code in ("2201", "2206", "2207") else nothing))
    shop.org, own = other, shop.org
    shop.sign_in()
    if code != "2201":
        refused(shop, shop.institution(code, good[code]), *nothing)
    shop.org = own
    assert truth(shop) == before


@pytest.mark.parametrize(
    ("code", "field", "value", "rule"),
    [
        ("2201", "certno", "990000198503120036", "identity_mismatch"),
        ("2201", "mdtrt_cert_no", "0", "certificate_mismatch"),
        ("2201", "insutype", "390", "insutype_wrong"),
        ("2203A", "rxIn", "AAAA", "rx_file"),
        ("2204", "det_item_fee_sumamt", "39.61", "line_amount"),
        ("2204", "med_list_codg", "XX", "unknown_drug"),
        ("2204", "cnt", "0", "not_positive"),
        ("2206", "medfee_sumamt", "39.61", "total_mismatch"),
        ("2206", "med_type", "14", "visit_mismatch"),
        ("2207", "preselfpay_amt", "0.01", "split_differs"),
        ("2207", "inscp_scp_amt", "39.59", "split_differs"),
    ],
)
def test_what_contradicts_the_register_the_visit_or_arithmetic_is_refused(
    shop: Shop, code: str, field: str, value: str, rule: str
) -> None:
    _, good = prepared(shop)
    if code == "2203A":
        good[code]["mdtrtinfo"]["rxIn"] = ""
    before = truth(shop)
    refused(shop, shop.institution(code, spoilt(good[code], field, value)), rule, field)
    assert truth(shop) == before


@pytest.mark.parametrize("content", ["JVBERi0xLjQ=", list(b"\x89PNG\r\n\x1a\n..."), [-1, -40, -1, -32]])
def test_a_prescription_comes_as_base64_or_as_bytes(shop: Shop, content: object) -> None:
    chain = Chain(shop, shop.person()).begin()
    must(shop.institution("2203A", chain.completion(rxIn=content, rxfilename="rx.pdf")))


def test_empty_and_null_optional_fields_count_as_absent(shop: Shop) -> None:
    chain = Chain(shop, shop.person())
    empty = {"card_sn": "", "atddr_no": None, "dr_name": "", "certno": "", "psn_name": None}
    must(shop.institution("2201", chain.registration(**empty)))
