"""What may differ between two runs with the same seed; everything else is the same to the byte.

In process nothing of the books differs: the clock stands still unless the suite moves it. Over HTTP real milliseconds
pass while messages travel, and with them every time and every number that is made of a time.
"""

from collections.abc import Mapping

CERTIFICATE = frozenset({"issued", "expires"})
"""Of the certificate, beside its signature; ``made`` of results.json and the date on the page are the same moment."""

TIMES = frozenset({
    "at", "at_ms", "advance_ms", "expires", "inf_time", "traceTime", "hiChrgTime", "hiTrnsTime", "setl_time",
})  # fmt: skip
"""Fields of a journal line, a transfer or a belief that hold a time, wherever they stand in it."""

NUMBERS = frozenset({
    "msgid", "payOrdId", "pay_ord_id", "pay_ord_ids", "medins_setl_id", "hiDocSn", "setl_id", "mdtrtId", "mdtrt_id",
    "hiRgstSn", "hiFefdSn", "payToken", "revsToken", "payAuthNo", "mdtrt_cert_no", "ref",
})  # fmt: skip
"""Fields with a number that the platform or the channel makes from a time."""

ADDRESSES = frozenset({"path"})
"""Of a notice: where the channel listened, on whatever port was free."""

CHAIN = frozenset({"prev"})
"""Follows from all of them."""

BOOKS = TIMES | NUMBERS | ADDRESSES | CHAIN


def settled(document: object) -> object:
    """The same line with the content of every volatile field left out."""
    if isinstance(document, Mapping):
        return {name: None if name in BOOKS else settled(value) for name, value in document.items()}
    if isinstance(document, list):
        return [settled(one) for one in document]
    return document
