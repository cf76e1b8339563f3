"""A pharmacy that keeps books of its own: counter sales, cancellations, orders, and the evening's reconciliation."""

import io
import zipfile
from base64 import b64encode
from typing import Any

from schemas.amount import to_fen, to_text
from simulator.wire.institution import msgid
from simulator.wire.transport import HttpReply, NoAnswer
from tests.simulator.shop import STOMACH_POWDER, Json, Shop

Row = tuple[str, ...]
"""A line of the uploaded list: setl_id, mdtrt_id, psn_no, medfee, fund, account, refund flag."""
RESULT = ("psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo", "medfee", "fund", "acct")


def zipped(rows: list[Row], name: str = "list.txt") -> bytes:
    """What a client makes of its rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "".join("\t".join(row) + "\r\n" for row in rows))
    return made.getvalue()


def unzipped(raw: bytes) -> list[dict[str, str]]:
    """What a client reads out of a result file."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        (name,) = archive.namelist()
        lines = archive.read(name).decode().splitlines()
    return [dict(zip(RESULT, line.split("\t"), strict=True)) for line in lines]


def sale(person: Json, packs: int, **info: object) -> Json:
    """The input of a 2102: so many packs of one drug."""
    total = to_text(1980 * packs)
    return {
        "druginfo": {
            "psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"],
            "begntime": "2024-07-01 10:30:45", "medfee_sumamt": total, "insutype": person["insutype"],
            "acct_used_flag": "1", "med_type": "41", **info,
        },
        "drugdetail": [
            {
                "feedetl_sn": "1", "rx_circ_flag": "0", "fee_ocur_time": "2024-07-01 10:30:45",
                "med_list_codg": STOMACH_POWDER, "medins_list_codg": "SKU1", "det_item_fee_sumamt": total,
                "cnt": str(packs), "pric": "19.80",
            }
        ],
    }  # fmt: skip


class Till:
    """The books of one pharmacy, kept from the answers it got. ``rows`` by the platform day they belong to."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.rows: dict[str, list[Row]] = {}
        self.numbers = 0

    @property
    def today(self) -> str:
        return str(self.shop.act("/clock", method="GET")["now"])[:10]

    def must(self, infno: str, data: Json, **fields: Any) -> Json:
        told = self.shop.institution(infno, data, **fields)
        assert told["infcode"] == 0, told
        return dict(told["output"])

    def msgid(self) -> str:
        self.numbers += 1
        return msgid(self.shop.org, self.shop.now_ms, 5_000 + self.numbers)

    def sell(self, person: Json | None = None, packs: int = 2, *, lost: bool = False) -> Json:
        """2102, entered into the books; with ``lost`` the answer never comes and nothing is entered."""
        person, number = person or self.shop.person(), self.msgid()
        if lost:
            self.shop.act("/faults", {"name": "no_answer_after_commit", "match": {"code": "2102"}})
            try:
                self.shop.institution("2102", sale(person, packs), msgid=number)
            except NoAnswer:
                return {"msgid": number, "psn_no": person["psn_no"]}
            raise AssertionError("the answer came")
        told = dict(self.must("2102", sale(person, packs), msgid=number)["setlinfo"])
        self.enter(told["setl_id"], told["mdtrt_id"], person["psn_no"], told)
        return {**told, "psn_no": person["psn_no"], "msgid": number}

    def take_back(self, sold: Json) -> Json:
        """2103, entered as a negative row of today."""
        data = {"data": {name: sold[name] for name in ("setl_id", "mdtrt_id", "psn_no")}}
        told = dict(self.must("2103", data, msgid=self.msgid())["setlinfo"])
        self.enter(told["setl_id"], told["mdtrt_id"], sold["psn_no"], told, refund=True)
        return told

    def order(self, person: Json | None = None, packs: int = 2) -> Json:
        """An online order up to the confirmation, entered under the ids 6301 tells."""
        order = self.shop.paid(person, packs)
        told = self.shop.sealed("6301", self.shop.asking(order)).data
        assert told is not None
        amounts = {
            "medfee_sumamt": told["feeSumamt"],
            "fund_pay_sumamt": told["fundPay"],
            "acct_pay": told["psnAcctPay"],
        }
        if "hiDocSn" in told:
            self.enter(str(told["hiDocSn"]), str(told["hiRgstSn"]), order["person"]["psn_no"], amounts)
        return {**order, **told, **amounts}

    def refund(self, order: Json) -> Json:
        """6203 of everything, entered as a negative row of today under the refund's own serial."""
        data = {
            "payOrdId": order["payOrdId"], "appRefdSn": f"R{next(self.shop.serials)}", "refdType": "ALL",
            "appRefdTime": "20240701150000", "totlRefdAmt": order["feeSumamt"], "payAuthNo": order["payAuthNo"],
            "cashRefdAmt": order["ownPayAmt"], "psnAcctRefdAmt": order["psnAcctPay"], "fundRefdAmt": order["fundPay"],
        }  # fmt: skip
        told = self.shop.sealed("6203", data).data
        assert told is not None and told["refStatus"] == "SUCC", told
        negative = {name: to_text(-to_fen(order[name])) for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")}
        self.enter(str(told["hiFefdSn"]), str(order["hiRgstSn"]), order["person"]["psn_no"], negative, refund=True)
        return told

    def enter(self, setl_id: str, mdtrt_id: str, psn_no: str, amounts: Json, *, refund: bool = False) -> None:
        """A row of today's books."""
        fen = (str(amounts["medfee_sumamt"]), str(amounts["fund_pay_sumamt"]), str(amounts["acct_pay"]))
        self.rows.setdefault(self.today, []).append((setl_id, mdtrt_id, psn_no, *fen, "1" if refund else "0"))

    def totals(self, rows: list[Row]) -> Json:
        """The header fields a statement shares."""
        sums = [to_text(sum(to_fen(row[column]) for row in rows)) for column in (3, 4)]
        net = sum(-1 if row[6] == "1" else 1 for row in rows)
        return {
            "clr_type": "41", "setl_optins": "110100", "medfee_sumamt": sums[0], "fund_pay_sumamt": sums[1],
            "fixmedins_setl_cnt": str(max(net, 0)), "fixmedins_refd_setl_flag": "1",
        }  # fmt: skip

    def between(self, begin: str, end: str) -> list[Row]:
        """The books of a range of days."""
        return [row for day in sorted(self.rows) if begin <= day <= end for row in self.rows[day]]

    def statement(self, begin: str, end: str = "", **fields: object) -> Json:
        """3201 over the books of a range: ``stmtinfo``."""
        rows = self.between(begin, end or begin)
        account = to_text(sum(to_fen(row[5]) for row in rows))
        data = {
            **self.totals(rows), "insutype": "310", "stmt_begndate": begin, "stmt_enddate": end or begin,
            "acct_pay": account, **fields,
        }  # fmt: skip
        return dict(self.must("3201", {"data": data})["stmtinfo"])

    def upload(self, content: bytes, filename: str = "list.zip") -> str:
        """9101: the number of the file."""
        sent = {"in": b64encode(content).decode(), "filename": filename, "fixmedins_code": self.shop.org}
        return str(self.must("9101", {"fsUploadIn": sent})["file_qury_no"])

    def detail_data(self, begin: str, end: str = "", **fields: object) -> Json:
        """The input of a 3202 over the books of a range."""
        rows = self.between(begin, end or begin)
        cash = to_text(sum(to_fen(row[3]) - to_fen(row[4]) - to_fen(row[5]) for row in rows))
        number = fields.pop("file_qury_no", None) or self.upload(zipped(rows))
        return {
            "data": {
                **self.totals(rows), "file_qury_no": number, "stmt_begndate": begin, "stmt_enddate": end or begin,
                "cash_payamt": cash, "refd_setl_flag": "1", **fields,
            }
        }  # fmt: skip

    def details(self, begin: str, end: str = "", **fields: object) -> list[dict[str, str]]:
        """9101, 3202, 9102: every row of the result."""
        told = self.must("3202", self.detail_data(begin, end, **fields))["fileinfo"]
        reply = self.fetch(told["file_qury_no"], told["filename"])
        assert reply.headers["content-type"] == "application/octet-stream", reply.body
        return unzipped(reply.body)

    def fetch(self, file_qury_no: str, filename: str, fixmedins_code: str = "") -> HttpReply:
        """9102, whatever comes back."""
        asked = {
            "file_qury_no": file_qury_no, "filename": filename, "fixmedins_code": fixmedins_code or self.shop.org
        }  # fmt: skip
        return self.shop.institution_reply("9102", {"fsDownloadIn": asked})
