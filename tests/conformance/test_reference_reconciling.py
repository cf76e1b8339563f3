"""The reference channel compares its days with the platform's, row by row, and acts on what is its own."""

from typing import Any

from tests.conformance.reference_lab import PEOPLE, SHOP, Lab

TODAY, TOMORROW = "2024-07-01", "2024-07-02"


def sell(lab: Lab, name: str, order: str = "S1") -> dict[str, Any]:
    drug = lab.drugs[0]
    return lab.perform(
        "counter_sale", order, org=SHOP, acct_used_flag="1",
        certificate={"mdtrt_cert_type": "02", "mdtrt_cert_no": PEOPLE[name].certno},
        lines=[{"med_list_codg": drug["med_list_codg"], "cnt": "1", "pric": "10.00"}],
    )  # fmt: skip


def compare(lab: Lab, day: str = TODAY) -> dict[str, Any]:
    return dict(lab.ask("perform", {"task": "reconcile", "org": SHOP, "day": day})["ok"])


def lose(lab: Lab, name: str, code: str) -> None:
    lab.control("POST", "/lab/faults", {"name": name, "match": {"code": code}})


def test_a_day_without_a_sale_is_compared_and_equal() -> None:
    told = compare(Lab())
    assert (told["rows"], told["differing"], told["orders"]) == (0, 0, [])


def test_a_sale_and_its_cancellation_are_two_records_of_their_day() -> None:
    lab = Lab()
    sell(lab, "甲")
    lab.perform("counter_cancel")
    told = compare(lab)
    assert (told["rows"], told["differing"]) == (2, 0)
    assert compare(lab, TOMORROW)["rows"] == 0


def test_a_statement_takes_the_fund_total_as_it_was_printed() -> None:
    lab = Lab(fund_pay_sum="with_account")
    sell(lab, "甲")
    lab.perform("counter_cancel")
    told = compare(lab)
    assert (told["rows"], told["differing"]) == (2, 0)


def test_a_lost_sale_whose_reversal_never_arrived_is_found_and_reversed() -> None:
    lab = Lab()
    lose(lab, "no_answer_after_commit", "2102")
    lose(lab, "no_answer_before_commit", "2601")
    sell(lab, "甲")
    lab.control("POST", "/lab/clock", {"advance_ms": 3_600_000})
    lab.ask("clock", {"now_ms": lab.control("GET", "/lab/clock")["now_ms"]})
    lab.ask("jobs", {"job": "all"})
    lab.ask("jobs", {"job": "all"})
    told = compare(lab)
    assert told["orders"] == ["S1"] and lab.state() == "cancelled"
    assert compare(lab)["differing"] == 0


def test_a_cancellation_whose_answer_was_lost_is_learned_from_the_books() -> None:
    lab = Lab()
    sell(lab, "甲")
    lose(lab, "no_answer_after_commit", "2103")
    lab.perform("counter_cancel")
    assert compare(lab)["orders"] == ["S1"]
    assert lab.state() == "refunded"


def test_a_missing_answer_changes_nothing_and_says_so() -> None:
    lab = Lab()
    sell(lab, "甲")
    lose(lab, "no_answer_before_commit", "3202")
    told = lab.ask("perform", {"task": "reconcile", "org": SHOP, "day": TODAY})
    assert "unable" in told and lab.state() == "paid"


def test_the_nightly_job_takes_yesterday() -> None:
    lab = Lab()
    sell(lab, "甲")
    lab.control("POST", "/lab/clock", {"to": f"{TOMORROW} 02:00:00"})
    lab.ask("clock", {"now_ms": lab.control("GET", "/lab/clock")["now_ms"]})
    assert lab.ask("jobs", {"job": "reconcile"})["ok"]["ran"] == 1
