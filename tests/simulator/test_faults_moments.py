"""Faults of the moment: a forgery between two genuine notices, and what else depends on when it comes."""

import pytest

from simulator.wire import sealed
from simulator.wire.errors import WireError
from tests.simulator.test_courier import YES, Inbox, run, shop_with


def test_a_forged_notice_comes_between_the_true_one_and_its_repeat() -> None:
    inbox = Inbox(YES)
    shop = shop_with(inbox)
    shop.act("/faults", {"name": "forged_notice", "params": {"times": 1, "when": "between"}})
    shop.paid()
    run(shop)
    assert [line["kind"] for line in shop.journal("out")] == ["true", "forged", "duplicate"]
    first, forged, again = inbox.got
    assert sealed.open_sealed(first, shop.credentials).data == sealed.open_sealed(again, shop.credentials).data
    with pytest.raises(WireError, match="bad_signature"):
        sealed.open_sealed(forged, shop.credentials)


def test_a_word_that_is_none_of_a_parameters_choices_is_refused() -> None:
    shop = shop_with(Inbox(YES))
    status, told = shop.control("POST", "/rooms/main/faults", {"name": "forged_notice", "params": {"when": "later"}})
    assert (status, told["error"]["field"]) == (400, "params.when")
    assert shop.act("/faults", method="GET")["faults"] == []
