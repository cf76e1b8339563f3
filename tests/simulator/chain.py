"""The outpatient chain as a pharmacy drives it: 2201, 2203A, 2204, 2206, 2207 on the wire."""

from collections.abc import Sequence
from typing import Any

from schemas.amount import to_text
from simulator.domain.benefit import Accumulated
from simulator.domain.money import product_fen
from simulator.domain.visits import Batch, Visit
from tests.simulator import test_bad_input
from tests.simulator.identities import PARTS
from tests.simulator.shop import STOMACH_POWDER, Shop, a_platform

Json = dict[str, Any]
NOW = "2024-07-01 10:30:45"
POWDER = (STOMACH_POWDER, "2", "19.80")


class Chain:
    """One visit of one person; every step asserts nothing and returns the answer frame."""

    def __init__(self, shop: Shop, person: Json, *, med_type: str = "11", flag: str = "1") -> None:
        self.shop, self.person, self.med_type, self.flag = shop, person, med_type, flag
        self.mdtrt_id = ""
        self.total_fen = 0
        self.serials = 0

    def certificate(self) -> Json:
        return {"mdtrt_cert_type": "02", "mdtrt_cert_no": self.person["certno"]}

    def registration(self, **fields: object) -> Json:
        return {
            "data": {
                "psn_no": self.person["psn_no"], "insutype": self.person["insutype"], "begntime": NOW,
                **self.certificate(), "psn_cert_type": "01", "certno": self.person["certno"],
                "psn_type": self.person["psn_type"], "psn_name": self.person["psn_name"], "ipt_otp_no": "OTP1",
                "dept_code": "A02", "dept_name": "全科医疗科", "caty": "A02", **fields,
            }
        }  # fmt: skip

    def completion(self, **fields: object) -> Json:
        return {
            "mdtrtinfo": {
                "mdtrt_id": self.mdtrt_id, "psn_no": self.person["psn_no"], "med_type": self.med_type,
                "begntime": NOW, "main_cond_dscr": "咳嗽", **fields,
            },
            "diseinfo": [
                {
                    "diag_type": "1", "diag_srt_no": "1", "diag_code": "J06.900", "diag_name": "急性上呼吸道感染",
                    "diag_dept": "全科医疗科", "dise_dor_no": "D990000900001", "dise_dor_name": "测试医师",
                    "diag_time": NOW, "vali_flag": "1",
                }
            ],
        }  # fmt: skip

    def fees(self, *lines: tuple[str, str, str], batch: str = "B1", **fields: object) -> Json:
        rows = [self._row(line, batch) | fields for line in lines]
        return {"feedetail": rows}

    def _row(self, line: tuple[str, str, str], batch: str) -> Json:
        code, cnt, pric = line
        self.serials += 1
        return {
            "feedetl_sn": str(self.serials), "mdtrt_id": self.mdtrt_id, "psn_no": self.person["psn_no"],
            "chrg_bchno": batch, "rx_circ_flag": "0", "fee_ocur_time": NOW, "med_list_codg": code,
            "medins_list_codg": "SKU1", "det_item_fee_sumamt": to_text(product_fen(cnt, pric)), "cnt": cnt,
            "pric": pric, "bilg_dept_codg": "A02", "bilg_dept_name": "全科医疗科", "bilg_dr_codg": "D990000900001",
            "bilg_dr_name": "测试医师", "hosp_appr_flag": "0",
        }  # fmt: skip

    def settling(self, batch: str = "B1", **fields: object) -> Json:
        return {
            "data": {
                "psn_no": self.person["psn_no"], **self.certificate(), "psn_cert_type": "01",
                "certno": self.person["certno"], "psn_type": self.person["psn_type"],
                "psn_name": self.person["psn_name"], "med_type": self.med_type,
                "medfee_sumamt": to_text(self.total_fen), "psn_setlway": "01", "mdtrt_id": self.mdtrt_id,
                "chrg_bchno": batch, "insutype": self.person["insutype"], "acct_used_flag": self.flag, **fields,
            }
        }  # fmt: skip

    def begin(self) -> "Chain":
        """2201 and 2203A."""
        self.mdtrt_id = must(self.shop.institution("2201", self.registration()))["data"]["mdtrt_id"]
        must(self.shop.institution("2203A", self.completion()))
        return self

    def upload(self, lines: Sequence[tuple[str, str, str]] = (POWDER,), batch: str = "B1") -> list[Json]:
        """2204; what the batch costs becomes the total of the next settlement."""
        rows = must(self.shop.institution("2204", self.fees(*lines, batch=batch)))["result"]
        self.total_fen = sum(product_fen(cnt, pric) for _, cnt, pric in lines)
        return list(rows)

    def presettle(self, batch: str = "B1", **fields: object) -> Json:
        """2206."""
        return must(self.shop.institution("2206", self.settling(batch, **fields)))

    def settle(self, batch: str = "B1", *, msgid: str = "", **fields: object) -> Json:
        """2206 and, with the totals it told, 2207."""
        told = self.presettle(batch)["setlinfo"]
        parts = {name: told[name] for name in PARTS}
        frame = {"msgid": msgid} if msgid else {}
        return must(self.shop.institution("2207", self.settling(batch, **parts, **fields), **frame))

    def cancel(self, settled: Json) -> Json:
        """2208."""
        info = settled["setlinfo"]
        named = {"setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"], "psn_no": self.person["psn_no"]}
        return must(self.shop.institution("2208", {"data": named}))


def must(answer: Json) -> Json:
    """The output of an answer that said yes."""
    assert answer["infcode"] == 0, answer["err_msg"]
    return dict(answer["output"] or {})


def bought(shop: Shop, person: Json, *lines: tuple[str, str, str], med_type: str = "11", flag: str = "1") -> Json:
    """The whole chain in one go; the output of 2207."""
    chain = Chain(shop, person, med_type=med_type, flag=flag).begin()
    chain.upload(lines or (POWDER,))
    return chain.settle()


def opened(city: str = "wuhan", start: str = "2024-07-01 10:30:45", **switches: object) -> Shop:
    shop = Shop(a_platform(), courier="manual", city=city, start=start, switches=switches)
    shop.sign_in()
    return shop


def truth(shop: Shop) -> Json:
    """All books and what the chain keeps."""
    room = shop.platform.store.room("main")
    assert room is not None
    unit = shop.platform.unit(room)
    kept = {kind.__name__: list(unit.every(kind)) for kind in (Visit, Batch, Accumulated)}
    return test_bad_input.truth(shop) | kept


def refused(shop: Shop, answer: Json, rule: str, field: str) -> None:
    """The answer is the error form of the surface, by that rule, naming the field in Chinese."""
    last = shop.journal()[-1]
    assert (answer["infcode"], answer["output"], last["outcome"]) == (-1, None, "refused")
    assert (last["refusal"]["rule"], last["refusal"]["field"]) == (rule, field), last["refusal"]
    assert field in answer["err_msg"] and any("\u4e00" <= letter <= "\u9fff" for letter in answer["err_msg"])
