"""The journal shows what happened and not who the people are."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from schemas import jsontext
from simulator.journal.redaction import KNOWN, keyed_hash, redact
from tests.simulator.shop import Shop, a_platform


def test_no_secret_identity_or_name_of_a_purchase_is_readable_in_the_journal() -> None:
    platform = a_platform()
    platform.inboxes["inbox"] = lambda raw: b'{"success":true,"message":"ok"}'
    shop = Shop(platform, channels=[{"name": "channel", "callback_url": "local:inbox"}], courier="manual")
    order = shop.paid()
    qr = shop.act("/person/show_code", {"psn_no": order["person"]["psn_no"]})["qr"]
    shop.act("/courier/run", {})
    shop.state(order)
    shop.sign_in()
    shop.institution("1101", {"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": order["person"]["certno"]}})
    shop.post("/org/local/api/hos/query_order_info", jsontext.compact(shop.asking(order)))
    revs_token = shop.act("/orders", method="GET")["orders"][0]["revs_token"]
    text = jsontext.compact(shop.act("/journal", method="GET")).decode()
    person = order["person"]
    for hidden in (
        person["certno"], person["psn_name"], order["payToken"], order["payAuthNo"], revs_token, qr,
        shop.told["appSecret"], shop.told["cashDesk"]["token"],
    ):  # fmt: skip
        assert hidden and hidden not in text


def test_equal_values_look_equal_within_a_room_and_different_across_rooms() -> None:
    one, other = keyed_hash("room one"), keyed_hash("room two")
    first = redact({"payToken": "T1", "certno": "990000198503120035", "psn_name": "测试甲"}, one)
    assert first == redact({"payToken": "T1", "certno": "990000198503120035", "psn_name": "测试甲"}, one)
    assert first != redact({"payToken": "T1", "certno": "990000198503120035", "psn_name": "测试甲"}, other)
    assert first["payToken"] != redact({"payToken": "T2"}, one)["payToken"]


def test_the_form_of_each_kind_of_redaction() -> None:
    told = redact(
        {"payToken": "secret", "certno": "990000198503120035", "userName": "测试甲", "tel": "12345", "empty": "",
         "ecToken": "", "cnt": "2", "list": [{"idNo": "990000198503120035"}], "payAuthNo": ["a", "b"]},
        keyed_hash("x"),
    )  # fmt: skip
    assert told["payToken"].startswith("#") and len(told["payToken"]) == 11
    assert told["certno"].startswith("990***35#")
    assert told["userName"] == "测**"
    assert told["tel"].startswith("***#")
    assert (told["empty"], told["ecToken"], told["cnt"]) == ("", "", "2")
    assert told["list"][0]["idNo"] == told["certno"]
    assert str(told["payAuthNo"]).lstrip("['").startswith("#")


NAMES = sorted(KNOWN)
SCALARS = some.text(min_size=8, max_size=20) | some.integers(min_value=10**8)


@given(
    some.recursive(
        some.dictionaries(some.sampled_from(NAMES), SCALARS, min_size=1),
        lambda inner: some.lists(inner) | some.dictionaries(some.sampled_from([*NAMES, "node"]), inner),
        max_leaves=8,
    )
)
def test_no_marked_value_survives_at_any_depth(document: Any) -> None:
    def leaves(node: Any) -> Any:
        if isinstance(node, dict):
            for child in node.values():
                yield from leaves(child)
        elif isinstance(node, list):
            for child in node:
                yield from leaves(child)
        else:
            yield str(node)

    hidden = set(leaves(redact(document, keyed_hash("x"))))
    assert not hidden & set(leaves(document))


def test_a_number_keeps_its_printed_digits() -> None:
    shop = Shop(a_platform())
    basket = shop.basket(shop.person(), "AUTH")
    raw = jsontext.compact(basket).replace(b'"19.80"', b"19.80")
    shop.sealed("6201", jsontext.parse(raw))
    line = shop.journal()[-1]
    assert str(line["request"]["feedetailList"][0]["pric"]) == "19.80"
