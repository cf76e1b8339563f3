"""Stories of keys that change while orders are on their way: the platform's, and the channel's own."""

from collections.abc import Mapping
from typing import Any

from conformance.stories import shopping
from conformance.stories.stage import Stage

Json = Mapping[str, Any]

_PAID = frozenset({"paid"})
_RETRY_MS = 15_000
"""After this a notice that was not acknowledged comes again."""


def change_platform_key(stage: Stage, params: Json) -> None:
    """Announced, then in force: an order goes across the change, and afterwards somebody still has the old key."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    told = _announce(stage, params, "platform")
    stage.arm("retired_key", place="notice")
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=_PAID)
    stage.take_beliefs("after_change")
    stage.advance(told["old_until_ms"] - stage.now_ms + 1_000)
    _after_grace(stage, params)


def _after_grace(stage: Stage, params: Json) -> None:
    stage.arm("retired_key", match={"code": "6202"})
    other = shopping.open_order(stage, params, name="B1", buyer=params["other_buyer"])
    shopping.place_with_consent(stage, other)
    stage.arm("retired_key", place="notice")
    shopping.confirm(stage, other)
    stage.deliver()
    stage.take_beliefs("after_old_notice")
    stage.advance(_RETRY_MS)
    stage.deliver()
    stage.let_work(other, until=_PAID)


def change_own_key(stage: Stage, params: Json) -> None:
    """The channel gets a new key of its own; an order goes across the change, and one comes after the grace."""
    order = shopping.open_order(stage, params)
    shopping.place_with_consent(stage, order)
    told = _announce(stage, params, "channel")
    shopping.confirm(stage, order)
    stage.deliver()
    stage.let_work(order, until=_PAID)
    stage.take_beliefs("after_change")
    stage.advance(told["old_until_ms"] - stage.now_ms + 1_000)
    shopping.buy(stage, params, name="B1", buyer=params["other_buyer"])


def _announce(stage: Stage, params: Json, party: str) -> Json:
    """The change is told to both sides a while before it takes effect; then that moment comes."""
    from_ms = stage.now_ms + int(params["notice_ms"])
    told = stage.control.call(
        "POST", "/keys", {"party": party, "from_ms": from_ms, "grace_ms": int(params["grace_ms"])}
    )  # fmt: skip
    stage.facts["rotation"] = {name: told[name] for name in ("party", "from_ms", "old_until_ms")}
    key = (
        {"platform_public_key": told["platformPublicKey"]}
        if party == "platform"
        else {"private_key": told["channelPrivateKey"]}
    )
    stage.ask("keys", {**key, "from_ms": told["from_ms"], "old_until_ms": told["old_until_ms"]})
    stage.advance(int(params["notice_ms"]))
    return told
