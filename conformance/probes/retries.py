"""Rules of patience: wait as told, and do not storm a platform that is down."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.evidence import Evidence
from conformance.findings import Both, Broken, Finding, Held
from conformance.sight import on_the_wire

Json = Mapping[str, Any]


def waits_as_told(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """After a 503 with Retry-After, the same call for the same order waits at least that long."""
    wait_ms = int(evidence.facts["retry_after_ms"])
    for line in evidence.calls():
        if line.fault != "http_status":
            continue
        again = next(
            (
                later
                for later in evidence.calls(line.code)
                if later.seq > line.seq and later.key("payOrdId") == line.key("payOrdId")
            ),
            None,
        )
        if again is None:
            continue
        if again.at_ms - line.at_ms >= wait_ms:
            yield Held((line.seq, again.seq))
        else:
            yield Broken(
                Both(f"{line.code}至少等待{wait_ms}毫秒", f"{line.code} waits at least {wait_ms} ms"),
                Both(f"{again.at_ms - line.at_ms}毫秒后重发", f"sent again after {again.at_ms - line.at_ms} ms"),
                (line.seq, again.seq),
            )


@on_the_wire
def never_storms(evidence: Evidence, params: Json) -> Iterator[Finding]:
    """No more than ``most`` equal calls about one order in any ``window_ms``, while answers stay away."""
    most, window_ms = int(params["most"]), int(params["window_ms"])
    grouped: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line in evidence.calls():
        if line.key("payOrdId") and line.surface != "cash":
            grouped.setdefault((line.code, line.key("payOrdId")), []).append((line.at_ms, line.seq))
    lost = {(line.code, line.key("payOrdId")) for line in evidence.calls() if not line.heard}
    for key in lost & grouped.keys():
        worst = _densest(grouped[key], window_ms)
        if len(worst) > most:
            yield Broken(
                Both(f"{window_ms}毫秒内至多{most}次", f"at most {most} in {window_ms} ms"),
                Both(f"{key[0]}发送了{len(worst)}次", f"{key[0]} was sent {len(worst)} times"),
                tuple(worst),
            )
        else:
            yield Held(tuple(worst))


def _densest(times: list[tuple[int, int]], window_ms: int) -> list[int]:
    return max(([seq for at_ms, seq in times if start <= at_ms < start + window_ms] for start, _ in times), key=len)
