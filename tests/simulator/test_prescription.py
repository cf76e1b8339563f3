"""A prescription from the hospital to the buyer's door, and every way a pharmacy can be stopped on it (72xx)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.shop import Shop, a_platform

Json = dict[str, Any]
AMOXICILLIN, OMEPRAZOLE = "XJ01CAA040E001010199124", "XA02BCA920E005010299069"
"""Prescription medicine of the shipped catalogue: 12.80 and 17.50 a pack."""
BASE = "/epc/api/fixmedins"
ADDRESS = {
    "7201": f"{BASE}/rxOfflineAuth", "7202": f"{BASE}/rxOnlineAuth", "7203": f"{BASE}/rxQrcodeDecode",
    "7204": f"{BASE}/rxDownload", "7205": f"{BASE}/rxVerify", "7206": f"{BASE}/rxChkUpload",
    "7207": f"{BASE}/rxSaleUpload", "7208": f"{BASE}/rxSaleUndo", "7209": f"{BASE}/rxDelvSync",
    "7210": f"{BASE}/rxDelvConfirm", "7211": f"{BASE}/circDrugQuery",
}  # fmt: skip
NOW = "2024-07-01 10:30:45"
PHARMACIST = "测试寅"


class Dispensary:
    """A pharmacy of a city that lets prescription medicine be bought online."""

    def __init__(self, **order: Any) -> None:
        self.shop = Shop(a_platform(), city="guangzhou", **order)
        self.person = self.shop.person()
        self.where: Json = {"fixmedinsCode": self.shop.org, "fixmedinsName": "测试药店"}
        self.who: Json = {
            "ipInfo": "127.0.0.1", "devInfo": "pos", "opter": "0001", "opterName": "测试员", "optinsNo": self.shop.org,
        }  # fmt: skip

    def prescribed(self, *lines: tuple[str, int], days: int = 3, person: Json | None = None) -> str:
        rows = [{"med_list_codg": code, "cnt": cnt} for code, cnt in lines or ((AMOXICILLIN, 2),)]
        body = {"psn_no": (person or self.person)["psn_no"], "lines": rows, "days": days}
        return str(self.shop.act("/world/prescription", body)["hi_rxno"])

    def ask(self, code: str, data: Mapping[str, Any]) -> Any:
        return self.shop.to(ADDRESS[code], {**data})

    def must(self, code: str, data: Mapping[str, Any]) -> Json:
        told = self.ask(code, data)
        assert told.data is not None, told
        return dict(told.data)

    def circulated(self, hi_rxno: str, **changed: Any) -> Json:
        app_id = self.shop.told["appId"]
        act = {"psn_no": self.person["psn_no"], "hi_rxno": hi_rxno, "app_id": app_id}
        serial = self.shop.act("/person/circulate", act)["authCircBizSn"]
        return {**self.where, **self.who, "hiRxno": hi_rxno, "authCircBizSn": serial, "epcChnlId": app_id, **changed}

    def opened(self, hi_rxno: str) -> Json:
        return self.must("7202", self.circulated(hi_rxno))

    def downloaded(self, hi_rxno: str) -> Json:
        opened = self.opened(hi_rxno)
        return {**opened, **self.must("7204", {**self.where, **self.who, **opened})}

    def verified(self, hi_rxno: str) -> Json:
        rx = self.downloaded(hi_rxno)
        asked = {**self.where, **{name: rx[name] for name in ("hiRxno", "rxTraceCode", "rxFile", "epcToken")}}
        return {**rx, **self.must("7205", asked)}

    def scanned(self, name: str) -> str:
        """The ecToken of a person whose code this pharmacy has read."""
        qr = self.shop.act("/person/show_code", {"psn_no": self.shop.person(name)["psn_no"]})["qr"]
        data = {
            "orgId": self.shop.org, "businessType": "02122", "operatorId": "1", "operatorName": "测试员",
            "officeId": "1", "officeName": "药店",
        }  # fmt: skip
        path = "/localcfc/api/hsecfc/localQrCodeQuery"
        told = self.shop.to(path, data, trans_type="ec.query", extra={"qrCode": qr})
        assert told.data, told
        return str(told.data["ecToken"])

    def reviewing(self, rx: Json, verdict: str = "1", **changed: Any) -> Json:
        person = self.shop.person(PHARMACIST)
        return {
            **self.where, "hiRxno": rx["hiRxno"], "epcToken": rx["epcToken"], "ecToken": self.scanned(PHARMACIST),
            "pharCertType": "01", "pharCertno": person["certno"], "pharName": PHARMACIST, "pharCode": "Y440100000001",
            "rxChkOpnn": "合理", "rxChkStasCodg": verdict, "rxChkTime": NOW, "rxSignVerifySn": rx["rxSignVerifySn"],
            **changed,
        }  # fmt: skip

    def passed(self, hi_rxno: str) -> Json:
        rx = self.verified(hi_rxno)
        return {**rx, **self.must("7206", self.reviewing(rx))}

    def basket(self, *lines: tuple[str, str, str], rxno: str) -> Json:
        """A 6201 of these medicines: code, packs, price in yuan."""
        basket = self.shop.basket(self.person, self.shop.consent(self.person))
        (row,) = basket["feedetailList"]
        rows = [
            {**row, "feedetlSn": str(number), "medListCodg": code, "cnt": cnt, "pric": pric, "rxno": rxno,
             "rxCircFlag": "1", "detItemFeeSumamt": f"{Decimal(cnt) * Decimal(pric):.2f}"}
            for number, (code, cnt, pric) in enumerate(lines, 1)
        ]  # fmt: skip
        total = sum(Decimal(one["detItemFeeSumamt"]) for one in rows)
        return {**basket, "feedetailList": rows, "medfeeSumamt": f"{total:.2f}"}

    def bought(self, hi_rxno: str) -> Json:
        """A paid order over the two packs of the prescription."""
        basket = self.basket((AMOXICILLIN, "2", "12.80"), rxno=hi_rxno)
        told = self.shop.sealed("6201", basket)
        assert told.data, told
        order = {**told.data, "basket": basket, "person": self.person, "payAuthNo": basket["payAuthNo"]}
        placed = self.shop.sealed("6202", self.shop.placing(order))
        assert placed.data, placed
        self.shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})
        return {**order, "split": placed.data}

    def selling(self, rx: Json, cnt: str = "2", **changed: Any) -> Json:
        row = {
            "rtalDocno": "RT1", "stooutTime": NOW, "medListCodg": AMOXICILLIN, "medinsListCodg": "SKU1",
            "drugGenname": "阿莫西林胶囊", "drugSpec": "0.25g", "drugTotlcnt": cnt, "drugTotlcntEmp": "盒",
        }  # fmt: skip
        own = {"hiRxno": rx["hiRxno"], "rxChkBizSn": rx["rxChkBizSn"], "hiFeesetlFlag": "1", "rxSaleDrugDetl": [row]}
        return {**self.where, **own, **changed}

    def delivering(self, rx: Json, status: str, **changed: Any) -> Json:
        return {
            **self.where, "hiRxno": rx["hiRxno"], "delvNo": "D1", "delvAddr": "测试路1号", "delvEntpName": "测试配送",
            "delvStasCodg": status, "delvStasName": "状态", "delvStasTime": NOW, "delvConner": "测试甲", **changed,
        }  # fmt: skip

    def receiving(self, rx: Json, **changed: Any) -> Json:
        return {
            "hiRxno": rx["hiRxno"], "delverCertType": "01", "delverCertno": "示例", "delverName": "测试员",
            "delvStasTime": NOW, **changed,
        }  # fmt: skip


@pytest.fixture
def pharmacy() -> Dispensary:
    return Dispensary()


def refused(pharmacy: Dispensary, code: str, data: Mapping[str, Any]) -> str:
    """The rule by which a message is turned away; nothing was changed by it."""
    assert pharmacy.ask(code, data).data is None
    return str(pharmacy.shop.journal()[-1]["refusal"]["rule"])


class TestTheWholeWay:
    def test_a_prescription_is_fetched_reviewed_bought_dispensed_delivered_and_received(
        self, pharmacy: Dispensary
    ) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        assert [line["medListCodg"] for line in rx["rxDetlList"]] == [AMOXICILLIN]
        pharmacy.bought(rx["hiRxno"])
        assert pharmacy.must("7207", pharmacy.selling(rx))["selStooutSn"]
        for status in "012":
            assert pharmacy.must("7209", pharmacy.delivering(rx, status)) == {"flag": True}
        assert pharmacy.must("7210", pharmacy.receiving(rx)) == {"flag": True}
        assert refused(pharmacy, "7208", {**pharmacy.where, "hiRxno": rx["hiRxno"]}) == "rx_step"

    def test_at_the_counter_the_person_shows_a_code_or_the_prescription(self, pharmacy: Dispensary) -> None:
        hi_rxno = pharmacy.prescribed()
        person = pharmacy.person
        asked = {
            **pharmacy.where, **pharmacy.who, "psnName": person["psn_name"], "psnCertType": "01",
            "certno": person["certno"], "ecToken": pharmacy.scanned("测试甲"),
        }  # fmt: skip
        offered = pharmacy.must("7201", asked)
        assert offered["fixmedinsName"] == "测试医院（总院）"
        rx = pharmacy.must("7204", {**pharmacy.where, **pharmacy.who, **offered, "fixmedinsCode": pharmacy.shop.org})
        assert rx["hiRxno"] == hi_rxno
        code = pharmacy.shop.act("/person/show_prescription", {"psn_no": person["psn_no"], "hi_rxno": hi_rxno})
        shown = {**pharmacy.where, **pharmacy.who, "epcQrcd": code["epcQrcd"]}
        assert pharmacy.must("7203", shown)["epcToken"] != offered["epcToken"]
        assert refused(pharmacy, "7203", shown) == "qr_used"

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"certno": "990000199001010012"}, "identity_mismatch"),
            ({"ecToken": "E" * 36}, "token_unknown"),
            ({"ecToken": None, "regSn": "R1"}, "rx_reg_sn"),
            ({}, "rx_none"),
        ],
        ids=["a stranger", "no scan", "an unknown register", "nothing prescribed"],
    )
    def test_nobody_elses_prescription_is_opened_at_the_counter(
        self, pharmacy: Dispensary, changed: Json, rule: str
    ) -> None:
        pharmacy.prescribed(person=pharmacy.shop.person("测试乙"))
        person = pharmacy.person
        asked = {
            **pharmacy.where, **pharmacy.who, "psnName": person["psn_name"], "psnCertType": "01",
            "certno": person["certno"], "ecToken": pharmacy.scanned("测试甲"), **changed,
        }  # fmt: skip
        assert refused(pharmacy, "7201", asked) == rule

    def test_what_another_channel_was_authorised_for_is_unknown(self) -> None:
        pharmacy = Dispensary(channels=[{"name": "a", "orgs": "all"}, {"name": "b", "orgs": "all"}])
        rx = pharmacy.passed(pharmacy.prescribed())
        pharmacy.must("7207", pharmacy.selling(rx, hiFeesetlFlag="0"))
        pharmacy.must("7209", pharmacy.delivering(rx, "1"))
        other = pharmacy.shop.twin(1)
        assert other.to(ADDRESS["7210"], pharmacy.receiving(rx)).data is None
        assert pharmacy.shop.journal()[-1]["refusal"]["rule"] == "rx_unknown"

    def test_an_insurance_refund_takes_the_dispensing_back_by_itself(self, pharmacy: Dispensary) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        order = pharmacy.bought(rx["hiRxno"])
        pharmacy.must("7207", pharmacy.selling(rx))
        refund = {
            "payOrdId": order["payOrdId"], "appRefdSn": "R1", "appRefdTime": "20240701103045",
            "totlRefdAmt": "25.60", "psnAcctRefdAmt": "25.60", "fundRefdAmt": "0", "cashRefdAmt": "0",
            "ecToken": "", "payAuthNo": order["payAuthNo"], "refdType": "ALL", "expContent": "{}",
        }  # fmt: skip
        assert pharmacy.shop.sealed("6203", refund).data
        assert refused(pharmacy, "7209", pharmacy.delivering(rx, "0")) == "rx_step"
        assert refused(pharmacy, "7207", pharmacy.selling(rx)) == "rx_unsettled"

    def test_a_dispensing_that_was_withdrawn_may_be_reported_again(self, pharmacy: Dispensary) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        pharmacy.bought(rx["hiRxno"])
        serial = pharmacy.must("7207", pharmacy.selling(rx))["selStooutSn"]
        assert refused(pharmacy, "7207", pharmacy.selling(rx)) == "rx_step"
        undo = {**pharmacy.where, "hiRxno": rx["hiRxno"], "selStooutSn": serial}
        assert refused(pharmacy, "7208", {**undo, "selStooutSn": "SO0"}) == "rx_sale"
        assert pharmacy.must("7208", undo) == {"flag": True}
        assert pharmacy.must("7207", pharmacy.selling(rx))["selStooutSn"] != serial


class TestWhatIsRefused:
    @pytest.mark.parametrize(("verdict", "rule"), [("1", ""), ("0", "rx_not_passed"), (None, "rx_not_passed")])
    def test_medicine_is_bought_only_after_the_review_has_passed(
        self, pharmacy: Dispensary, verdict: str | None, rule: str
    ) -> None:
        hi_rxno = pharmacy.prescribed()
        if verdict is not None:
            pharmacy.must("7206", pharmacy.reviewing(pharmacy.verified(hi_rxno), verdict))
        pharmacy.shop.sealed("6201", pharmacy.basket((AMOXICILLIN, "2", "12.80"), rxno=hi_rxno))
        assert (pharmacy.shop.journal()[-1]["refusal"] or {"rule": ""})["rule"] == rule

    @pytest.mark.parametrize(
        ("lines", "rule"),
        [
            (((AMOXICILLIN, "3", "12.80"),), "rx_lines"),
            (((AMOXICILLIN, "1", "12.80"), (OMEPRAZOLE, "1", "17.50")), "rx_lines"),
            (((AMOXICILLIN, "1", "12.80"),), ""),
        ],
        ids=["too many", "another medicine", "fewer"],
    )
    def test_only_what_was_prescribed_is_bought(
        self, pharmacy: Dispensary, lines: tuple[tuple[str, str, str], ...], rule: str
    ) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        pharmacy.shop.sealed("6201", pharmacy.basket(*lines, rxno=rx["hiRxno"]))
        assert (pharmacy.shop.journal()[-1]["refusal"] or {"rule": ""})["rule"] == rule

    def test_prescription_medicine_names_its_prescription(self, pharmacy: Dispensary) -> None:
        for rxno, rule in (("", "rxno_missing"), ("RX0", "rx_unknown")):
            pharmacy.shop.sealed("6201", pharmacy.basket((AMOXICILLIN, "1", "12.80"), rxno=rxno))
            assert pharmacy.shop.journal()[-1]["refusal"]["rule"] == rule

    def test_another_persons_prescription_buys_nothing(self, pharmacy: Dispensary) -> None:
        hi_rxno = pharmacy.prescribed(person=pharmacy.shop.person("测试乙"))
        pharmacy.shop.sealed("6201", pharmacy.basket((AMOXICILLIN, "1", "12.80"), rxno=hi_rxno))
        assert pharmacy.shop.journal()[-1]["refusal"]["rule"] == "rx_unknown"

    def test_a_city_that_sells_over_the_counter_medicine_only_takes_no_prescription(self) -> None:
        shop = Shop(a_platform())
        basket = shop.basket(shop.person(), shop.consent(shop.person()))
        basket["feedetailList"][0]["medListCodg"] = AMOXICILLIN
        shop.sealed("6201", basket)
        assert shop.journal()[-1]["refusal"]["rule"] == "otc_only"

    def test_without_the_platforms_protection_the_review_is_the_channels_own_business(self) -> None:
        pharmacy = Dispensary(switches={"rx_review": "off"})
        assert pharmacy.shop.sealed(
            "6201", pharmacy.basket((AMOXICILLIN, "2", "12.80"), rxno=pharmacy.prescribed())
        ).data

    def test_a_prescription_lapses_and_a_hospital_may_withdraw_it(self, pharmacy: Dispensary) -> None:
        old, gone = pharmacy.prescribed(days=1), pharmacy.prescribed(days=9)
        asked = pharmacy.circulated(old), pharmacy.circulated(gone)
        pharmacy.shop.act("/clock", {"advance_ms": 25 * 3_600_000})
        pharmacy.shop.act("/world/prescription_withdrawn", {"hi_rxno": gone})
        assert [refused(pharmacy, "7202", one) for one in asked] == ["rx_step", "rx_step"]

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"pharName": "测试甲"}, "rx_pharmacist"),
            ({"ecToken": "E" * 36}, "rx_pharmacist"),
            ({"rxSignVerifySn": "SV0"}, "rx_not_verified"),
            ({"epcToken": "T0"}, "rx_token"),
            ({"hiRxno": "RX0"}, "rx_unknown"),
        ],
        ids=["another name", "no scan", "not verified", "token", "number"],
    )
    def test_a_review_is_a_known_pharmacists_over_the_verified_file(
        self, pharmacy: Dispensary, changed: Json, rule: str
    ) -> None:
        rx = pharmacy.verified(pharmacy.prescribed())
        assert refused(pharmacy, "7206", pharmacy.reviewing(rx, **changed)) == rule
        assert pharmacy.must("7206", pharmacy.reviewing(rx))["flag"] is True

    def test_a_changed_file_is_not_the_hospitals(self, pharmacy: Dispensary) -> None:
        rx = pharmacy.downloaded(pharmacy.prescribed())
        asked = {**pharmacy.where, **{name: rx[name] for name in ("hiRxno", "rxTraceCode", "rxFile", "epcToken")}}
        assert refused(pharmacy, "7205", {**asked, "rxFile": rx["rxFile"][:-4] + "AAAA"}) == "rx_file_differs"
        assert refused(pharmacy, "7205", {**asked, "rxTraceCode": "X"}) == "rx_file_differs"

    def test_the_token_opens_one_prescription_for_two_hours(self, pharmacy: Dispensary) -> None:
        opened = pharmacy.opened(pharmacy.prescribed())
        asked = {**pharmacy.where, **pharmacy.who, **opened}
        assert refused(pharmacy, "7204", {**asked, "authRxno": "AR0"}) == "rx_token"
        pharmacy.shop.act("/clock", {"advance_ms": 2 * 3_600_000 + 1})
        assert refused(pharmacy, "7204", asked) == "rx_token"

    def test_an_authorisation_is_for_one_channel(self, pharmacy: Dispensary) -> None:
        asked = pharmacy.circulated(pharmacy.prescribed())
        assert refused(pharmacy, "7202", {**asked, "epcChnlId": "another"}) == "consent_app"
        assert refused(pharmacy, "7202", {**asked, "authCircBizSn": "AC0"}) == "rx_circulation"

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [({"rxChkBizSn": "RC0"}, "rx_review"), ({"cnt": "3"}, "rx_lines"), ({}, "rx_unsettled")],
        ids=["another review", "too many", "nothing paid"],
    )
    def test_a_dispensing_stands_on_its_review_and_its_settlement(
        self, pharmacy: Dispensary, changed: Json, rule: str
    ) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        assert refused(pharmacy, "7207", pharmacy.selling(rx, **changed)) == rule
        assert pharmacy.must("7207", pharmacy.selling(rx, hiFeesetlFlag="0"))["flag"] is True

    @pytest.mark.parametrize("steps", ["2", "010", "03 1", "01 2 4"])
    def test_a_courier_takes_one_step_after_the_other(self, pharmacy: Dispensary, steps: str) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        pharmacy.must("7207", pharmacy.selling(rx, hiFeesetlFlag="0"))
        *done, last = steps.replace(" ", "")
        for status in done:
            pharmacy.must("7209", pharmacy.delivering(rx, status))
        assert refused(pharmacy, "7209", pharmacy.delivering(rx, last)) == "rx_delivery"

    def test_nothing_is_received_that_was_not_on_its_way(self, pharmacy: Dispensary) -> None:
        rx = pharmacy.passed(pharmacy.prescribed())
        pharmacy.must("7207", pharmacy.selling(rx, hiFeesetlFlag="0"))
        assert refused(pharmacy, "7210", pharmacy.receiving(rx)) == "rx_delivery"
        pharmacy.must("7209", pharmacy.delivering(rx, "0"))
        assert refused(pharmacy, "7210", pharmacy.receiving(rx)) == "rx_delivery"
        pharmacy.must("7209", pharmacy.delivering(rx, "1"))
        assert refused(pharmacy, "7210", pharmacy.receiving(rx, delvNo="D2")) == "rx_delivery"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"lines": []}, "lines"), ({"lines": ["x"]}, "lines"), ({"days": 0}, "days"), ({"days": True}, "days"),
            ({"lines": [{"med_list_codg": "X0"}]}, "med_list_codg"),
            ({"lines": [{"med_list_codg": AMOXICILLIN, "cnt": "many"}]}, "cnt"),
            ({"lines": [{"med_list_codg": AMOXICILLIN, "cnt": 0}]}, "cnt"),
        ],
    )  # fmt: skip
    def test_a_prescription_that_makes_no_sense_is_not_written(
        self, pharmacy: Dispensary, body: Json, field: str
    ) -> None:
        sane = {"psn_no": pharmacy.person["psn_no"], "lines": [{"med_list_codg": AMOXICILLIN, "cnt": 1}]}
        control = pharmacy.shop.control
        status, told = control("POST", f"/rooms/{pharmacy.shop.room}/world/prescription", {**sane, **body})
        assert (status, told["error"]["field"]) == (422, field)


def test_the_list_of_dispensable_medicine_has_pages_and_filters(pharmacy: Dispensary) -> None:
    asked = {"fixmedinsCode": pharmacy.shop.org, "pageNum": "1", "pageSize": "5"}
    first = pharmacy.must("7211", asked)
    assert (first["size"], len(first["list"])) == (5, 5) and int(first["total"]) > 5
    named = pharmacy.must("7211", {**asked, "drugName": "阿莫西林"})
    assert AMOXICILLIN in [row["medListCodg"] for row in named["list"]]
    assert pharmacy.must("7211", {**asked, "medListCodgs": [AMOXICILLIN, OMEPRAZOLE]})["total"] == 2
    assert pharmacy.must("7211", {**asked, "medListCodg": OMEPRAZOLE})["size"] == 1
    assert refused(pharmacy, "7211", {**asked, "pageSize": "101"}) == "page_size"
