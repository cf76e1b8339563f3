"""The reference channel where the platform has a cashier of its own, and where insurance is paid before the cash."""

from tests.conformance.reference_lab import Lab


def at_the_cashier(**more: object) -> Lab:
    lab = Lab(mode="cashier")
    lab.place("己", delivery_fen=600, **more)
    return lab


def confirm_data(lab: Lab) -> None:
    number = lab.believe()["pay_ord_ids"][-1]
    lab.act("cashier_confirm", pay_ord_id=number)


def test_the_buyer_orders_at_the_cashier_and_no_6202_is_sent() -> None:
    lab = at_the_cashier()
    assert (lab.state(), lab.sent("6202")) == ("not_paid", [])
    desk = lab.control("GET", "/lab/cash")["cash"]
    assert [(row["cash_fen"], row["freight_fen"]) for row in desk] == [(0, 600)]


def test_confirmed_data_is_no_payment_and_a_payment_is() -> None:
    lab = at_the_cashier()
    confirm_data(lab)
    lab.notices()
    lab.perform("check")
    assert lab.state() == "in_doubt" and "refused" in lab.perform("ship")
    lab.confirm()
    lab.settle_down()
    held = lab.believe()
    total_fen = held["account_fen"] + held["fund_fen"] + held["cash_fen"]
    assert (held["state"], total_fen) == ("paid", held["total_fen"] + 600)


def test_a_refund_leaves_nothing_at_either_desk() -> None:
    lab = at_the_cashier()
    confirm_data(lab)
    lab.confirm()
    lab.settle_down()
    lab.perform("refund")
    lab.settle_down()
    held = lab.believe()
    assert (held["state"], held["account_fen"], held["cash_fen"]) == ("refunded", 0, 0)
    for row in lab.control("GET", "/lab/cash")["cash"]:
        assert sum(back["fen"] for back in row["refunds"]) == row["cash_fen"] + row["freight_fen"]


def test_nobody_who_orders_at_the_cashier_is_waited_for_for_ever() -> None:
    lab = at_the_cashier()
    lab.settle_down()
    assert lab.state() == "cancelled" and lab.sent("6202") == []


def test_insurance_paid_first_and_taken_back_is_found_out() -> None:
    lab = Lab(legs="insurance_first", notices="none")
    lab.place("乙")
    lab.confirm(cash="fail")
    lab.settle_down()
    assert lab.state() == "cancelled" and lab.believe()["account_fen"] == 0
