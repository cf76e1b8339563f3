"""What may be asked again, by whom, and until when: orders, consent, codes, counter sales, sign-in."""

from collections.abc import Callable

import pytest

from simulator.domain import counter, payment
from simulator.domain.certificates import shown
from simulator.domain.consent import decode, fetch, grant, person_by, show_code
from simulator.domain.counter import Sale
from simulator.domain.messages import recall, remember
from simulator.domain.moment import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from simulator.domain.order_record import Order
from simulator.domain.orders import withdraw
from simulator.domain.records import Channel, Institution, Person
from simulator.domain.refused import Refusal
from simulator.domain.rules import Switches
from simulator.domain.settlement_record import Settlement
from simulator.domain.sign_in import check, sign_in, sign_out
from tests.simulator.domain.scene import APP, BUYER, GIVER, SHOP, Scene, bill

CHEAP = ("A", "2", "19.80")
DEAR = ("A", "4", "19.80")


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.rule


def test_an_equal_6201_returns_the_standing_order_and_a_changed_one_is_refused() -> None:
    scene = Scene()
    order = scene.order(CHEAP, serial="M")
    assert scene.order(CHEAP, serial="M").pay_ord_id == order.pay_ord_id
    assert rule_of(lambda: scene.order(DEAR, serial="M")) == "med_org_ord_changed"
    withdraw(scene.unit, order)
    assert scene.order(DEAR, serial="M").pay_ord_id != order.pay_ord_id


def test_a_paid_serial_is_used_up() -> None:
    scene = Scene()
    order = scene.paid(CHEAP)
    assert rule_of(lambda: scene.order(CHEAP, serial=order.med_org_ord)) == "med_org_ord_used"


@pytest.mark.parametrize(("rule", "expected"), [("refuse", "med_org_ord_used"), ("second", "")])
def test_the_hard_variants_of_a_repeated_6201(rule: str, expected: str) -> None:
    scene = Scene(switches=Switches(repeat_med_org_ord=rule))
    first = scene.order(CHEAP, serial="M")
    if expected:
        assert rule_of(lambda: scene.order(CHEAP, serial="M")) == expected
    else:
        assert scene.order(CHEAP, serial="M").pay_ord_id != first.pay_ord_id


def test_a_repeated_org_biz_ser_is_refused_and_so_is_the_order_number_in_its_place() -> None:
    scene = Scene()
    order = scene.place(scene.order(CHEAP, serial="M"), serial="B")
    assert rule_of(lambda: scene.place(order, serial="B")) == "biz_ser_used"
    assert rule_of(lambda: scene.place(order, serial="M")) == "biz_ser_used"


def test_a_withdrawn_order_is_withdrawn_again_without_effect() -> None:
    scene = Scene()
    order = withdraw(scene.unit, scene.placed(CHEAP))
    assert (order.ord_stas, withdraw(scene.unit, order)) == ("12", order)


def test_withdrawing_loses_against_an_open_confirmation_page() -> None:
    scene = Scene()
    order = payment.open_page(scene.unit, scene.placed(CHEAP))
    assert rule_of(lambda: withdraw(scene.unit, order)) == "order_busy"
    order = payment.confirm(scene.unit, order)
    assert rule_of(lambda: withdraw(scene.unit, order)) == "order_paid"


def test_a_consent_serves_one_order_of_its_own_person_channel_and_shop() -> None:
    scene = Scene()
    auth = scene.consent()
    order = scene.order(CHEAP, auth=auth)
    other = scene.order(CHEAP, auth=auth)
    scene.place(order)
    assert rule_of(lambda: scene.place(other)) == "consent_spent"
    assert rule_of(lambda: scene.order(CHEAP, auth="AUTH0")) == "consent_unknown"
    giver = scene.unit.get(Person, GIVER)
    assert giver is not None
    assert (
        rule_of(lambda: scene.order(CHEAP, auth=grant(scene.unit, giver, APP, SHOP).pay_auth_no)) == "consent_foreign"
    )
    elsewhere = grant(scene.unit, person_by(scene.unit, BUYER), "OTHER-APP", SHOP).pay_auth_no
    assert rule_of(lambda: scene.order(CHEAP, auth=elsewhere)) == "consent_app"


def test_an_expired_consent_leaves_the_order_to_go_on_with_a_new_one() -> None:
    scene = Scene()
    order = scene.order(CHEAP)
    scene.later(10 * MINUTE_MS + 1)
    assert rule_of(lambda: scene.place(order)) == "consent_expired"
    assert scene.place(order, auth=scene.consent()).ord_stas == "1"


def test_the_question_for_a_consent_gets_one_answer_however_often_it_is_asked() -> None:
    scene = Scene()
    channel = scene.unit.get(Channel, APP)
    assert channel is not None

    def ask(number: str) -> str | None:
        found = fetch(scene.unit, channel, org_codg=SHOP, user_id=f"U{BUYER}", req_biz_no=number)
        return found.pay_auth_no if found else None

    assert ask("1") is None
    granted = scene.consent()
    assert [ask("1"), ask("1"), ask("2")] == [granted, granted, None]


def test_a_code_lives_a_minute_and_is_read_once() -> None:
    scene = Scene()
    buyer = person_by(scene.unit, BUYER)
    code = show_code(scene.unit, buyer).qr
    person, token = decode(scene.unit, code, SHOP, "02121")
    assert (person.psn_no, token.psn_no) == (BUYER, BUYER)
    assert rule_of(lambda: decode(scene.unit, code, SHOP, "02121")) == "qr_used"
    late = show_code(scene.unit, buyer).qr
    scene.later(60 * SECOND_MS + 1)
    assert rule_of(lambda: decode(scene.unit, late, SHOP, "02121")) == "qr_expired"
    assert rule_of(lambda: decode(scene.unit, "QR0", SHOP, "02121")) == "unknown_qr"


def sale(cert_type: str = "02", cert_no: str = f"99{BUYER}") -> Sale:
    return Sale(bill=bill(CHEAP), mdtrt_cert_type=cert_type, mdtrt_cert_no=cert_no, certno="", psn_name="")


def test_a_token_settles_one_counter_sale_at_the_shop_that_read_it() -> None:
    scene = Scene()
    token = decode(scene.unit, show_code(scene.unit, person_by(scene.unit, BUYER)).qr, SHOP, "02121")[1].ec_token
    counter.settle(scene.unit, sale("01", token), app_id=APP, msgid="1")
    assert rule_of(lambda: counter.settle(scene.unit, sale("01", token), app_id=APP, msgid="2")) == "token_spent"
    other = decode(scene.unit, show_code(scene.unit, person_by(scene.unit, BUYER)).qr, SHOP, "01101")[1].ec_token
    assert rule_of(lambda: counter.quote(scene.unit, sale("01", other))) == "token_purpose"
    foreign = decode(scene.unit, show_code(scene.unit, person_by(scene.unit, BUYER)).qr, "P0", "02121")[1].ec_token
    assert rule_of(lambda: counter.quote(scene.unit, sale("01", foreign))) == "token_foreign"


@pytest.mark.parametrize(("cert_type", "cert_no"), [("02", "99NOBODY"), ("03", "K0"), ("02", f"99{GIVER}")])
def test_a_certificate_must_be_the_buyers_own(cert_type: str, cert_no: str) -> None:
    assert rule_of(lambda: counter.quote(Scene().unit, sale(cert_type, cert_no))) == "certificate_mismatch"


def test_1101_knows_a_person_by_number_card_or_consent() -> None:
    scene = Scene()
    for cert_type, cert_no in (("02", f"99{BUYER}"), ("03", f"K{BUYER}"), ("01", scene.consent())):
        assert shown(scene.unit, cert_type, cert_no, app_id=APP, org_codg=SHOP).psn_no == BUYER
    assert rule_of(lambda: shown(scene.unit, "01", "T0", app_id=APP, org_codg=SHOP)) == "token_unknown"
    assert rule_of(lambda: shown(scene.unit, "02", "0", app_id=APP, org_codg=SHOP)) == "unknown_person"


def test_a_counter_sale_is_cancelled_by_a_negative_record_of_its_own() -> None:
    scene = Scene()
    _, paid = counter.settle(scene.unit, sale(), app_id=APP, msgid="1")
    assert scene.balance() == 1_040
    asked = {"org": SHOP, "setl_id": paid.setl_id, "mdtrt_id": paid.mdtrt_id, "psn_no": BUYER, "app_id": APP}
    negative = counter.cancel(scene.unit, **asked, msgid="2")
    assert (negative.sign, negative.refers_to, scene.balance()) == (-1, paid.setl_id, 5_000)
    assert negative.setl_id != paid.setl_id
    assert rule_of(lambda: counter.cancel(scene.unit, **asked, msgid="3")) == "settlement_over"
    assert rule_of(lambda: counter.cancel(scene.unit, **asked | {"org": "P0"}, msgid="4")) == "unknown_settlement"


@pytest.mark.parametrize(("switch", "expected"), [("refuse", "centre_settlement"), ("allow", "")])
def test_a_centre_settlement_is_cancelled_in_the_shop_only_by_switch(switch: str, expected: str) -> None:
    scene = Scene(switches=Switches(counter_refund=switch))
    order = scene.paid(CHEAP)
    asked = {"org": SHOP, "setl_id": order.setl_id, "mdtrt_id": order.mdtrt_id, "psn_no": BUYER, "app_id": APP}
    if expected:
        assert rule_of(lambda: counter.cancel(scene.unit, **asked, msgid="9")) == expected
    else:
        counter.cancel(scene.unit, **asked, msgid="9")
        cancelled = scene.unit.get(Order, order.pay_ord_id)
        assert cancelled is not None
        assert (cancelled.ord_stas, scene.balance()) == ("7", 5_000)
        assert rule_of(lambda: scene.refund(cancelled)) == "order_refunded"


def test_a_reversal_removes_the_original_and_leaves_no_record() -> None:
    scene = Scene()
    counter.settle(scene.unit, sale(), app_id=APP, msgid="1")
    asked = {"org": SHOP, "oinfno": "2102", "psn_no": BUYER}
    assert counter.reverse(scene.unit, **asked, omsgid="1") is not None
    assert (scene.balance(), len(scene.unit.page(Settlement, "", 9))) == (5_000, 1)
    assert rule_of(lambda: counter.reverse(scene.unit, **asked, omsgid="1")) == "settlement_over"
    assert rule_of(lambda: counter.reverse(scene.unit, **asked | {"oinfno": "6202"}, omsgid="1")) == "not_reversible"


@pytest.mark.parametrize("tombstone", [True, False])
def test_a_reversal_that_came_first_keeps_the_original_out(tombstone: bool) -> None:
    scene = Scene(switches=Switches(tombstone=tombstone))
    assert counter.reverse(scene.unit, org=SHOP, omsgid="1", oinfno="2102", psn_no=BUYER) is None
    if tombstone:
        assert rule_of(lambda: recall(scene.unit, SHOP, "1", "")) == "msgid_reversed"
    else:
        assert recall(scene.unit, SHOP, "1", "") == ""


@pytest.mark.parametrize(("switch", "digest", "expected"), [
    ("refuse", "d", "msgid_used"), ("replay", "other", "msgid_used"), ("replay", "d", None), ("blind", "d", None),
])  # fmt: skip
def test_a_used_message_id_is_refused_replayed_or_forgotten(switch: str, digest: str, expected: str | None) -> None:
    scene = Scene(switches=Switches(msgid=switch))
    remember(scene.unit, SHOP, "1", infno="2102", digest="d", answer="answered")
    if expected:
        assert rule_of(lambda: recall(scene.unit, SHOP, "1", digest)) == expected
    else:
        assert recall(scene.unit, SHOP, "1", digest) == ("answered" if switch == "replay" else "")


def test_a_sign_in_lasts_until_midnight_or_sign_out() -> None:
    scene = Scene()
    assert rule_of(lambda: check(scene.unit, SHOP, "op", "")) == "not_signed_in"
    first, second = sign_in(scene.unit, SHOP, "op"), sign_in(scene.unit, SHOP, "op")
    for number in ("", first.sign_no, second.sign_no):
        check(scene.unit, SHOP, "op", number)
    assert rule_of(lambda: check(scene.unit, SHOP, "op", "0")) == "sign_no_invalid"
    assert rule_of(lambda: check(scene.unit, SHOP, "other", first.sign_no)) == "not_signed_in"
    sign_out(scene.unit, SHOP, "op", first.sign_no)
    assert rule_of(lambda: check(scene.unit, SHOP, "op", first.sign_no)) == "sign_no_invalid"
    scene.unit.now_ms += DAY_MS
    assert rule_of(lambda: check(scene.unit, SHOP, "op", second.sign_no)) == "not_signed_in"
    assert rule_of(lambda: sign_out(scene.unit, SHOP, "op", second.sign_no)) == "sign_no_invalid"


@pytest.mark.parametrize(
    ("switch", "rule"), [("newest", "sign_no_invalid"), ("required", None), ("hour", "not_signed_in")]
)
def test_the_hard_variants_of_a_sign_in(switch: str, rule: str | None) -> None:
    scene = Scene(switches=Switches(sign_in=switch))
    first = sign_in(scene.unit, SHOP, "op")
    if switch == "newest":
        sign_in(scene.unit, SHOP, "op")
    if switch == "hour":
        scene.unit.now_ms += HOUR_MS + 1
    if rule:
        assert rule_of(lambda: check(scene.unit, SHOP, "op", first.sign_no)) == rule
    else:
        assert rule_of(lambda: check(scene.unit, SHOP, "op", "")) == "not_signed_in"


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"suspended": True}, "institution_suspended"), ({"online": False}, "institution_not_online")],
)
def test_a_shop_that_may_not_sell_online_gets_no_order(change: dict[str, bool], rule: str) -> None:
    scene = Scene()
    scene.change(scene.unit.get(Institution, SHOP), **change)
    assert rule_of(lambda: scene.order(CHEAP)) == rule


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"psn_insu_stas": "2"}, "not_insured"), ({"insuplc_admdvs": "310100"}, "foreign_person"),
     ({"insutype": "390"}, "insutype_wrong"), ({"certno": "other"}, "identity_mismatch")],
)  # fmt: skip
def test_a_person_who_may_not_buy_gets_no_order(change: dict[str, str], rule: str) -> None:
    scene = Scene()
    scene.change(scene.unit.get(Person, BUYER), **change)
    assert rule_of(lambda: scene.order(CHEAP)) == rule
