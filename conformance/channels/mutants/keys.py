"""Keys that are not changed, changed too late, or trusted too long."""

from dataclasses import replace

from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.settings import Settings, in_force


def _keeps_the_platform_key(parts: Parts) -> Parts:
    """The platform's key was built in on the first day."""

    def keys(settings: Settings, now_ms: int) -> tuple[Settings, ...]:
        told = settings.rotation
        return in_force(replace(settings, rotation=replace(told, peer=None)) if told else settings, now_ms)

    return replace(parts, keys=keys)


def _knows_no_grace(parts: Parts) -> Parts:
    return replace(parts, keys=lambda settings, now_ms: in_force(settings, now_ms)[:1])


def _trusts_retired_keys(parts: Parts) -> Parts:
    """A key that was good once is good for ever."""

    def keys(settings: Settings, now_ms: int) -> tuple[Settings, ...]:
        usable = in_force(settings, now_ms)
        return usable if settings in usable else (*usable, settings)

    return replace(parts, keys=keys)


def _keeps_its_own_key(parts: Parts) -> Parts:
    """The new key of its own stays in the drawer."""

    def keys(settings: Settings, now_ms: int) -> tuple[Settings, ...]:
        told = settings.rotation
        return in_force(replace(settings, rotation=replace(told, private=None)) if told else settings, now_ms)

    return replace(parts, keys=keys)


KEEPS_THE_PLATFORM_KEY = Mutant(
    name="keeps-the-platform-key",
    zh="平台换钥后仍只认旧钥",
    en="verifies with the platform's old key alone after it was changed",
    change=_keeps_the_platform_key,
    must_break=frozenset({"keys/rotation/new-platform-key-is-taken"}),
    may_break=frozenset({"keys/rotation/retired-key-is-refused", "keys/rotation/answer-by-retired-key-is-no-answer"}),
)
KNOWS_NO_GRACE = Mutant(
    name="knows-no-grace",
    zh="换钥时刻一到，在途的旧钥报文一律拒绝",
    en="refuses what was signed with the old key while its grace lasts",
    change=_knows_no_grace,
    must_break=frozenset({"keys/rotation/old-key-is-good-in-its-grace"}),
)
TRUSTS_RETIRED_KEYS = Mutant(
    name="trusts-retired-keys",
    zh="旧钥过了宽限期仍然采信",
    en="trusts the platform's old key for ever",
    change=_trusts_retired_keys,
    must_break=frozenset({"keys/rotation/retired-key-is-refused", "keys/rotation/answer-by-retired-key-is-no-answer"}),
)
KEEPS_ITS_OWN_KEY = Mutant(
    name="keeps-its-own-key",
    zh="自己换钥后仍用旧钥签名",
    en="goes on signing with its own old key",
    change=_keeps_its_own_key,
    must_break=frozenset(
        {"keys/rotation/own-key-changes-at-its-moment", "keys/rotation/orders-go-on-under-the-new-own-key"}
    ),
)
