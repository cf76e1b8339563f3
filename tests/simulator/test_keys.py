"""Keys that change: each side's, at its moment, with a grace; and what still signs with the old one."""

from typing import Any

import pytest

from simulator.wire import sealed
from simulator.wire.errors import WireError
from simulator.wire.sealed import Credentials
from simulator.wire.sm2 import PrivateKey, PublicKey
from tests.simulator.shop import PATHS, Shop
from tests.simulator.test_courier import YES, Inbox, run, shop_with, wait

MINUTE_MS = 60_000


def change(shop: Shop, party: str, **more: Any) -> Any:
    return shop.act("/keys", {"party": party, **more})


def knowing(shop: Shop, told: Any) -> Credentials:
    """The channel's side once it has taken what was told."""
    old = shop.credentials
    private = PrivateKey.from_base64(told["channelPrivateKey"]) if "channelPrivateKey" in told else old.private
    peer = PublicKey.from_base64(told["platformPublicKey"]) if "platformPublicKey" in told else old.peer
    return Credentials(old.app_id, old.app_secret, private, peer)


def answer(shop: Shop, order: Any) -> bytes:
    return shop.post(PATHS["6301"], shop.frame("6301", shop.asking(order))).body


def test_the_platform_signs_with_its_new_key_from_the_announced_moment_on() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.placed()
    told = change(shop, "platform", from_ms=shop.now_ms + MINUTE_MS)
    assert sealed.open_answer(answer(shop, order), shop.credentials).signed
    wait(shop, MINUTE_MS)
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_answer(answer(shop, order), shop.credentials)
    assert sealed.open_answer(answer(shop, order), knowing(shop, told)).signed


def test_the_channels_old_key_is_good_until_the_grace_is_over_and_noted() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.placed()
    told = change(shop, "channel", grace_ms=MINUTE_MS)
    assert not sealed.open_answer(answer(shop, order), shop.credentials).refused
    assert "signed with the earlier key" in shop.journal()[-1]["notes"]
    wait(shop, MINUTE_MS + 1)
    answer(shop, order)
    assert shop.journal()[-1]["refusal"]["rule"] == "bad_signature"
    shop.credentials = knowing(shop, told)
    assert not sealed.open_answer(answer(shop, order), shop.credentials).refused
    assert shop.journal()[-1]["notes"] == []


@pytest.mark.parametrize(("late_ms", "state"), [(0, "done"), (MINUTE_MS + 1, "due")])
def test_an_acknowledgement_signed_with_the_old_key_counts_in_its_grace_alone(late_ms: int, state: str) -> None:
    shop = shop_with(lambda raw: sealed.seal(shop.credentials, {"success": True}, timestamp="20240701103045"))
    shop.paid()
    change(shop, "channel", grace_ms=MINUTE_MS)
    wait(shop, late_ms)
    assert [one["state"] for one in run(shop)] == [state]


def test_the_registration_holds_the_keys_in_force_and_they_follow_from_the_seed() -> None:
    first, second = shop_with(Inbox(YES)), shop_with(Inbox(YES))
    told = [(change(one, "platform"), change(one, "channel")) for one in (first, second)]
    assert told[0] == told[1]
    shown = first.act("/registration", method="GET")["channels"][0]
    assert shown["platformPublicKey"] == told[0][0]["platformPublicKey"] != first.told["platformPublicKey"]
    assert shown["channelPrivateKey"] == told[0][1]["channelPrivateKey"] != first.told["channelPrivateKey"]
    again = change(first, "platform")
    assert again["platformPublicKey"] not in (told[0][0]["platformPublicKey"], first.told["platformPublicKey"])


def test_an_answer_by_the_retired_key_verifies_with_the_old_key_alone() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.uploaded()
    told = change(shop, "platform")
    shop.act("/faults", {"name": "retired_key", "match": {"code": "6202"}})
    body = shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order))).body
    assert sealed.open_answer(body, shop.credentials).data["ordStas"] == "1"
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_answer(body, knowing(shop, told))


def test_a_notice_by_the_retired_key_is_tried_again_with_the_new_one() -> None:
    inbox = Inbox(b'{"success":false}', YES)
    shop = shop_with(inbox)
    shop.paid()
    told = change(shop, "platform")
    shop.act("/faults", {"name": "retired_key", "place": "notice"})
    run(shop)
    wait(shop, 15_000)
    run(shop)
    assert sealed.open_sealed(inbox.got[0], shop.credentials).data["payOrdId"]
    assert sealed.open_sealed(inbox.got[1], knowing(shop, told)).data["payOrdId"]
    assert [line["fault"] and line["fault"]["name"] for line in shop.journal("out")] == ["retired_key", None]


def test_before_any_change_the_retired_key_is_nobodys() -> None:
    shop = shop_with(Inbox(YES))
    order = shop.uploaded()
    shop.act("/faults", {"name": "retired_key", "match": {"code": "6202"}})
    body = shop.post(PATHS["6202"], shop.frame("6202", shop.placing(order))).body
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_answer(body, shop.credentials)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "party"),
        ({"party": "bank"}, "party"),
        ({"party": "platform", "from_ms": 1}, "from_ms"),
        ({"party": "platform", "from_ms": "soon"}, "from_ms"),
        ({"party": "channel", "grace_ms": -1}, "grace_ms"),
        ({"party": "channel", "channel": "nobody"}, "channel"),
    ],
)
def test_a_wrong_change_is_refused_by_its_field_and_changes_nothing(body: Any, field: str) -> None:
    shop = shop_with(Inbox(YES))
    before = shop.act("/registration", method="GET")
    status, told = shop.control("POST", "/rooms/main/keys", body)
    assert (status >= 400, told["error"]["field"]) == (True, field)
    assert shop.act("/registration", method="GET") == before
