"""Frames and tables that do not fit."""

import base64
from dataclasses import replace
from typing import Any, cast

from conformance.channels.mutants.collateral import NOTHING_ENDS_WELL, REFUNDS_FAIL
from conformance.channels.mutants.mutant import Mutant
from conformance.channels.reference import composing, sealing
from conformance.channels.reference.composing import datetime19
from conformance.channels.reference.orders import Order
from conformance.channels.reference.parts import Parts
from conformance.channels.reference.settings import Settings
from schemas import jsontext
from schemas.loader import InterfaceSchema

Json = dict[str, Any]
HOUR_MS = 3_600_000


def _plain(parts: Parts) -> Parts:
    """Everything travels clear; answers to it come clear as well."""

    def seal(settings: Settings, interface: InterfaceSchema, data: Json, now_ms: int) -> bytes:
        return sealing.seal(replace(settings, sealed=False), interface, data, now_ms)

    return replace(
        parts, seal=seal, open_answer=lambda settings, raw: sealing.open_answer(replace(settings, sealed=False), raw)
    )


def _der(parts: Parts) -> Parts:
    """Sends the signature in DER, as a well-known library hands it out."""

    def seal(settings: Settings, interface: InterfaceSchema, data: Json, now_ms: int) -> bytes:
        frame = cast("Json", jsontext.parse(sealing.seal(settings, interface, data, now_ms)))
        raw = base64.b64decode(frame["signData"])
        numbers = b"".join(_integer(raw[at : at + 32]) for at in (0, 32))
        frame["signData"] = base64.b64encode(bytes((0x30, len(numbers))) + numbers).decode()
        return jsontext.compact(frame)

    return replace(parts, seal=seal)


def _integer(big_endian: bytes) -> bytes:
    value = big_endian.lstrip(b"\x00") or b"\x00"
    value = b"\x00" + value if value[0] & 0x80 else value
    return bytes((0x02, len(value))) + value


def _universal_time(parts: Parts) -> Parts:
    """Writes universal time where Beijing time is meant."""

    def seal(settings: Settings, interface: InterfaceSchema, data: Json, now_ms: int) -> bytes:
        return sealing.seal(settings, interface, data, now_ms - 8 * HOUR_MS)

    return replace(parts, seal=seal)


def _leaves_out(parts: Parts) -> Parts:
    """Leaves a required field out of 6201."""

    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        said = composing.upload(settings, order, now_ms)
        return {name: value for name, value in said.items() if name != "uldLatlnt"}

    return replace(parts, compose={**parts.compose, "6201": upload})


def _foreign_shop(parts: Parts) -> Parts:
    """Acts for a pharmacy it is not registered for."""

    def upload(settings: Settings, order: Order, now_ms: int) -> Json:
        return {**composing.upload(settings, order, now_ms), "orgCodg": "P99999999999"}

    return replace(parts, compose={**parts.compose, "6201": upload})


def _long_time(parts: Parts) -> Parts:
    """Writes appRefdTime with dashes and colons."""

    def refund(settings: Settings, order: Order, now_ms: int) -> Json:
        assert order.refund is not None
        return {**composing.refund(settings, order, now_ms), "appRefdTime": datetime19(order.refund.at_ms)}

    return replace(parts, compose={**parts.compose, "6203": refund})


PLAIN_FRAMES = Mutant(
    name="plain-frames",
    zh="报文不加密不签名",
    en="sends frames unsealed",
    change=_plain,
    must_break=frozenset({"wire/sealing/frames-are-sealed"}),
    may_break=frozenset(
        {
            "consent/hard/refused-consent-is-renewed",
            "consent/hard/same-order-goes-on-after-refusal",
            "keys/rotation/answer-by-retired-key-is-no-answer",
            "retry/refusals/refused-is-not-repeated",
            "wire/answers/unverified-answer-is-no-answer",
            "refund/consent/buyer-is-asked",
            "refund/consent/goes-on-after-consent",
        }
    ),
)
DER_SIGNATURES = Mutant(
    name="der-signatures",
    zh="签名用DER编码",
    en="sends signatures in DER",
    change=_der,
    must_break=frozenset({"wire/sealing/signatures-verify"}),
    may_break=NOTHING_ENDS_WELL,
)
UNIVERSAL_TIME = Mutant(
    name="universal-time",
    zh="timestamp用世界时",
    en="writes universal time into timestamp",
    change=_universal_time,
    must_break=frozenset({"wire/sealing/times-are-fresh"}),
    may_break=NOTHING_ENDS_WELL | {"wire/dialects/clock-within-two-minutes"},
)
LEAVES_OUT = Mutant(
    name="leaves-out",
    zh="6201缺必填字段",
    en="leaves a required field out of 6201",
    change=_leaves_out,
    must_break=frozenset({"wire/sealing/bodies-fit-the-tables"}),
    may_break=NOTHING_ENDS_WELL,
)
FOREIGN_SHOP = Mutant(
    name="foreign-shop",
    zh="以未登记的机构名义上传",
    en="acts for an institution it is not registered for",
    change=_foreign_shop,
    must_break=frozenset({"wire/sealing/acts-for-registered-shops"}),
    may_break=NOTHING_ENDS_WELL,
)
LONG_TIME = Mutant(
    name="long-time",
    zh="appRefdTime写成19位",
    en="writes appRefdTime with dashes and colons",
    change=_long_time,
    must_break=frozenset({"wire/sealing/refund-time-has-fourteen-digits"}),
    may_break=REFUNDS_FAIL | {"wire/sealing/bodies-fit-the-tables"},
)
UNSIGNED_AT_GATEWAY = Mutant(
    name="unsigned-at-gateway",
    zh="两定接口的报文不带网关签名",
    en="sends institution messages without the gateway's signature",
    change=lambda parts: replace(parts, sign_at_gateway=lambda settings, infno, nonce, now_ms: {}),
    must_break=frozenset({"wire/sealing/signed-at-the-gateway"}),
)
