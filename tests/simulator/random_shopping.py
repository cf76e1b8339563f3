"""Seeded shopping on the wire, each answer held against the oracle, which keeps its own books."""

import random
from collections.abc import Sequence
from typing import Any

from conformance.oracle.amounts import fen_of, product_fen
from conformance.oracle.pool import pool_faults
from conformance.oracle.settlement import Buyer, Due, Fund, contradictions, due
from conformance.oracle.year import Purchase, Standing
from schemas.amount import to_text
from tests.simulator.chain import NOW, must
from tests.simulator.identities import PARTS, identities
from tests.simulator.shop import Shop, a_platform

Json = dict[str, Any]
PEOPLE = "甲乙丙丁戊己庚癸寅辰"
"""Of the small world: everyone who may settle; 庚 and 癸 have relatives."""
DAY_MS = 24 * 3_600_000


class Shopping:
    """One room, one shop; ``buy`` and ``undo`` compare, ``compare_books`` at the end compares everything."""

    def __init__(self, seed: int, city: str, **switches: object) -> None:
        self.rng = random.Random(seed)
        self.shop = Shop(a_platform(), courier="manual", city=city, start=NOW, switches=switches, seed=seed)
        told = self.shop.act("/registration", method="GET")
        self.rules, self.in_force = told["rules"], told["in_force"]
        self.shop.sign_in()
        self.now = NOW
        self.drugs = self._catalogue()
        self.people = {one["psn_name"][-1]: one for one in self.shop.act("/people", method="GET")["people"]}
        self.by_number = {one["psn_no"]: one for one in self.people.values()}
        self.standing = Standing(balances={one["psn_no"]: one["balance_fen"] for one in self.by_number.values()})
        self.visits: dict[tuple[str, str], str] = {}
        self.ways: dict[str, tuple[str, str]] = {}
        self.count = 0

    def _catalogue(self) -> dict[str, Json]:
        rows = self.shop.act("/drugs?limit=1000", method="GET")["drugs"]
        chosen = self.rng.sample(rows, 40) + [row for row in rows if row["restrictions"] or row["pric_uplmt"]]
        for row in chosen[:20]:
            row["pric_uplmt"] = f"{self.rng.randint(1, 60)}.{self.rng.randint(0, 999_999):06d}"
            row["selfpay_bp"] = self.rng.choice((0, 333, 500, 1_000, 1_250, 2_000, 3_000))
            change = {name: row[name] for name in ("med_list_codg", "pric_uplmt", "selfpay_bp")}
            self.shop.act("/world", {"change": "drug", **change})
        return {row["med_list_codg"]: row for row in chosen}

    # ------------------------------------------------------------------------------------------ what time does

    def later(self) -> None:
        """Some days pass; money comes in; relatives set something aside."""
        self.shop.act("/clock", {"advance_ms": self.rng.randint(1, 60) * DAY_MS})
        self.now = self.shop.act("/registration", method="GET")["now"]
        self.shop.sign_in()
        for person in self.people.values():
            if person["insutype"] == "310":
                fen = self.rng.choice((0, 1, self.rng.randint(0, 30_000), self.rng.randint(0, 500_000)))
                self.shop.act("/world", {"change": "balance", "psn_no": person["psn_no"], "fen": fen})
                self.standing.balances[person["psn_no"]] = fen
        if self.in_force["aid"] == "wallet":
            self._set_aside()

    def _set_aside(self) -> None:
        for person in self.people.values():
            for giver in self._givers(person):
                own, purse = self.standing.balances[giver], quota(giver, person["psn_no"])
                before = self.standing.balances.get(purse, 0)
                fen = self.rng.randint(0, own + before)
                self.shop.act("/world", {"change": "quota", "psn_no": person["psn_no"], "giver": giver, "fen": fen})
                self.standing.balances |= {giver: own + before - fen, purse: fen}

    # ------------------------------------------------------------------------------------------ buying

    def buy(self) -> None:
        """A random basket of a random person, over the counter or through the outpatient chain."""
        person = self.people[self.rng.choice(PEOPLE)]
        rows = [self._row(place) for place in range(1, self.rng.randint(2, 6))]
        med_type, flag = self.rng.choice(("41", "11", "14")), self.rng.choice(("0", "1", "1", "2", "2"))
        if self.rng.random() < 0.7:
            self._over_the_counter(person, rows, med_type, flag)
        else:
            self._through_the_chain(person, rows, "11" if med_type == "41" else med_type, flag)

    def _row(self, place: int) -> Json:
        whole_packs, split_pack = (
            str(self.rng.randint(1, 9)),
            f"{self.rng.randint(0, 9)}.{self.rng.randint(1, 9999):04d}",
        )
        cnt = self.rng.choice((whole_packs, split_pack))
        pric = f"{self.rng.randint(0, 120)}.{self.rng.choice((self.rng.randint(0, 999_999), 5_000, 500_000, 1)):06d}"
        whole = product_fen(cnt, pric)
        if not whole:
            cnt, pric, whole = "1", "0.01", 1
        self.count += 1
        return {
            "feedetl_sn": str(self.count), "rx_circ_flag": "0", "fee_ocur_time": self.now, "medins_list_codg": "SKU1",
            "med_list_codg": self.rng.choice(tuple(self.drugs)), "det_item_fee_sumamt": to_text(whole), "cnt": cnt,
            "pric": pric,
        }  # fmt: skip

    def _over_the_counter(self, person: Json, rows: list[Json], med_type: str, flag: str) -> None:
        expected = self.expected(person, rows, med_type, flag, "counter")
        info = {**self._claim(person, rows, med_type, flag), "begntime": self.now}
        reply = self._ask("2102", {"druginfo": info, "drugdetail": rows})
        self._agree(reply, expected)
        self._keep(reply, person, expected, flag, "2102")

    def _through_the_chain(self, person: Json, rows: list[Json], med_type: str, flag: str) -> None:
        mdtrt_id = self._visit(person, med_type)
        self.count += 1
        batch = {"mdtrt_id": mdtrt_id, "psn_no": person["psn_no"], "chrg_bchno": f"B{self.count}"}
        doctor = {"bilg_dept_codg": "A02", "bilg_dept_name": "全科", "bilg_dr_codg": "D1", "bilg_dr_name": "测试医师"}
        for row in rows:
            row |= {**batch, **doctor, "hosp_appr_flag": self.rng.choice(("0", "0", "1", "2"))}
        expected = self.expected(person, rows, med_type, flag, "outpatient")
        cut = self._ask("2204", {"feedetail": rows})["result"]
        asked = {**self._claim(person, rows, med_type, flag), **batch, "psn_setlway": "01"}
        quoted = self._ask("2206", {"data": asked})
        self._agree({**quoted, "detlcutinfo": cut}, expected)
        parts = {name: quoted["setlinfo"][name] for name in PARTS}
        reply = self._ask("2207", {"data": {**asked, **parts}})
        self._agree(reply, expected)
        self._keep(reply, person, expected, flag, "2207")

    def _visit(self, person: Json, med_type: str) -> str:
        key = (person["psn_no"], med_type)
        if key not in self.visits or self.rng.random() < 0.2:
            told = {
                "psn_no": person["psn_no"], "insutype": person["insutype"], "begntime": self.now,
                "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"], "ipt_otp_no": "1", "dept_code": "A02",
                "dept_name": "全科", "caty": "A02",
            }  # fmt: skip
            self.visits[key] = self._ask("2201", {"data": told})["data"]["mdtrt_id"]
            sick = {
                "diag_type": "1", "diag_srt_no": "1", "diag_code": "J06", "diag_name": "上感", "diag_dept": "全科",
                "dise_dor_no": "D1", "dise_dor_name": "测试医师", "diag_time": self.now, "vali_flag": "1",
            }  # fmt: skip
            visit = {"mdtrt_id": self.visits[key], "psn_no": key[0], "med_type": med_type, "begntime": self.now}
            self._ask("2203A", {"mdtrtinfo": visit, "diseinfo": [sick]})
        return self.visits[key]

    def _claim(self, person: Json, rows: Sequence[Json], med_type: str, flag: str) -> Json:
        total = sum(product_fen(row["cnt"], row["pric"]) for row in rows)
        return {
            "psn_no": person["psn_no"], "mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"],
            "medfee_sumamt": to_text(total), "insutype": person["insutype"], "acct_used_flag": flag,
            "med_type": med_type,
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------ undoing

    def undo(self) -> None:
        """A random purchase that stands is cancelled, or reversed as if its answer had been lost."""
        if not self.standing.purchases:
            return
        setl_id = self.rng.choice(tuple(self.standing.purchases))
        infno, msgid = self.ways[setl_id]
        purchase = self.standing.give_back(setl_id)
        named = {"psn_no": purchase.psn_no}
        if self.rng.random() < 0.3:
            self._ask("2601", {"data": {**named, "omsgid": msgid, "oinfno": infno}})
            return
        mdtrt_id = self.ways[f"visit of {setl_id}"][0]
        reply = self._ask({"2102": "2103", "2207": "2208"}[infno],
                          {"data": {**named, "setl_id": setl_id, "mdtrt_id": mdtrt_id}})  # fmt: skip
        identities(reply, with_account=self.in_force["fund_pay_sum"] == "with_account")
        told, back = reply["setlinfo"], purchase.due
        assert (fen_of(told, "hifp_pay"), fen_of(told, "acct_pay")) == (-back.fund_fen, -back.account_fen)
        assert fen_of(told, "psn_cash_pay", "pdn_cash_pay", "cash_payamt") == -back.cash_fen

    # ------------------------------------------------------------------------------------------ the second opinion

    def expected(self, person: Json, rows: Sequence[Json], med_type: str, flag: str, place: str) -> Due:
        """What the oracle thinks this purchase comes to."""
        purses = [self._purse(giver, person) for giver in self._givers(person)] if flag == "2" else []
        buyer = Buyer(
            insutype=person["insutype"], gend=person["gend"], brdy=person["brdy"], acct_used_flag=flag,
            balance_fen=self.standing.balances[person["psn_no"]],
            purses_fen=tuple(self.standing.balances.get(purse, 0) for purse in purses),
        )  # fmt: skip
        return due(rows, self.drugs, buyer, day=self.now[:10], fund=self._fund(person, med_type, place))

    def _benefit(self, person: Json, med_type: str, place: str) -> Json | None:
        chosen = {"shop": ["counter", "outpatient"], "none": []}.get(self.in_force["pool"], self.rules["pool_at"])
        wanted = (row for row in self.rules["benefits"]
                  if row["insutype"] == person["insutype"] and med_type in row["med_types"])  # fmt: skip
        return next(wanted, None) if place in chosen else None

    def _fund(self, person: Json, med_type: str, place: str) -> Fund | None:
        benefit = self._benefit(person, med_type, place)
        if benefit is None:
            return None
        used = (person["psn_no"], self.now[:4], benefit["fund_pay_type"])
        return Fund(
            deductible_fen=benefit["deductible_fen"], ratio_bp=benefit["ratio_bp"], cap_fen=benefit["cap_fen"],
            borne_fen=self.standing.borne.get(used, 0), paid_fen=self.standing.paid.get(used, 0),
        )  # fmt: skip

    def _givers(self, person: Json) -> list[str]:
        area = self.rules["mutual_aid_area"]
        rows = [self.by_number[giver] for giver in person["givers"]]
        return [row["psn_no"] for row in rows if row["insutype"] == "310" and row["insuplc_admdvs"].startswith(area)]

    def _purse(self, giver: str, person: Json) -> str:
        return quota(giver, person["psn_no"]) if self.in_force["aid"] == "wallet" else giver

    def _agree(self, reply: Json, expected: Due) -> None:
        with_account = self.in_force["fund_pay_sum"] == "with_account"
        assert contradictions(expected, reply, with_account=with_account) == []
        identities(reply, with_account=with_account, before_fen=expected.balance_fen + expected.own_fen)

    def _keep(self, reply: Json, person: Json, expected: Due, flag: str, infno: str) -> None:
        told = reply["setlinfo"]
        benefit = self._benefit(person, told["med_type"], "counter" if infno == "2102" else "outpatient")
        purses = tuple(self._purse(giver, person) for giver in self._givers(person)) if flag == "2" else ()
        purchase = Purchase(
            psn_no=person["psn_no"], purses=purses, year=self.now[:4], due=expected,
            fund_pay_type=benefit["fund_pay_type"] if benefit else "",
        )  # fmt: skip
        self.standing.take(told["setl_id"], purchase)
        self.ways[told["setl_id"]] = (infno, told["medins_setl_id"])
        self.ways[f"visit of {told['setl_id']}"] = (told["mdtrt_id"], "")

    def compare_books(self) -> None:
        """The platform's ledger sums to zero and says what the oracle remembers."""
        accounts = self.shop.act("/ledger", method="GET")["accounts"]
        assert sum(accounts.values()) == 0
        for purse, fen in self.standing.balances.items():
            assert accounts.get(purse if purse.startswith("quota:") else f"own:{purse}", 0) == fen, purse
        paid = sum(purchase.due.fund_fen for purchase in self.standing.purchases.values())
        assert -sum(fen for account, fen in accounts.items() if account.startswith("pool:")) == paid
        insured = sum(one.due.fund_fen + one.due.account_fen for one in self.standing.purchases.values())
        assert accounts.get(f"due:{self.shop.org}", 0) == insured
        assert list(pool_faults(self.record())) == []

    def record(self) -> Json:
        """What a suite's evidence has of this room, as the oracle reads it."""
        books = self.shop.act("/books", method="GET")
        return {
            "transfers": books["ledger"]["transfers"], "settlements": books["settlements"],
            "platform": {"rules": self.rules},
        }  # fmt: skip

    def _ask(self, infno: str, body: Json) -> Json:
        return must(self.shop.institution(infno, body, signed=False))


def quota(giver: str, psn_no: str) -> str:
    """The ledger's name of what a giver set aside for one relative."""
    return f"quota:{giver}/{psn_no}"
