"""The control API makes and moves rooms, answers wrong calls in two languages, and changes nothing when it refuses."""

from typing import Any

import pytest

from schemas import jsontext
from simulator.switchboard import CHOICES, known
from simulator.wire.transport import HttpRequest
from tests.simulator.shop import STOMACH_POWDER, Control, Shop, a_platform


def test_without_the_token_nothing_is_told() -> None:
    platform = a_platform(control_token="TEST-ONLY token")
    for control in (Control(platform), Control(platform, "wrong")):
        status, told = control("GET", "/rooms")
        assert (status, told["error"]["field"]) == (401, "Authorization")
    assert Control(platform)("POST", "/rooms/main/courier/run")[0] == 401
    assert Control(platform, "TEST-ONLY token")("GET", "/rooms") == (200, {"rooms": []})


def test_a_room_is_answered_with_everything_a_channel_needs() -> None:
    control = Control(a_platform())
    status, told = control("POST", "/rooms", {"room": "one", "seed": 3, "switches": {"close": "hold_5"}})
    assert status == 201
    assert (told["base_path"], told["now"], told["switches"]) == ("/r/one", "2024-07-01 10:30:45", {"close": "hold_5"})
    (channel,) = told["channels"]
    assert channel.keys() == {
        "name", "appId", "appSecret", "channelPrivateKey", "channelPublicKey", "platformPublicKey", "tif", "csb",
        "orgCodgs", "cashDesk", "callback_url", "plain",
    }  # fmt: skip
    assert len(channel["orgCodgs"]) == 4
    assert control.must("GET", "/rooms/one/registration") == told


def test_a_room_may_start_at_any_time_and_its_clock_only_moves_on() -> None:
    control = Control(a_platform())
    assert control.must("POST", "/rooms", {"start": "2025-12-31 23:59:00"})["now"] == "2025-12-31 23:59:00"
    assert control.must("POST", "/rooms/main/clock", {"advance_ms": 90_000})["now"] == "2026-01-01 00:00:30"
    assert control.must("POST", "/rooms/main/clock", {"to": "2026-01-02"})["now"] == "2026-01-02 00:00:00"
    for body in (
        {"to": "2026-01-01"},
        {"advance_ms": -1},
        {},
        {"advance_ms": 1, "to": "2026-02-01"},
        {"to": "soon"},
        {"advance_ms": True},
        {"advance_ms": "5"},
        {"advance_ms": 10**15},
    ):
        assert control("POST", "/rooms/main/clock", body)[0] == 400
    assert control.must("GET", "/rooms/main/clock")["now"] == "2026-01-02 00:00:00"


def test_a_name_is_taken_once() -> None:
    control = Control(a_platform())
    control.must("POST", "/rooms", {"room": "one"})
    status, told = control("POST", "/rooms", {"room": "one"})
    assert (status, told["error"]["field"]) == (409, "room")


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"room": ""}, "room"),
        ({"room": "a/b"}, "room"),
        ({"room": "catalogue/x"}, "room"),
        ({"room": 5}, "room"),
        ({"world": "large"}, "world"),
        ({"city": "atlantis"}, "city"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"people": 10**9}, "people"),
        ({"courier": "sometimes"}, "courier"),
        ({"start": "tomorrow"}, "start"),
        ({"catalogue": "other"}, "catalogue"),
        ({"switches": []}, "switches"),
        ({"switches": {"no_such": 1}}, "switches.no_such"),
        ({"switches": {"close": "later"}}, "switches.close"),
        ({"switches": {"plain": "yes"}}, "switches.plain"),
        ({"switches": {"qr_ms": -1}}, "switches.qr_ms"),
        ({"switches": {"qr_ms": True}}, "switches.qr_ms"),
        ({"channels": {}}, "channels"),
        ({"channels": 2}, "channels"),
        ({"channels": [{"name": "a"}, {"name": "a"}]}, "channels.name"),
        ({"channels": [{}]}, "channels.name"),
        ({"channels": [{"name": "a", "orgs": 5}]}, "channels.orgs"),
        ({"channels": [{"name": "a", "orgs": ["P00000000000"]}]}, "channels.orgs"),
        ({"channels": [{"name": "a", "callback_url": "http://example.com/"}]}, "url"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_badly_ordered_room_is_refused_naming_the_field_and_not_made(order: Any, field: str) -> None:
    control = Control(a_platform())
    status, told = control("POST", "/rooms", order)
    assert (status, told["error"]["field"]) == (400, field)
    assert told["error"]["zh"] and told["error"]["en"]
    assert control.must("GET", "/rooms") == {"rooms": []}


def test_every_switch_of_the_rules_may_be_turned_to_each_of_its_values() -> None:
    control = Control(a_platform())
    control.must("POST", "/rooms", {})
    for name, values in CHOICES.items():
        for value in values:
            told = control.must("PATCH", "/rooms/main/switches", {name: value})
            assert told["switches"][name] == value
    assert set(CHOICES) <= set(known())


def test_the_first_choice_of_each_switch_is_its_default() -> None:
    from simulator.domain.rules import Switches

    assert {name: values[0] for name, values in CHOICES.items()} == {
        name: getattr(Switches(), name) for name in CHOICES
    }


def test_a_reset_room_is_as_it_was_made() -> None:
    shop = Shop(a_platform(), start="2024-07-01 08:00:00")
    before = shop.act("/books", method="GET")
    told = shop.act("/registration", method="GET")
    shop.paid()
    shop.act("/world/balance", {"psn_no": shop.person()["psn_no"], "fen": 1})
    shop.act("/clock", {"advance_ms": 5_000})
    assert shop.act("/reset", {}) == told
    assert shop.act("/books", method="GET") == before


def test_the_books_bring_the_journal_from_the_line_after_the_one_named() -> None:
    shop = Shop(a_platform())
    shop.paid()
    whole = shop.act("/books", method="GET")
    read, rest = whole["journal"][:3], whole["journal"][3:]
    assert rest and whole | {"journal": rest} == shop.act(f"/books?after={read[-1]['seq']}", method="GET")


def test_a_deleted_room_is_gone_with_its_address() -> None:
    shop = Shop(a_platform())
    assert shop.act("", method="DELETE") == {"deleted": "main"}
    assert shop.control("GET", "/rooms/main")[0] == 404
    assert shop.post("/org/local/api/hos/uldFeeInfo", b"{}").status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/rooms/none", 404),
        ("DELETE", "/rooms/none", 404),
        ("POST", "/rooms/none/courier/run", 404),
        ("GET", "/rooms/catalogue%2Fshipped", 404),
        ("GET", "/nowhere", 404),
        ("DELETE", "/health", 405),
        ("POST", "/rooms/main/person/dance", 404),
        ("POST", "/rooms/main/world/weather", 404),
        ("DELETE", "/rooms/main/faults/F9999", 404),
        ("GET", "/rooms/main/journal?after=x", 400),
        ("POST", "/rooms/main/callback", 400),
    ],
)
def test_wrong_addresses_are_answered_clearly(method: str, path: str, status: int) -> None:
    shop = Shop(a_platform())
    got, told = shop.control(method, path, {} if method == "POST" else None)
    assert (got, set(told)) == (status, {"error"})


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"text"', b"\xff", b'{"a":1,"a":2}'])
def test_a_body_that_is_no_object_is_refused(raw: bytes) -> None:
    control = Control(a_platform())
    reply = control.transport.send(HttpRequest("POST", "/control/rooms", {}, raw), timeout_ms=1)
    assert reply.status == 400
    assert jsontext.parse(reply.body)["error"]["field"] == "body"


def test_a_refused_act_changes_nothing_and_names_the_rule() -> None:
    shop = Shop(a_platform())
    before = shop.act("/books", method="GET")
    status, told = shop.control("POST", "/rooms/main/person/confirm", {"pay_ord_id": "none"})
    assert status == 404
    assert told["error"]["rule"] == "unknown_order"
    assert told["error"]["zh"] and told["error"]["en"]
    assert shop.act("/books", method="GET") == before


def test_acts_of_the_person_have_lines_with_their_effect() -> None:
    shop = Shop(a_platform())
    order = shop.paid()
    confirm = shop.journal("act")[-1]
    assert (confirm["surface"], confirm["code"]) == ("person", "confirm")
    assert confirm["keys"]["payOrdId"] == order["payOrdId"]
    (transfer,) = confirm["effect"]
    assert transfer["kind"] == "PAY"
    assert sum(posting["fen"] for posting in transfer["postings"]) == 0


def test_the_world_may_change_under_way() -> None:
    shop = Shop(a_platform())
    person = shop.person()
    shop.act("/world", {"change": "balance", "psn_no": person["psn_no"], "fen": 700})
    assert shop.person()["balance_fen"] == 700
    shop.act("/world/drug", {"med_list_codg": STOMACH_POWDER, "pric_uplmt": "1.00"})
    (drug,) = shop.control.must("GET", f"/rooms/main/drugs?query={STOMACH_POWDER}")["drugs"]
    assert drug["pric_uplmt"] == "1.00"
    shop.act("/world/institution", {"fixmedins_code": shop.org, "suspended": True})
    (one,) = [
        one for one in shop.act("/institutions", method="GET")["institutions"] if one["fixmedins_code"] == shop.org
    ]
    assert one["suspended"] is True


def test_the_books_are_of_one_moment_and_agree() -> None:
    shop = Shop(a_platform())
    order = shop.paid()
    books = shop.act("/books", method="GET")
    assert sum(books["ledger"]["accounts"].values()) == 0
    assert [one["pay_ord_id"] for one in books["orders"]] == [order["payOrdId"]]
    assert [one["setl_id"] for one in books["settlements"]] == [order["confirmed"]["setl_id"]]
    assert books["journal"] == shop.act("/journal", method="GET")["lines"]
    assert [line["seq"] for line in books["journal"]] == list(range(1, len(books["journal"]) + 1))
    assert books["ledger"]["transfers"][-1]["ref"] == order["payOrdId"]


def test_the_journal_is_read_in_pieces() -> None:
    shop = Shop(a_platform())
    shop.paid()
    whole = shop.act("/journal", method="GET")["lines"]
    first = shop.control.must("GET", "/rooms/main/journal?limit=2")
    rest = shop.control.must("GET", f"/rooms/main/journal?after={first['last']}")
    assert first["lines"] + rest["lines"] == whole
    assert shop.control.must("GET", "/rooms/main/journal?after=99")["lines"] == []


def test_people_are_read_in_pieces_with_their_balances() -> None:
    shop = Shop(a_platform())
    first = shop.control.must("GET", "/rooms/main/people?limit=4")
    rest = shop.control.must("GET", f"/rooms/main/people?after={first['next']}")
    assert first["people"] + rest["people"] == shop.act("/people", method="GET")["people"]


def test_runs_of_a_suite_are_kept_and_shown() -> None:
    control = Control(a_platform())
    assert control.must("POST", "/runs", {"verdict": "conformant"}) == {"run": 1}
    assert control("POST", "/runs", {})[0] == 400
    (run,) = control.must("GET", "/runs")["runs"]
    assert run["doc"] == {"verdict": "conformant"}


def test_a_seeded_city_may_be_ordered_small() -> None:
    control = Control(a_platform())
    told = control.must("POST", "/rooms", {"world": "city", "people": 20, "pharmacies": 17})
    assert len(told["channels"][0]["orgCodgs"]) == 17
    assert len(control.must("GET", "/rooms/main/people")["people"]) >= 20


def test_several_channels_share_a_room_with_keys_of_their_own() -> None:
    control = Control(a_platform())
    told = control.must(
        "POST", "/rooms", {"channels": [{"name": "a", "orgs": ["P11010590001"]}, {"name": "b", "orgs": "all"}]}
    )
    one, other = told["channels"]
    assert one["appId"] != other["appId"]
    assert (one["orgCodgs"], len(other["orgCodgs"])) == (["P11010590001"], 4)
    status, _ = control("POST", "/rooms/main/callback", {"url": "local:x"})
    assert status == 400
    assert control.must("POST", "/rooms/main/callback", {"channel": "b", "url": "local:x"})["channel"] == "b"


def cash(shop: Shop, act: str, body: Any, token: str | None = None) -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {shop.told['cashDesk']['token'] if token is None else token}"}
    reply = shop.post(f"{shop.told['cashDesk']['path']}/{act}", jsontext.compact(body), headers)
    return reply.status, jsontext.parse(reply.body)


def test_the_cash_desk_serves_the_channel_and_notes_it() -> None:
    shop = Shop(a_platform())
    order = shop.placed(shop.person("测试乙"))
    payment = {"outTradeNo": "C1", "payOrdId": order["payOrdId"], "cashFen": 1_960, "freightFen": 500}
    assert cash(shop, "open", payment)[1]["state"] == "open"
    assert shop.act("/person/confirm", {"pay_ord_id": order["payOrdId"]})["ordStas"] == "4"
    assert cash(shop, "query", {"outTradeNo": "C1"})[1]["state"] == "paid"
    refund = {"outTradeNo": "C1", "refundNo": "R1", "part": "freight", "fen": 500}
    shop.act("/faults", {"name": "cash_desk_down"})
    assert cash(shop, "refund", refund)[0] == 503
    assert cash(shop, "refund", refund)[1]["freightRefundedFen"] == 500
    lines = [line for line in shop.journal() if line["surface"] == "cash"]
    assert [line["outcome"] for line in lines] == ["ok", "ok", "refused", "ok"]
    assert lines[0]["keys"]["payOrdId"] == order["payOrdId"]


def test_the_cash_desk_refuses_strangers_and_unknown_orders() -> None:
    shop = Shop(a_platform())
    assert cash(shop, "query", {"outTradeNo": "C1"}, token="wrong")[0] == 401
    status, told = cash(shop, "query", {"outTradeNo": "C1"})
    assert (status, told["rule"]) == (404, "cash_unknown")
    assert cash(shop, "steal", {})[0] == 404


def test_every_switch_of_text_has_its_closed_list() -> None:
    """Else a wrong value would be taken in silence: add the row to ``simulator.switchboard.CHOICES``."""
    assert [name for name, values in known().items() if isinstance(values, str)] == []


def test_the_fifth_wrong_password_locks_the_buyer_out_of_every_door_of_the_control_side() -> None:
    shop = Shop(a_platform(), courier="manual")
    order = shop.placed()
    wrong, asked = "/person/wrong_password", {"pay_ord_id": order["payOrdId"]}
    assert [shop.act(wrong, asked)["tries_left"] for _ in range(5)] == [4, 3, 2, 1, 0]
    assert shop.state(order) == "1"
    psn_no = order["person"]["psn_no"]
    consent = {"psn_no": psn_no, "app_id": shop.told["appId"], "org_codg": shop.org}
    for act, body in (("confirm", asked), ("open", asked), ("show_code", {"psn_no": psn_no}), ("consent", consent)):
        status, told = shop.control("POST", f"/rooms/{shop.room}/person/{act}", body)
        assert (status, told["error"]["rule"]) == (409, "evoucher_locked")
        assert "次日零时" in told["error"]["zh"] and "midnight" in told["error"]["en"]
    shop.act("/clock", {"to": "2024-07-02 00:00:00"})
    assert shop.act("/person/show_code", {"psn_no": psn_no})["qr"]
